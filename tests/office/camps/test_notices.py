"""Telling the villages: everybody of the province, nobody chosen and nobody held out, and never with a promotion."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from tantam.errors import BadInput, Refused, TantamError
from tantam.office.camps import ledger, notices, planning
from tantam.office.camps.models import Camp
from tantam.office.channels.models import Message
from tantam.office.journal.models import Entry
from tantam.office.worker import chores
from tantam.office.worker.actions import run_due
from tests.a_base import home_with, stored
from tests.office.camps.a_plan import ON, a_camp
from tests.office.channels.a_message import a_no
from tests.office.world import AT

pytestmark = pytest.mark.django_db(databases=["default", "health"])
TEXT = "Khám bệnh miễn phí ở Lũng Phìn thứ bảy. Ai đến cũng được khám."


@pytest.fixture
def people(camps_home: Path) -> list[int]:
    """The keys of everybody in the camp's province."""
    table = stored(3000)
    home_with(camps_home, table)
    mine = table.filter(pc.equal(table.column("province"), "08"))
    return sorted(mine.column("key").to_pylist())


def _told(camp: Camp) -> list[int]:
    return sorted(key for key in Message.objects.values_list("key", flat=True) if key is not None)


def test_a_poster_and_the_loudspeaker_say_it_plainly(camp_world: Any, camps_home: Path) -> None:
    camp = a_camp(camp_world)
    said = {"where": "Nhà văn hóa xã", "times": "Sủng Trái: 7 giờ\nMa Lé: 9 giờ", "bring": ""}
    first = notices.post(camp, actor=camp_world.head, at=AT, **said)
    again = notices.post(camp, actor=camp_world.head, at=AT, **said)
    assert [fact.id for fact in first] == [fact.id for fact in again]
    poster, spoken = ledger.day_of(camp).plan.notices
    for words in (poster.words, spoken.words):
        assert "Ai đến cũng được khám, không phân biệt khách hàng của mạng nào. Miễn phí." in words
        assert "thứ bảy, ngày 05/12/2026" in words and "Sủng Trái: 7 giờ" in words
        assert "không có giấy tờ vẫn được khám" in words


@pytest.mark.parametrize(
    "words",
    [
        "Khám bệnh, kèm KHUYẾN MẠI 50%", "Đến khám được ưu đãi gói cước", "Nạp thẻ nhận quà", "Tặng data 5GB",
        "Giảm giá máy", "hòa mạng tại chỗ", "Promotion inside", "mua SIM tại trại",
    ],
)  # fmt: skip
def test_no_promotion_goes_with_a_camp(camp_world: Any, people: list[int], words: str) -> None:
    camp = a_camp(camp_world)
    for act in (
        lambda: notices.text_all(camp, words, plain=False, actor=camp_world.head, at=AT),
        lambda: notices.post(camp, where=words, times="", bring="", actor=camp_world.head, at=AT),
        lambda: notices.post(camp, where="Xã", times=words, bring="", actor=camp_world.head, at=AT),
        lambda: notices.post(camp, where="Xã", times="", bring=words, actor=camp_world.head, at=AT),
    ):
        with pytest.raises(Refused) as no:
            act()
        assert no.value.code == "promotion_in_notice"
    assert not ledger.day_of(camp).plan.notices


@pytest.mark.parametrize(
    "words",
    [
        "Ai đến cũng được khám, không phân biệt khách hàng của mạng nào",
        "Gói thuốc mang theo",
        "Tặng quà bà con nghèo",
    ],
)
def test_plain_words_pass(camp_world: Any, people: list[int], words: str) -> None:
    notices.text_all(a_camp(camp_world), words, plain=True, actor=camp_world.head, at=AT)


def test_everybody_of_the_province_is_told_once(camp_world: Any, people: list[int]) -> None:
    camp = a_camp(camp_world)
    reach = notices.reach(camp, at=AT)
    assert reach is not None and (reach.people, reach.refused) == (len(people), 0) and len(people) > 50
    fact = notices.text_all(camp, TEXT, plain=True, actor=camp_world.head, at=AT)
    assert notices.text_all(camp, TEXT, plain=True, actor=camp_world.second, at=AT).id == fact.id
    after: int | None = -1
    while after is not None:
        after = notices.go_on(camp, fact, after=after, at=AT)
    assert _told(camp) == people
    assert {(row.purpose, row.about_kind) for row in Message.objects.all()} == {("care", "camp_notice")}
    (said,) = ledger.day_of(camp).plan.notices
    assert said.done and said.reached == len(people) and said.words.isascii()
    assert notices.going() == [] and notices.go_on(camp, fact, after=-1, at=AT) is None
    assert Message.objects.count() == len(people)


def test_one_who_was_killed_goes_on_where_he_was(
    camp_world: Any, people: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    camp = a_camp(camp_world)
    fact = notices.text_all(camp, TEXT, plain=True, actor=camp_world.head, at=AT)
    monkeypatch.setattr(notices, "READ", 20)
    last = notices.go_on(camp, fact, after=-1, at=AT)
    assert last == people[19] and notices.asked_for(fact.id) == 20
    notices.go_on(camp, fact, after=-1, at=AT)  # its checkpoint was lost: the same people again
    assert notices.asked_for(fact.id) == 20
    chore = {"camps.tell": chores.CHORES["camps.tell"]}
    assert run_due(chore, holder="w1", now=lambda: AT) == {"camps.tell": True}
    assert _told(camp) == people and notices.going() == []


def test_whoever_refused_is_counted_and_the_gate_asks_each(camp_world: Any, people: list[int]) -> None:
    camp = a_camp(camp_world)
    a_no(camp_world, people[0], purpose="care")
    reach = notices.reach(camp, at=AT)
    assert reach is not None and reach.refused == 1


def test_a_moved_day_takes_back_what_waits(camp_world: Any, people: list[int]) -> None:
    camp = a_camp(camp_world)
    fact = notices.text_all(camp, TEXT, plain=True, actor=camp_world.head, at=AT)
    notices.go_on(camp, fact, after=-1, at=AT)
    planning.move(camp, ON + timedelta(days=7), "Mưa lớn", actor=camp_world.head, at=AT + timedelta(hours=1))
    assert not Message.objects.filter(state="waiting").exists()
    assert notices.going() == []
    again = notices.text_all(camp, TEXT, plain=True, actor=camp_world.head, at=AT + timedelta(hours=2))
    assert again.id != fact.id and [one.id for _, one in notices.going()] == [again.id]


@pytest.mark.parametrize(
    ("words", "code"),
    [("", "empty_notice"), ("x" * 601, "notice_too_long"), ("[QC] Khám bệnh", "sms_own_label")],
)
def test_a_text_that_cannot_go_is_refused(camp_world: Any, people: list[int], words: str, code: str) -> None:
    with pytest.raises(TantamError) as no:
        notices.text_all(a_camp(camp_world), words, plain=False, actor=camp_world.head, at=AT)
    assert no.value.code == code


def test_nobody_is_told_of_what_is_not_allowed_or_over(camp_world: Any, people: list[int]) -> None:
    camp = a_camp(camp_world, "permit")
    for act in (
        lambda: notices.text_all(camp, TEXT, plain=False, actor=camp_world.head, at=AT),
        lambda: notices.post(camp, where="Xã", times="", bring="", actor=camp_world.head, at=AT),
    ):
        with pytest.raises(Refused) as no:
            act()
        assert no.value.code == "no_permit"
    other = a_camp(camp_world, name="Trại khác")
    with pytest.raises(Refused) as no:
        notices.text_all(other, TEXT, plain=False, actor=camp_world.head, at=AT + timedelta(days=30))
    assert no.value.code == "camp_day_past"
    with pytest.raises(BadInput) as wrong:
        notices.post(other, where=" ", times="", bring="", actor=camp_world.head, at=AT)
    assert wrong.value.code == "empty_notice"


def test_without_a_base_nobody_can_be_written_to(camp_world: Any, camps_home: Path) -> None:
    camp = a_camp(camp_world)
    assert notices.reach(camp, at=AT) is None
    with pytest.raises(BadInput) as no:
        notices.text_all(camp, TEXT, plain=False, actor=camp_world.head, at=AT)
    assert no.value.code == "no_base"


def test_the_stranger_tells_nobody(camp_world: Any, people: list[int]) -> None:
    camp = a_camp(camp_world)
    for who in (camp_world.stranger, camp_world.pharmacist, camp_world.lam):
        with pytest.raises(Refused):
            notices.text_all(camp, TEXT, plain=False, actor=who, at=AT)
        with pytest.raises(Refused):
            notices.post(camp, where="Xã", times="", bring="", actor=who, at=AT)
    assert not Entry.objects.filter(act="message.asked").exists()


def test_the_room_knows_no_offers() -> None:
    import tantam.office.camps as room

    folder = Path(room.__file__).parent
    for file in folder.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        for other in ("tantam.care", "tantam.segments", "tantam.proof", "office.rounds", "office.fund"):
            assert f"import {other}" not in text and f"from {other}" not in text, file
