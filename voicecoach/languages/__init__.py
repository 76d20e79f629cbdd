"""The words of both, a folder a language: phrases become commands, and the coach's prompts are written here."""
