"""One entry, inside its act, and nothing in it that a person could be known by."""

import uuid
from datetime import date

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import Fault
from tantam.office.journal import rules
from tantam.office.journal.actions import write
from tantam.office.journal.models import Entry
from tests.office.journal.some import AT

pytestmark = pytest.mark.django_db


def test_an_entry_keeps_ids_codes_counts_days(world):
    one = uuid.uuid4()
    entry = write(
        actor=world.lam,
        act="promise.redated",
        at=AT,
        on=("promise", 12),
        office=world.nha_trang,
        because="flood",
        count=3,
        digest="ab" * 32,
        before=date(2026, 11, 1),
        line=one,
        late=True,
        value=None,
        paid_dong=84_912_345_678,
    )
    kept = Entry.objects.get(pk=entry.pk)
    assert (kept.actor, kept.office, kept.on_kind, kept.on_id) == (
        world.lam.pk,
        world.nha_trang.pk,
        "promise",
        "12",
    )
    assert kept.facts == {
        "before": "2026-11-01",
        "line": str(one),
        "late": True,
        "value": None,
        "paid_dong": 84_912_345_678,
    }
    assert (kept.because, kept.count, kept.digest, kept.seal) == ("flood", 3, "ab" * 32, None)


@pytest.mark.parametrize(
    "fact",
    [
        "Nguyễn Ấu Thiệp",
        "Lâm",
        "mất sóng cả tuần",
        "two words",
        "0905123456",
        "84905123456",
        "tel:0905123456",
        "+84905123456",
        84905123456,
        1.5,
        ["a"],
        {"a": 1},
        b"x",
        "x" * 65,
        "",
    ],
)
def test_no_text_no_number_no_name(fact):
    with pytest.raises(Fault) as no:
        write(actor=None, act="promise.kept", at=AT, on=("promise", 1), said=fact)
    assert no.value.code == "not_a_fact" and Entry.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"because": "vì bão"},
        {"digest": "Nguyễn Ấu Thiệp"},
        {"on": ("promise", "0905123456")},
        {"on": ("promise", 84905123456)},
        {"on": ("lời hứa", 1)},
        {"act": "Đã giữ"},
    ],
)
def test_nor_anywhere_else(wrong):
    with pytest.raises(Fault) as no:
        write(**{"actor": None, "act": "promise.kept", "at": AT, "on": ("promise", 1), **wrong})
    assert no.value.code == "not_a_fact"


@given(st.text(alphabet="abcdefghijklmnop0123456789.-", max_size=12), st.integers(900_000_000, 999_999_999))
def test_a_number_hidden_in_a_code(text, number):
    code = f"{text}x0{number}y"
    if rules._HEX.fullmatch(code) is None:
        with pytest.raises(Fault):
            rules.facts_of({"code": code})


@given(st.uuids(), st.binary(min_size=32, max_size=32))
def test_ids_and_digests_always_pass(one, digest):
    assert rules.facts_of({"a": one, "b": one.hex, "c": digest.hex()})["b"] == one.hex


def test_outside_a_transaction_it_is_our_fault(monkeypatch):
    monkeypatch.setattr(
        connections["default"], "in_atomic_block", False
    )  # a test runs inside a transaction of its own
    with pytest.raises(Fault) as no:
        write(actor=None, act="promise.kept", at=AT, on=("promise", 1))
    monkeypatch.undo()
    assert no.value.code == "no_transaction" and Entry.objects.count() == 0
