"""What is brought into a plan: places, team, formulary, findings, people expected. The same again changes nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from tantam.errors import BadInput, Refused, TantamError
from tantam.office.camps import actions, expecting, formulary, kinds, ledger, locks, pins, planning, rules
from tantam.office.camps.models import Camp, StoredFact
from tests.office.camps.a_plan import NUMBER, a_camp, permit
from tests.office.world import AT

pytestmark = pytest.mark.django_db(databases=["default", "health"])
PLACES = (
    "mã,xã,tỉnh,cách bệnh viện,hộ nghèo,bác sĩ\n"
    "LP,Lũng Phìn,Tuyên Quang,48,640,11\nTC,Tả Chải,Tuyên Quang,62,710,9\nQL,Quang Lâm,Tuyên Quang,5,100,60\n"
)
PEOPLE = (
    "họ tên,năm sinh,giới tính,thôn,căn cước\n"
    f"Vàng Thị Mỷ,1948,nữ,Sủng Trái,{NUMBER}\nLò Văn Pá,12/03/1990,Nam,,\n"
)


def test_the_same_twice_is_one_fact(camp_world: Any, camps_home: Path) -> None:
    camp = a_camp(camp_world)
    before = StoredFact.objects.count()
    planning.put(camp, permit(), actor=camp_world.head, at=AT)
    assert StoredFact.objects.count() == before
    planning.put(camp, permit(number="13/GP"), actor=camp_world.head, at=AT)
    planning.put(camp, permit(), actor=camp_world.head, at=AT)
    assert StoredFact.objects.count() == before + 2  # there, and back again: both were said
    assert ledger.day_of(camp).plan.permit[1] == permit()  # type: ignore[index]


def test_places_are_weighed_and_the_camp_goes_where_it_is_needed(camp_world: Any, camps_home: Path) -> None:
    camp = a_camp(camp_world)
    with pytest.raises(BadInput) as no:
        planning.weigh(camp, PLACES.encode(), actor=camp_world.head, at=AT)
    assert no.value.code == "no_reason"  # its own commune is not the neediest
    places, _ = planning.weigh(
        camp, PLACES.encode(), because="đường vào Tả Chải sạt lở", actor=camp_world.head, at=AT
    )
    assert [(one.code, one.chosen) for one in places] == [("TC", False), ("LP", True), ("QL", False)]
    planning.choose(camp, "TC", actor=camp_world.head, at=AT)
    camp = Camp.objects.get(pk=camp.pk)
    assert (camp.place, camp.place_code, camp.province) == ("Tả Chải", "TC", "08")
    assert [one.code for one in ledger.day_of(camp).plan.weighed if one.chosen] == ["TC"]
    before = StoredFact.objects.count()
    planning.choose(camp, "TC", actor=camp_world.head, at=AT)
    assert StoredFact.objects.count() == before
    with pytest.raises(BadInput) as no:
        planning.weigh(camp, PLACES.splitlines()[0].encode(), actor=camp_world.head, at=AT)
    assert no.value.code == "no_rows"


def test_people_were_told_where_an_open_camp_is(camp_world: Any, camps_home: Path) -> None:
    camp = a_camp(camp_world)
    planning.weigh(camp, PLACES.encode(), because="đã hẹn xã", actor=camp_world.head, at=AT)
    actions.open_camp(camp, actor=camp_world.head, at=AT)
    with pytest.raises(Refused) as no:
        planning.choose(camp, "TC", actor=camp_world.head, at=AT)
    assert no.value.code == "camp_opened"


def test_a_pin_is_kept_as_its_hash_and_stays_until_another_is_set(camp_world: Any, camps_home: Path) -> None:
    camp = a_camp(camp_world, "team")
    who: dict[str, Any] = {
        "actor": camp_world.head,
        "at": AT,
        "name": "Lò Văn Pá",
        "title": "",
        "licence": "",
    }
    planning.member(camp, id="", roles=["triage"], pin="4711", **who)
    one = ledger.day_of(camp).plan.members["m1"]
    assert pins.fits("4711", one.pin) and "4711" not in one.pin
    planning.member(camp, id="m1", roles=["triage", "exit"], pin="", **who)
    again = ledger.day_of(camp).plan.members["m1"]
    assert again.pin == one.pin and again.roles == ["triage", "exit"]
    before = StoredFact.objects.count()
    planning.member(camp, id="m1", roles=["triage", "exit"], pin="4711", **who)
    assert StoredFact.objects.count() == before
    for pin in ("12", "abcd", "123456789"):
        with pytest.raises(BadInput) as no:
            planning.member(camp, id="", roles=["exit"], pin=pin, **who)
        assert no.value.code == "bad_pin"
    with pytest.raises(BadInput) as no:
        planning.member(camp, id="", roles=["captain"], pin="", **who)
    assert no.value.code == "bad_camp_entry"


def test_a_formulary_is_signed_as_it_was_read(camp_world: Any, camps_home: Path) -> None:
    camp = a_camp(camp_world, "formulary")
    with pytest.raises(Refused) as no:
        planning.sign_formulary(camp, "0" * 64, actor=camp_world.pharmacist, at=AT)
    assert no.value.code == "no_formulary"
    content = Path(formulary.__file__).with_name("data").joinpath("demo-formulary.csv").read_bytes()
    draft = planning.bring_formulary(camp, content, actor=camp_world.head, at=AT)
    assert draft.signed_by == planning.UNSIGNED
    with pytest.raises(Refused) as no:
        planning.sign_formulary(camp, "0" * 64, actor=camp_world.pharmacist, at=AT)
    assert no.value.code == "formulary_changed"
    for _ in range(2):
        planning.sign_formulary(camp, draft.digest, actor=camp_world.pharmacist, at=AT)
    signed = ledger.day_of(camp).plan.formulary
    assert signed is not None and signed.signed_by == "Hà Thị Dược" and signed.digest == draft.digest
    before = StoredFact.objects.count()
    planning.bring_formulary(camp, content, actor=camp_world.head, at=AT)
    assert StoredFact.objects.count() == before and ledger.day_of(camp).plan.formulary == signed


def test_findings_are_ours_or_the_camps_own(camp_world: Any, camps_home: Path) -> None:
    camp = a_camp(camp_world)
    n = planning.bring_findings(camp, b"", "", actor=camp_world.head, at=AT)
    assert n == len(ledger.day_of(camp).plan.codes) > 20
    planning.bring_findings(camp, "mã,tên\nX1,Đau khớp gối\n".encode(), "mẫu", actor=camp_world.head, at=AT)
    assert ledger.day_of(camp).plan.codes["X1"] == "Đau khớp gối"


def test_the_people_expected_have_no_card_number_anywhere(camp_world: Any, camps_home: Path) -> None:
    camp = a_camp(camp_world)
    n, rejects = planning.bring_expected(camp, PEOPLE.encode(), actor=camp_world.head, at=AT)
    assert (n, rejects) == (2, [])
    people = sorted(ledger.day_of(camp).plan.expected.values(), key=lambda one: one.name)
    assert [(one.name, one.born_year, one.sex) for one in people] == [
        ("Lò Văn Pá", 1990, "male"), ("Vàng Thị Mỷ", 1948, "female"),
    ]  # fmt: skip
    from tantam.office.camps import keys

    assert people[1].card == locks.salted(keys.of_camp(camps_home, camp.id), NUMBER)
    assert not any(NUMBER.encode() in fact.said or b"4242" in fact.said for fact in ledger.facts_of(camp))
    before = StoredFact.objects.count()
    assert planning.bring_expected(camp, PEOPLE.encode(), actor=camp_world.head, at=AT) == (0, [])
    assert StoredFact.objects.count() == before


def test_a_row_of_the_list_is_not_taken_for_a_reason() -> None:
    text = "họ tên,năm sinh\n,1990\nA,lâu rồi\nB,1990\nB,1990\n"
    people, rejects = expecting.read(text.encode(), lambda text: f"{hash(text):x}")
    assert [one.name for one in people] == ["B"]
    assert [(one.line, one.code) for one in rejects] == [(2, "no_name"), (3, "bad_born"), (5, "twice")]
    for content, code in ((b"", "no_rows"), (b"thon\nX\n", "missing_column")):
        with pytest.raises(TantamError) as no:
            expecting.read(content, str)
        assert no.value.code == code


def test_a_number_out_of_a_spreadsheet_has_its_noughts_again() -> None:
    assert expecting.card_text(38177004242.0) == NUMBER == expecting.card_text(" 038 177 004 242 ")
    assert expecting.card_text("hs4010123456789") == "HS4010123456789"


def test_ten_thousand_people_are_ten_facts() -> None:
    text = "họ tên,năm sinh\n" + "".join(f"Người thứ {n},1970\n" for n in range(10_000))
    people, _ = expecting.read(text.encode(), lambda text: hashlib.sha256(text.encode()).hexdigest())
    assert [len(one.people) for one in expecting.facts(people)] == [1000] * 10


def test_codes_are_the_first_free_one() -> None:
    assert [rules.next_code("B", known) for known in ([], ["B1"], ["B1", "B3"])] == ["B1", "B2", "B2"]
    assert rules.next_letter([]) == "A" and rules.next_letter([chr(n) for n in range(65, 91)]) == "AA"


def test_what_does_not_fit_is_named() -> None:
    with pytest.raises(BadInput) as no:
        rules.made(kinds.Stocked, lot="L 1", medicine="M", number="", expires_on="hôm nay", units=0)
    assert no.value.code == "bad_camp_entry"
    assert "hạn dùng" in no.value.vi and "số lượng" in no.value.vi
