"""Makes ``python -m voicecoach`` the same as the ``voicecoach`` command."""

import sys

from voicecoach.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
