"""What may happen to a chore: it is claimed, kept alive, finished, or put off because it failed.

No journal entry is written here: a chore does its work through the rooms' own acts, which write theirs.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from django.db.models import Q

from tantam import clock
from tantam.errors import Fault
from tantam.office.worker import rules
from tantam.office.worker.models import Chore

log = structlog.get_logger("tantam")
Now = Callable[[], datetime]


@dataclass(frozen=True)
class Spec:
    """How often a chore is due, for how long a claim holds, and what it does with its turn."""

    every: timedelta
    lease: timedelta
    run: Callable[[Turn], None]


@dataclass
class Turn:
    """One go at a chore: the moment it began, and how far an earlier go came."""

    name: str
    holder: str
    at: datetime
    lease: timedelta
    now: Now
    checkpoint: dict[str, Any] = field(default_factory=dict)

    def save(self, **checkpoint: Any) -> None:
        """Note how far we came and hold on to the chore; our own fault (``lease_lost``) if another has it by now."""
        self.checkpoint = checkpoint
        held = Chore.objects.filter(name=self.name, holder=self.holder)
        if held.update(checkpoint=checkpoint, lease_until=self.now() + self.lease) != 1:
            raise Fault("lease_lost", "Another worker has this chore.", "Nothing: it goes on there.")


def claim(name: str, spec: Spec, *, holder: str, now: Now = clock.now) -> Turn | None:
    """Take a chore that is due and that nobody holds; one conditional update decides between two claimers."""
    at = now()
    free = Chore.objects.filter(name=name, due_at__lte=at).filter(
        Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    )
    if free.update(holder=holder, lease_until=at + spec.lease) != 1:
        return None
    checkpoint = Chore.objects.values_list("checkpoint", flat=True).get(name=name)
    return Turn(name, holder, at, spec.lease, now, checkpoint)


def begin(names: Iterable[str], *, now: Now = clock.now) -> None:
    """Chores that nobody has had yet are due."""
    known = set(Chore.objects.values_list("name", flat=True))
    Chore.objects.bulk_create(
        [Chore(name=name, due_at=now()) for name in names if name not in known], ignore_conflicts=True
    )


def run_due(chores: Mapping[str, Spec], *, holder: str, now: Now = clock.now) -> dict[str, bool]:
    """Do every chore that is due, each once; gives whether each went well. One that fails never stops the others."""
    begin(chores, now=now)
    done = {}
    for name, spec in chores.items():
        turn = claim(name, spec, holder=holder, now=now)
        if turn is not None:
            done[name] = _take(turn, spec)
    return done


def next_due(chores: Mapping[str, Spec]) -> datetime | None:
    """When the next chore is due that nobody holds."""
    return (
        Chore.objects.filter(name__in=list(chores), lease_until__isnull=True)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )


def _take(turn: Turn, spec: Spec) -> bool:
    try:
        spec.run(turn)
    except Exception as error:  # whatever a chore does, the others go on
        _fail(turn, error)
        return False
    end = {"due_at": turn.at + spec.every, "failures": 0, "last_ok_at": turn.at, "checkpoint": {}}
    held = let_go(turn, **end)
    log.debug(
        "chore", name=turn.name, ms=round((turn.now() - turn.at) / timedelta(milliseconds=1)), held=held
    )
    return held


def _fail(turn: Turn, error: Exception) -> None:
    """Put it off and say so by code and place: a message may hold values."""
    failures = Chore.objects.values_list("failures", flat=True).get(name=turn.name) + 1
    pause = rules.wait(failures)
    let_go(turn, due_at=turn.now() + pause, failures=failures)
    frames = traceback.extract_tb(error.__traceback__)
    log.error(
        "chore_failed",
        name=turn.name,
        code=getattr(error, "code", type(error).__name__),
        at=[f"{Path(f.filename).name}:{f.lineno}" for f in frames if "tantam" in f.filename][-4:],
        failures=failures,
        again_in_s=round(pause.total_seconds()),
    )


def let_go(turn: Turn, **change: Any) -> bool:
    """Give the chore back, with what it leaves behind (columns of :class:`Chore`), unless its lease ran out and another
    took it: then his word counts. Gives whether it was still ours."""
    held = Chore.objects.filter(name=turn.name, holder=turn.holder)
    return held.update(lease_until=None, holder="", **change) == 1
