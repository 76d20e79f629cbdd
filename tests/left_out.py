"""Tests that were skipped: why, and whether installing something would have run them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pytest


def left_out(skipped: Iterable[pytest.TestReport | pytest.CollectReport]) -> dict[str, int]:
    """The reasons for which tests, or whole files of them, were skipped, the most frequent first, with how often."""
    reasons = Counter(_reason(report) for report in skipped)
    return dict(reasons.most_common())


def could_be_had(reasons: Iterable[str] | Mapping[str, int]) -> bool:
    """Whether one of the reasons is that something is not installed; another is, say, that root may read everything."""
    return any(re.search(r"\bneeds?\b|not installed", reason) for reason in reasons)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    if not isinstance(report.longrepr, tuple):
        return str(report.longrepr)
    file, _, reason = report.longrepr
    what = reason.removeprefix("Skipped: ")
    return f"{what} (the whole of {file.rpartition('/')[2]})" if report.when == "collect" else what
