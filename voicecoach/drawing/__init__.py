"""Pictures and pages of a session and of the weeks, for people to look at."""
