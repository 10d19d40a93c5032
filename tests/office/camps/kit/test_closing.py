"""The day's end: counted, explained, signed by two, and signed again when something is written later."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from tantam.errors import TantamError
from tantam.office.camps import container, kinds, ledger, made_up_plan, stock
from tantam.office.camps.facts import Fact, digest
from tantam.office.camps.kit import closing

pytestmark = pytest.mark.django_db(databases=["default", "health"])
AT = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
PIN = made_up_plan.PIN
TWO = {"lead": ("lead", PIN), "pharmacist": ("chief", PIN)}


def close(kit: Any, signers: Any = None, reasons: Any = None) -> Fact:
    day = ledger.day_of(kit.camp)
    why = dict.fromkeys(stock.differences(day), "rơi vỡ khi dọn") if reasons is None else reasons
    return closing.close(kit.camp, device="k1-lead", signers=signers or TWO, reasons=why, at=AT)


def late_one(kit: Any) -> Fact:
    visit = ledger.day_of(kit.camp).came[0].id
    body = kinds.Voiced(id=uuid7(), visit=visit, tone="thanks", words="Cảm ơn đoàn.")
    fact = Fact(uuid7(), kit.camp.id, body, "k1-exit-1", "k1-exit-1", AT, 1, AT)
    ledger.append(kit.camp, [fact])
    return fact


def is_signed(kit: Any) -> bool:
    return closing.signed(ledger.day_of(kit.camp), ledger.facts_of(kit.camp))


def test_two_people_sign_what_lies_here(evening: Any, tmp_path: Path) -> None:
    assert is_signed(evening)  # as it was made up
    late_one(evening)
    assert not is_signed(evening)
    with pytest.raises(TantamError) as no:
        closing.write_home(evening.camp, tmp_path / "home.camp")
    assert no.value.code == "not_closed"
    fact = close(evening)
    assert is_signed(evening) and isinstance(fact.body, kinds.Closed)
    work = [one for one in ledger.facts_of(evening.camp) if one.kind != "closed"]
    assert (fact.body.facts, fact.body.digest) == (len(work), digest(work))
    assert {one.member for one in fact.body.signatures} == {"lead", "chief"}
    assert all(one.reason == "rơi vỡ khi dọn" for one in fact.body.explained)


def test_what_comes_home_is_what_lies_here(evening: Any, tmp_path: Path) -> None:
    path = tmp_path / "home.camp"
    count, whole = closing.write_home(evening.camp, path)
    back = container.read(path, lambda _: evening.day.key)
    assert (len(back.facts), digest(back.facts)) == (count, whole) == ledger.digest(evening.camp)
    client = evening.signed_in("lead")
    sent = b"".join(client.get("/day/home.camp").streaming_content)
    path.write_bytes(sent)
    assert digest(container.read(path, lambda _: evening.day.key).facts) == ledger.digest(evening.camp)[1]


def test_a_morning_is_not_counted(kit: Any) -> None:
    with pytest.raises(TantamError) as no:
        close(kit)
    assert no.value.code == "not_counted"


@pytest.mark.parametrize(
    ("signers", "code"),
    [
        ({"lead": ("lead", "0000"), "pharmacist": ("chief", PIN)}, "pin_wrong"),
        ({"lead": ("chief", PIN), "pharmacist": ("lead", PIN)}, "not_a_signer"),
        ({"lead": ("lead", PIN), "pharmacist": ("k1-doctor-1", PIN)}, "not_a_signer"),
        ({"lead": ("lead", PIN), "pharmacist": ("lead", PIN)}, "not_a_signer"),
        ({"lead": ("", ""), "pharmacist": ("", "")}, "pin_wrong"),
    ],
)
def test_who_may_not_sign(evening: Any, signers: Any, code: str) -> None:
    before = ledger.digest(evening.camp)
    with pytest.raises(TantamError) as no:
        close(evening, signers)
    assert no.value.code == code and ledger.digest(evening.camp) == before


def test_each_difference_needs_its_reason(evening: Any) -> None:
    assert stock.differences(ledger.day_of(evening.camp))
    for reasons in ({}, dict.fromkeys(stock.differences(ledger.day_of(evening.camp)), "x")):
        with pytest.raises(TantamError) as no:
            close(evening, reasons=reasons)
        assert no.value.code == "not_explained"


def test_the_page_signs_and_says_what_is_missing(evening: Any) -> None:
    late_one(evening)
    client = evening.signed_in("lead")
    assert client.get("/day/").status_code == 200
    sent = {"lead": "lead", "lead_pin": PIN, "pharmacist": "chief", "pharmacist_pin": PIN}
    assert client.post("/day/close", sent).status_code == 422  # no reasons
    assert not is_signed(evening)
    why = {f"why-{lot}": "đếm lại hai lần" for lot in stock.differences(ledger.day_of(evening.camp))}
    assert client.post("/day/close", {**sent, **why}).status_code == 302
    assert is_signed(evening)
