"""The words of both: phrases become commands, and the coach's sentences are written here.  A file a language."""
