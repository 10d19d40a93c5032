"""The sample operator's year of cases: played through the acts, with every state in it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tantam.clock import day_of
from tantam.office.cases.models import OPEN, Case, Pause
from tantam.office.journal.models import Entry
from tantam.office.promises.models import rate
from tantam.sample import office_cases
from tantam.sample.office_agenda import Agenda, Lots, moment
from tantam.sample.office_people import people_of
from tantam.sample.office_year import Year
from tests.a_base import home_with, stored

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
FIRST = date(2025, 12, 1)


def test_a_year_of_cases_in_every_state(db: None, tmp_path: Path, settings: Any) -> None:
    home = home_with(tmp_path / "home", stored(500, seed=3)).root
    settings.HOME = home
    lots, agenda = Lots(1), Agenda(AT)
    year = Year(people_of(lots, moment(FIRST, 8)), lots, agenda)
    office_cases.put(year, home, 1, FIRST, day_of(AT))
    agenda.play(lambda at: None, lambda share: None)
    assert 115 < Case.objects.count() < 130
    open_ = Case.objects.filter(state=OPEN)
    assert open_.filter(next_due__lt=AT).exists()
    assert (
        open_.filter(next_due__isnull=True).count() == Pause.objects.filter(to_at__isnull=True).count() == 2
    )
    assert Case.objects.filter(outcome="refused", answer__contains="Bảng kê").exists()
    assert Case.objects.filter(refund_dong=15_000, closed_at__isnull=False).exists()
    found = rate(today=day_of(AT), kind="complaint")
    assert found.rate is not None and 0.9 < found.rate < 1
    assert found.kept_late and found.open_late
    moments = list(Entry.objects.order_by("id").values_list("at", flat=True))
    assert moments == sorted(moments)
