"""Trains the second ear: which meaning a piece of speech has, from rows of the frozen embedding.

`scripts/train-second-ear` runs its stages (`stages.py`); the lab book of the speech model tells what was tried.
"""
