"""The figures of a camp, and what it taught."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tantam.office.camps import actions, impact, kinds, ledger, merging, referrals
from tests.office.camps.after import ON, PERSON, SECRET, VILLAGE, camped, planted
from tests.office.world import AT

pytestmark = pytest.mark.django_db(databases=["default", "health"])


def test_the_figures_of_a_camp(camp_world: Any, camps_home: Path, tmp_path: Path) -> None:
    it = camped(camp_world, camps_home)
    visits = [
        it.person(village="Bản Đông" if n < 12 else "Bản Tây", priority=["elder"] if n < 7 else [])
        for n in range(20)
    ]
    for nth, visit in enumerate(visits):
        it.found(visit, "Cao", code="C1" if nth < 9 else "C2")
    it.found(visits[0], "Cao", code="C1")  # examined twice, one person
    planted(it)
    merging.take_in(it.file(tmp_path), actor=None, at=AT)
    found = impact.of_camp(it.camp)
    assert (found.people, found.spent_dong, found.a_person_dong) == (21, 3_000_000, 142_857)
    assert found.groups.rows == [("elder", 7)]
    assert found.findings.rows == [("Đau lưng", 11), ("Cao huyết áp", 9)]
    assert found.villages.rows == [("Bản Đông", 12)] and found.villages.pooled == 9
    assert (found.referred, found.referrals.rows) == (None, [])
    said = repr(found)
    assert not any(word in said for word in (PERSON, VILLAGE, SECRET))


def test_too_few_people_have_no_figures(camp_world: Any, camps_home: Path) -> None:
    it = camped(camp_world, camps_home)
    it.person()
    ledger.append(it.camp, it.kits[1])
    found = impact.of_camp(it.camp)
    assert found.people is None and not found.findings.rows and not found.villages.rows
    assert referrals.all_of(it.camp) == []


def test_lessons_are_read_before_the_next_plan(camp_world: Any, camps_home: Path) -> None:
    it = camped(camp_world, camps_home)
    said = kinds.Lesson(came_off=False, words="Thiếu người phiên dịch tiếng Mông.")
    actions.say(it.camp, said, act="camp.close", actor=camp_world.head, at=AT)
    later = date(2027, 3, 1)
    assert [row[1] for row in impact.lessons_before(province="02", theme="", before=later)] == [said]
    assert [row[1] for row in impact.lessons_before(province="", theme="kham tong quat", before=later)] == [
        said
    ]
    assert impact.lessons_before(province="96", theme="Tim", before=later) == []
    assert impact.lessons_before(province="02", theme="", before=ON) == []
