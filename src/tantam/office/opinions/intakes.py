"""What may happen to a listening that is to be taken in from the browser: asked for, then taken in by a machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from tantam.base.home import Home
from tantam.errors import BadInput, Refused
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.opinions import taking_in
from tantam.office.opinions.models import Intake
from tantam.office.opinions.taking_in import Run
from tantam.office.people.models import Staff

_SPEAKERS, _THEMES = 90, 95
"""Percent of the way when the speakers have been found, and when the themes are being written."""


def waiting(home: Home) -> list[Run]:
    """The listenings of ``home/listened`` that have ended, found something, and neither count yet nor were asked for;
    by name."""
    asked = set(Intake.objects.filter(done_at__isnull=True).values_list("run", flat=True))
    found = []
    for file in sorted(home.listened.glob("*/run.json")):
        try:
            run = taking_in.find(home, file.parent.name)
        except (BadInput, Refused):
            continue  # half-way, elsewhere, or of other files than those that count
        if run.counted and run.name not in asked and not taking_in.was_taken_in(run):
            found.append(run)
    return found


def ask(home: Home, name: str, *, actor: Staff, at: datetime) -> Intake:
    """Ask for a listening to be taken in; asked while it waits, it is the same one. Refuses what
    :func:`tantam.office.opinions.taking_in.find` refuses."""
    enter(actor, "theme.take_in")
    run = taking_in.find(home, name)
    with transaction.atomic():
        anew = {"asked_by": actor, "asked_at": at, "percent": 0, "done_at": None, "vi": "", "en": ""}
        one, made = Intake.objects.select_for_update(of=("self",)).get_or_create(run=run.name, defaults=anew)
        if not made:
            if one.done_at is None:
                return one
            Intake.objects.filter(pk=one.pk).update(**anew)
        write(
            actor=actor, act="theme.take_in_asked", at=at, on=("intake", one.pk), count=len(run.counted),
            digest=run.digest,
        )  # fmt: skip
    one.refresh_from_db()
    return one


def going() -> list[Intake]:
    """What was asked for and is not taken in yet, the first asked for first."""
    return list(
        Intake.objects.filter(done_at__isnull=True).select_related("asked_by").order_by("asked_at", "pk")
    )


def go_on(
    home: Home, one: Intake, *, at: datetime, progress: Callable[[int], None] = lambda percent: None
) -> None:
    """Take one in for whoever asked. Stopped half-way, it is taken in again and counts once; what a rule refuses is
    settled with its sentence."""

    def came(stage: str, share: float) -> None:
        percent = round(share * _SPEAKERS) if stage == "speakers" else _THEMES
        if percent != one.percent:
            one.percent = percent
            one.save(update_fields=["percent"])
        progress(percent)

    try:
        done = taking_in.take_in(home, one.run, actor=one.asked_by, at=at, progress=came)
        found = {f"{name}_count": n for name, n in asdict(done).items()}
    except (BadInput, Refused) as no:
        found = {"vi": (no.vi or no.what)[:400], "en": f"{no.what} {no.do}"[:400]}
    Intake.objects.filter(pk=one.pk).update(done_at=at, percent=100, **found)
