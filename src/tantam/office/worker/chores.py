"""Every chore of the office, in one table. Time passing is an act of a room plus one line here."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from django.conf import settings

from tantam.office.journal import actions as journal
from tantam.office.worker.actions import Spec, Turn


def seal(turn: Turn) -> None:
    """Seal what the journal got since the last time."""
    journal.seal(at=turn.at)


def clear_sessions(turn: Turn) -> None:
    """Remove sessions that ran out."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


CHORES = {
    "journal.seal": Spec(timedelta(seconds=5), timedelta(minutes=3), seal),
    "sessions.clear": Spec(timedelta(days=1), timedelta(minutes=10), clear_sessions),
}
"""Name → how often, how long a claim holds, what is done."""
