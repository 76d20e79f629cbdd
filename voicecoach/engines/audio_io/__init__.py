"""Microphones and speakers: sound in and out of this machine."""
