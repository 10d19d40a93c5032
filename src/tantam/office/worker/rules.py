"""How long a chore that failed waits. Pure."""

from __future__ import annotations

from datetime import timedelta

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)


def wait(failures: int) -> timedelta:
    """The pause after so many failures in a row: 5 s, doubled each time, an hour at most."""
    return min(FIRST_WAIT * 2 ** min(failures - 1, 20), LONGEST_WAIT)
