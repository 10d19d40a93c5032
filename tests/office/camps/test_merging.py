"""What kits bring home is joined without loss or doubles, in any order and any number of times."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tantam.errors import TantamError
from tantam.office.camps import actions, container, keys, ledger, merging, unread
from tantam.office.camps.models import Camp, StoredFact
from tantam.office.journal.models import Entry
from tantam.office.promises import actions as promises
from tests.office.camps.after import DAWN, camped, planted
from tests.office.world import AT

pytestmark = pytest.mark.django_db(databases=["default", "health"])


def _codes(wrong: pytest.ExceptionInfo[TantamError]) -> str:
    return wrong.value.code


def test_a_file_is_merged_once_however_often(camp_world: Any, camps_home: Path, tmp_path: Path) -> None:
    it = camped(camp_world, camps_home)
    planted(it)
    file = it.file(tmp_path)
    first = merging.take_in(file, actor=camp_world.head, at=AT)
    assert (first.new, first.kit, first.closed) == (3, 1, False)
    lines = Entry.objects.filter(act="camp.merged")
    assert [(line.count, line.digest != "") for line in lines] == [(3, True)]
    again = merging.take_in(file, actor=camp_world.second, at=AT)
    assert (again.new, again.total, again.digest) == (0, first.total, first.digest)
    assert lines.count() == 1


def test_kits_in_any_order_give_one_camp(camp_world: Any, camps_home: Path, tmp_path: Path) -> None:
    it = camped(camp_world, camps_home, kits=(1, 2))
    for kit in (1, 2, 1, 2):
        it.person(kit)
    files = [it.file(tmp_path, kit) for kit in (1, 2)]
    rows = []
    for order in ([0, 1, 0], [1, 0, 1, 0]):
        StoredFact.objects.filter(camp=it.camp, kit__gt=0).delete()
        StoredFact.objects.filter(camp=it.camp, kind="received").delete()
        ledger.forget_read(it.camp.id)
        for number in order:
            merging.take_in(files[number], actor=None, at=AT)
        of_kits = [fact for fact in ledger.facts_of(it.camp) if fact.kit]
        rows.append(sorted(fact.mark for fact in of_kits))
    assert rows[0] == rows[1] and len(rows[0]) == 4


def test_every_closed_kit_home_closes_the_camp_and_keeps_its_day(
    camp_world: Any, camps_home: Path, tmp_path: Path
) -> None:
    it = camped(camp_world, camps_home, kits=(1, 2))
    owed = promises.make(
        actor=None, at=DAWN, kind="camp_day", what="Ngày khám", owner=camp_world.head, office=camp_world.hq,
        first_due=it.camp.on, to=("public", ""), about=("camp", it.camp.id),
    )  # fmt: skip
    for kit in (1, 2):
        it.person(kit)
        it.close(kit)
    assert merging.take_in(it.file(tmp_path, 1), actor=camp_world.head, at=AT).closed
    assert [(kit.number, kit.closed) for kit in merging.kits_of(it.camp)] == [(1, True), (2, False)]
    assert Camp.objects.get(pk=it.camp.pk).state == "open"
    it.person(2, name="Ghi muộn từ giấy")  # what comes after the closing does not undo it
    assert merging.take_in(it.file(tmp_path, 2), actor=camp_world.head, at=AT).closed
    assert Camp.objects.get(pk=it.camp.pk).state == "closed"
    owed.refresh_from_db()
    assert owed.state == "kept"
    assert Entry.objects.filter(act="camp.closed").count() == 1
    merging.take_in(it.file(tmp_path, 2), actor=camp_world.head, at=AT)
    assert Entry.objects.filter(act="camp.closed").count() == 1


def test_a_closing_that_counted_more_than_came_home_closes_nothing(
    camp_world: Any, camps_home: Path, tmp_path: Path
) -> None:
    it = camped(camp_world, camps_home)
    it.person()
    lost = it.kits[1][0]
    it.person()
    it.close()
    facts = [fact for fact in it.holds(1) if fact is not lost]
    assert not merging.take_in(it.file(tmp_path, facts=facts), actor=None, at=AT).closed
    assert Camp.objects.get(pk=it.camp.pk).state == "open"


def test_a_killed_merge_goes_on(
    camp_world: Any, camps_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = camped(camp_world, camps_home)
    for _ in range(9):
        it.person()
    monkeypatch.setattr(merging, "AT_ONCE", 4)
    file = it.file(tmp_path)

    def killed(_what: str, share: float) -> None:
        if share > 0.7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        merging.take_in(file, actor=None, at=AT, progress=killed)
    assert merging.take_in(file, actor=None, at=AT).new < 9
    assert len(ledger.day_of(it.camp).came) == 9


def test_what_a_kit_could_not_read_comes_along(camp_world: Any, camps_home: Path, tmp_path: Path) -> None:
    it = camped(camp_world, camps_home)
    ledger.keep_unread(it.camp, b"what?", code="row_unreadable", device="D1", kit=1, at=DAWN)
    rows = unread.to_send(it.camp)
    it2 = rows[0] | {"sent": rows[0]["sent"][:-4] + "AAAA"}
    file = it.file(tmp_path, secrets={"unread": [*rows, it2]})
    assert merging.take_in(file, actor=None, at=AT).unread == 1
    assert merging.take_in(file, actor=None, at=AT).unread == 0


def test_files_that_are_not_this_camps(camp_world: Any, camps_home: Path, tmp_path: Path) -> None:
    it, other = camped(camp_world, camps_home), camped(camp_world, camps_home, name="Khám ở Sà Phìn")
    it.person()
    other.person()
    theirs = other.file(tmp_path)
    with pytest.raises(TantamError) as wrong:
        merging.take_in(theirs, actor=None, at=AT, camp=it.camp)
    assert _codes(wrong) == "another_camp"
    mixed = it.file(tmp_path, facts=other.kits[1])
    with pytest.raises(TantamError) as wrong:
        merging.take_in(mixed, actor=None, at=AT)
    assert _codes(wrong) == "another_camp"
    unknown = tmp_path / "unknown.camp"
    container.write(unknown, container.Header(UUID(int=7), 1), b"k" * 32, [])
    with pytest.raises(TantamError) as wrong:
        merging.take_in(unknown, actor=None, at=AT)
    assert _codes(wrong) == "camp_unknown"
    closed_otherwise = tmp_path / "closed.camp"
    container.write(closed_otherwise, container.Header(it.camp.id, 1), b"k" * 32, it.kits[1])
    with pytest.raises(TantamError) as wrong:
        merging.take_in(closed_otherwise, actor=None, at=AT)
    assert _codes(wrong) == "camp_key_wrong"
    (tmp_path / "noise.camp").write_bytes(b"nothing")
    with pytest.raises(TantamError) as wrong:
        merging.take_in(tmp_path / "noise.camp", actor=None, at=AT)
    assert _codes(wrong) == "not_a_camp"
    with pytest.raises(TantamError) as wrong:
        merging.take_in(it.file(tmp_path), actor=camp_world.stranger, at=AT)
    assert _codes(wrong) == "not_your_duty"
    keys.destroy(camps_home, it.camp.id)
    with pytest.raises(TantamError) as wrong:
        merging.take_in(closed_otherwise, actor=None, at=AT)
    assert _codes(wrong) == "camp_key_gone"


def test_shuffled_halves_give_the_digest_of_the_whole(
    camp_world: Any, camps_home: Path, tmp_path: Path
) -> None:
    it = camped(camp_world, camps_home)
    for _ in range(12):
        it.person()
    facts, dice = it.holds(1), random.Random(5)
    for _ in range(5):
        dice.shuffle(facts)
        merging.take_in(it.file(tmp_path, facts=facts[: len(facts) // 2]), actor=None, at=AT)
    merging.take_in(it.file(tmp_path, facts=facts), actor=None, at=AT)
    held = {fact.mark for fact in ledger.facts_of(it.camp) if fact.kind != "received"}
    assert held == {fact.mark for fact in facts}
    actions.tell(it.camp, actor=None, at=AT)
    assert not StoredFact.objects.filter(camp=it.camp, kit=0, told=False).exists()
