"""The one family of errors that a person can mend.

Every message is one plain line: what was wrong, where, and what to do.  The command line prints it and exits; nothing
else in the package turns errors into text.  Exit codes are those of ``sysexits.h``, so that a service manager, and a
person, can tell them apart; docs/service.md has the table.
"""

from __future__ import annotations

FOUND_SOMETHING = 1
"""The exit code where a command did its work and what it looked at is not well: no error."""
UNFORESEEN = 70
"""The exit code of an error that nobody thought of (EX_SOFTWARE)."""


class VoicecoachError(Exception):
    """Something that the person at the keyboard can mend; ``str(error)`` is the line to show them.

    Itself, it says that something could not be read, written or fetched (EX_IOERR).
    """

    exit_code = 74


class BadRequestError(VoicecoachError):
    """A command line or a name that means nothing here (EX_USAGE)."""

    exit_code = 64


class BadFileError(VoicecoachError):
    """A file that a person wrote does not say what it should; the message begins with ``file:line:column``."""

    exit_code = 65  # EX_DATAERR

    def __init__(self, message: str, file: str = "", line: int = 1, column: int = 1) -> None:
        """``message`` is the whole line; the place in it stands also by itself, for whoever sorts and lists."""
        super().__init__(message)
        self.file, self.line, self.column = file, line, column
        self.others: tuple[BadFileError, ...] = ()
        """What else is wrong with the file, as far as that was looked for."""

    @property
    def all(self) -> tuple[BadFileError, ...]:
        """This problem and the others, each by itself, in the order of the file."""
        return tuple(sorted((self, *self.others), key=lambda one: (one.file, one.line, one.column)))

    @property
    def what(self) -> str:
        """The message without its place."""
        return str(self).removeprefix(f"{self.file}:{self.line}:{self.column}: ")


class NoFileError(BadFileError):
    """A file that a person named is not there (EX_NOINPUT)."""

    exit_code = 66


class BadSettingsError(BadFileError):
    """The settings file does not say what it should (EX_CONFIG)."""

    exit_code = 78


class NoHomeError(VoicecoachError):
    """It is not known whose settings and history are meant (EX_CONFIG)."""

    exit_code = 78


class MissingPartError(VoicecoachError):
    """Something the machine lacks (a model, espeak-ng, a microphone); the message says how to get it."""

    exit_code = 69  # EX_UNAVAILABLE


class CannotCreateError(VoicecoachError):
    """A file or folder that was asked for cannot be made or written (EX_CANTCREAT)."""

    exit_code = 73


class AlreadyRunningError(VoicecoachError):
    """Another coach is at work; later, this one may be (EX_TEMPFAIL)."""

    exit_code = 75


class NotAllowedError(VoicecoachError):
    """The user may not do that on this machine; the message says who can allow it, and how (EX_NOPERM)."""

    exit_code = 77


class BrokenError(VoicecoachError):
    """The coach itself has failed again and again; a service manager starts it anew (EX_SOFTWARE)."""

    exit_code = UNFORESEEN
