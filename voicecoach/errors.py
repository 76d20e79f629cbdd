"""The one family of errors that a person can mend.

Every message is one plain line: what was wrong, where, and what to do.  The command line prints it and exits; nothing
else in the package turns errors into text.
"""

from __future__ import annotations


class VoicecoachError(Exception):
    """Something that the person at the keyboard can mend; ``str(error)`` is the line to show them."""

    exit_code = 1


class BadFileError(VoicecoachError):
    """A file that a person wrote does not say what it should; the message begins with ``file:line:column``."""

    exit_code = 2


class BadRequestError(VoicecoachError):
    """A command line or a name that means nothing here."""

    exit_code = 2


class MissingPartError(VoicecoachError):
    """Something the machine lacks (a model, espeak-ng, PortAudio); the message says how to get it."""

    exit_code = 3


class BrokenError(VoicecoachError):
    """The coach itself has failed again and again; a service manager starts it anew."""

    exit_code = 70
