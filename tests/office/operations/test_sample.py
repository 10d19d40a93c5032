"""The sample operator's office: its story is there, its journal is true, and the same seed gives the same."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tantam.errors import Refused
from tantam.office.camps.models import Camp
from tantam.office.events.models import Event, Guest
from tantam.office.journal import proving
from tantam.office.journal.models import Entry
from tantam.office.people.models import Office
from tantam.office.promises.models import Promise, rate
from tantam.office.quality import votes
from tantam.office.quality.models import Poll
from tantam.sample import office
from tests.a_base import home_with, stored

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(databases=["default", "health"]),
]  # each command is a process that loads everything

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
MONTHS = 3


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return home_with(tmp_path_factory.mktemp("home"), stored(6_000, seed=3)).root


@pytest.fixture
def played(base: Path, settings: Any) -> office.Played:
    settings.HOME = base
    return office.make(base, 1, AT, months=MONTHS)


def test_the_story_is_there_in_a_believable_year_with_a_true_journal(
    played: office.Played, base: Path
) -> None:
    _the_story()
    found = rate(today=date(2026, 11, 22))
    assert found.rate is not None and 0.85 < found.rate < 0.98
    assert found.kept_late and found.open_late
    assert played.entries == Entry.objects.count() and Entry.objects.latest("at").at <= AT
    moments = list(Entry.objects.order_by("id").values_list("at", flat=True))
    assert [b for a, b in pairwise(moments) if a > b] == []
    assert proving.prove().ok
    with pytest.raises(Refused, match="office_not_empty"):
        office.make(base, 1, AT, months=MONTHS)


def _the_story() -> None:
    assert Office.objects.filter(level="province").count() == 34
    today = Event.objects.get(office__code="cn-nha-trang", on=date(2026, 11, 22))
    seats = list(Guest.objects.filter(event=today, reserve=False).order_by("order"))
    assert today.state == "invited" and len(seats) == 6
    told = seats[1]
    assert (told.first_answer, told.explained, told.second_answer) == ("refused", True, "accepted")
    hall = Event.objects.get(kind="listening_day")
    assert (hall.on, hall.state, hall.counts["walked_in"]) == (date(2026, 10, 15), "sealed", 110)
    assert hall.counts["came"] > 130 and hall.counts["opinions"] == 48 and hall.forwarded_at is not None
    camps = list(Camp.objects.order_by("on").values_list("province", "on", "state"))
    assert camps == [
        ("08", date(2026, 11, 22), "open"),
        ("12", date(2026, 11, 29), "planned"),
        ("11", date(2026, 12, 6), "planned"),
    ]
    voted, drawn = votes.turnout(Poll.objects.get())
    assert drawn > 1_000 and 0.1 < voted / drawn < 0.5
    late = Promise.objects.get(office__code="cn-ca-mau", kind="gathering", first_due=date(2026, 10, 31))
    assert late.state == "open" and late.owner.name == "Lê Minh Khôi"
    kept = Promise.objects.get(office__code="cn-pleiku", kind="forward", about_kind="event")
    assert kept.state == "kept" and kept.settled_on is not None and kept.settled_on <= kept.first_due


def test_the_same_seed_gives_the_same_office(base: Path, settings: Any) -> None:
    from django.db import transaction

    settings.HOME = base
    seen = []
    for _ in range(2):
        with transaction.atomic(), transaction.atomic(using="health"):
            made = office.make(base, 2, AT, months=MONTHS)
            promised = list(Promise.objects.order_by("id").values_list("what", "state", "due", "settled_on"))
            guests = list(Guest.objects.order_by("id").values_list("key", "answer", "came"))
            seen.append((made, promised, guests))
            transaction.set_rollback(True)
            transaction.set_rollback(True, using="health")
    assert seen[0] == seen[1]
