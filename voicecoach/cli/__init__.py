"""A person's command line, one file a command."""
