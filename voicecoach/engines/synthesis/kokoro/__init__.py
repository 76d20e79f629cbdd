"""Kokoro, a neural voice: it renders ahead of time, in a child process, and converses with nobody."""
