"""What is read of a camp follows what is stored: appended, restamped, rolled back, committed late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from tantam.office.camps import keys, ledger, made_up
from tantam.office.camps.day import fold
from tantam.office.camps.facts import Fact, digest
from tantam.office.camps.models import Camp, StoredFact, Unread

pytestmark = pytest.mark.django_db(databases=["default", "health"])
PLAYED = made_up.play(1, 2, people=8)


@pytest.fixture
def camp(camps_home: Path) -> Camp:
    """A camp with a key and nothing said yet."""
    keys.make(camps_home, PLAYED.camp)
    now = datetime(2026, 11, 1, tzinfo=UTC)
    return Camp.objects.create(id=PLAYED.camp, name="Trại", place="Xã", place_code="1", province="02",
                               on=made_up.ON, general=True, made_at=now)  # fmt: skip


def check(camp: Camp, facts: list[Fact]) -> None:
    """The ledger's day, facts and digest are those of these facts."""
    assert ledger.day_of(camp) == fold(facts)
    assert {fact.mark: fact.stamp for fact in ledger.facts_of(camp)} == {
        fact.mark: fact.stamp for fact in facts
    }
    assert ledger.digest(camp) == (len({fact.mark for fact in facts}), digest(facts))


def test_it_follows_part_by_part_and_twice_is_once(camp: Camp) -> None:
    there: list[Fact] = []
    for start in range(0, len(PLAYED.facts), 70):
        part = PLAYED.facts[start : start + 70]
        assert ledger.append(camp, part) == part
        assert ledger.append(camp, part[::-1]) == []
        there += part
        check(camp, there)


def test_a_day_handed_out_stays_as_it_was(camp: Camp) -> None:
    ledger.append(camp, PLAYED.facts[:150])
    before = ledger.day_of(camp)
    assert ledger.day_of(camp) is before, "nothing new, so nothing is folded"
    ledger.append(camp, PLAYED.facts[150:])
    check(camp, PLAYED.facts)
    assert before == fold(PLAYED.facts[:150])


def test_of_two_stamps_the_smaller_holds(camp: Camp) -> None:
    ledger.append(camp, PLAYED.facts)
    check(camp, PLAYED.facts)
    last = PLAYED.facts[-1]
    for minutes, held in ((5, 0), (-5, -5), (-3, -5)):
        other = replace(last, kit=3, kit_at=last.kit_at + timedelta(minutes=minutes))
        assert ledger.append(camp, [other]) == []
        wanted = replace(last, kit=3, kit_at=last.kit_at + timedelta(minutes=held)) if held else last
        check(camp, [*PLAYED.facts[:-1], wanted])


def test_what_was_rolled_back_is_forgotten(camp: Camp) -> None:
    ledger.append(camp, PLAYED.facts[:100])
    check(camp, PLAYED.facts[:100])
    with pytest.raises(RuntimeError), transaction.atomic(using="health"):
        ledger.append(camp, PLAYED.facts[100:140])
        check(camp, PLAYED.facts[:140])
        raise RuntimeError
    check(camp, PLAYED.facts[:100])
    ledger.append(camp, PLAYED.facts[110:150])
    check(camp, [*PLAYED.facts[:100], *PLAYED.facts[110:150]])


def test_a_row_that_is_committed_late_is_read_all_the_same(camp: Camp) -> None:
    ledger.append(camp, PLAYED.facts[:10])
    rows = list(StoredFact.objects.filter(camp=camp).order_by("id"))
    late = rows[4]
    StoredFact.objects.filter(pk=late.pk).delete()  # as if its transaction were still open
    check(camp, [*PLAYED.facts[:4], *PLAYED.facts[5:10]])
    late.save(force_insert=True)
    check(camp, PLAYED.facts[:10])


def test_what_was_refused_is_kept_once_and_closed(camp: Camp) -> None:
    for _ in range(2):
        ledger.keep_unread(
            camp, b"Vang Thi Sua", code="bad_fact", device="D1", kit=1, at=PLAYED.facts[0].kit_at
        )
    [row] = Unread.objects.filter(camp=camp)
    assert b"Sua" not in bytes(row.sealed)


def test_stored_bytes_tell_nothing(camp: Camp) -> None:
    ledger.append(camp, PLAYED.facts)
    words = [visit.person.name.encode() for visit in ledger.day_of(camp).came]
    stored = b"".join(
        bytes(row) for row in StoredFact.objects.filter(camp=camp).values_list("sealed", flat=True)
    )
    assert words and not any(word in stored for word in words)
