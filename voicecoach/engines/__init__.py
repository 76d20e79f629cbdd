"""What may be another one tomorrow: a folder for each port, a file for each engine behind it."""
