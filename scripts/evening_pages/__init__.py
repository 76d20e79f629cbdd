"""A first and a tenth evening of every routine, played as text and written down word by word."""
