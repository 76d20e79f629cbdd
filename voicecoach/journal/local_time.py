"""The time of day where the machine stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo


class Here(tzinfo):
    """The machine's own time zone, at any time of the year.

    ``datetime.astimezone()`` knows it too, but only as the offset of one moment: in winter it would tell the evenings
    of summer an hour wrong.
    """

    def fromutc(self, moment: datetime) -> datetime:
        """The moment with the offset that holds then as its zone: so two of them differ by the time between them."""
        return moment.replace(tzinfo=UTC).astimezone()

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return _local(moment).utcoffset()

    def dst(self, moment: datetime | None) -> timedelta | None:  # noqa: ARG002 - nobody here asks how much of it is summer
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        return _local(moment).tzname()


HERE = Here()


def _local(moment: datetime | None) -> datetime:
    return (moment.replace(tzinfo=None) if moment else datetime.now()).astimezone()  # noqa: DTZ005 - a naive time is local
