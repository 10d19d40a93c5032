"""The phone book, and the wall around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam import keys
from tantam.base.home import Home
from tantam.errors import BadInput, Refused
from tantam.office.channels import phonebook
from tantam.office.journal.models import Entry
from tests.a_base import home_with, stored

SECRET = b"s" * 32
PHONES = [f"+84912345{n:03}" for n in range(5)]


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Iterator[Home]:
    """A home with a base of twenty subscribers and the numbers of five of them."""
    home = home_with(tmp_path, stored(20))
    home.secret.mkdir()
    home.key_secret.write_bytes(SECRET)
    rows = sorted((keys.of_phone(SECRET, phone), phone) for phone in PHONES)
    pq.write_table(pa.table({"key": [k for k, _ in rows], "phone": [p for _, p in rows]}), home.phones)
    settings.HOME = tmp_path
    yield home


def _key(n: int) -> int:
    return keys.of_phone(SECRET, PHONES[n])


def test_numbers_are_given_for_a_call_list_and_the_look_is_written_down(world: Any, home: Home) -> None:
    found = phonebook.numbers(
        [_key(1), _key(0), 42, _key(0)], actor=world.dung, at=world.at, purpose="cafe", office=world.nha_trang
    )
    assert found == {_key(0): "0912 345 000", _key(1): "0912 345 001"}
    entry = Entry.objects.get(act="phonebook.call_list")
    assert (entry.on_id, entry.count, entry.office, len(entry.digest)) == ("cafe", 3, world.nha_trang.pk, 64)
    assert "912345" not in f"{entry.facts}{entry.digest}"


@pytest.mark.parametrize("who", ["stranger", "policy", "auditor", "privacy"])
def test_whoever_does_not_call_sees_no_number(world: Any, home: Home, who: str) -> None:
    with pytest.raises(Refused, match="not_your_duty"):
        phonebook.numbers([_key(0)], actor=getattr(world, who), at=world.at, purpose="cafe")
    assert not Entry.objects.filter(act="phonebook.call_list").exists()


def test_a_caller_is_found_by_any_spelling(world: Any, home: Home) -> None:
    for text in (
        "0912345000",
        "+84 912 345 000",
        "0912.345.000",
        "84912345000",
        "(0912) 345-000",
        "912345000",
    ):
        assert phonebook.key_of(text) == _key(0)
    for text in ("", "1900", "0236 3 123 456", "0123456789", "chị Lan", "0912345000x"):
        assert phonebook.key_of(text) is None


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_key_or_nothing(text: str) -> None:
    assert phonebook.key_of(text) is None  # no base here, so no secret either


def test_forgetting_takes_the_number_out_at_once_and_once(world: Any, home: Home) -> None:
    def forget() -> int:
        return phonebook.forget(_key(0), actor=world.privacy, at=world.at)

    assert [forget(), forget()] == [1, 0]
    assert PHONES[0] not in pq.read_table(home.phones)["phone"].to_pylist()
    assert phonebook.numbers([_key(0)], actor=world.dung, at=world.at, purpose="cafe") == {}
    assert Entry.objects.filter(act="phonebook.forgotten").count() == 1
    with pytest.raises(Refused, match="not_your_duty"):
        phonebook.forget(_key(1), actor=world.dung, at=world.at)


def test_without_a_base_there_is_nothing_to_forget(world: Any, settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "empty"
    assert phonebook.forget(1, actor=world.privacy, at=world.at) == 0
    assert phonebook.numbers([1], actor=world.dung, at=world.at, purpose="cafe") == {}


def test_no_other_module_of_the_office_comes_near_a_number() -> None:
    office = Path(phonebook.__file__).parents[1]
    near = re.compile(
        r"\.phones\b|phones\.parquet|\.key_secret\b|\.raw_rejects\b|raw-rejects|of_phone|base\.forget\b"
    )
    reached = [
        str(file.relative_to(office))
        for file in office.rglob("*.py")
        if near.search(file.read_text(encoding="utf-8"))
    ]
    assert reached == ["channels/phonebook.py"]


def _show(world: Any, n: int = 0, who: str = "dung", because: str = "call_back", **more: Any) -> str:
    return phonebook.show_number(
        _key(n), **{"actor": getattr(world, who), "at": world.at, "because": because, **more}
    )


@pytest.mark.parametrize("who", ["lam", "dung", "khoi", "privacy"])
def test_one_number_is_shown_with_a_reason_by_digest(world: Any, home: Home, who: str) -> None:
    assert _show(world, who=who) == "0912 345 000"
    entry = Entry.objects.get(act="phonebook.shown")
    assert (entry.actor, entry.because, entry.on_id) == (getattr(world, who).pk, "call_back", "one")
    assert entry.office == getattr(world, who).office_id  # the director of that office sees it in the journal
    assert len(entry.digest) == 64
    assert (
        "912345" not in f"{entry.facts}{entry.digest}" and str(_key(0)) not in f"{entry.facts}{entry.on_id}"
    )


@pytest.mark.parametrize("who", ["stranger", "policy", "auditor", "hoa", "admin"])
def test_one_number_is_shown_to_nobody_without_the_duty(world: Any, home: Home, who: str) -> None:
    with pytest.raises(Refused, match="not_your_duty"):
        _show(world, who=who)
    assert not Entry.objects.filter(act="phonebook.shown").exists()


@pytest.mark.parametrize("because", ["", "curious", "call back"])
def test_one_number_needs_a_reason(world: Any, home: Home, because: str) -> None:
    with pytest.raises(BadInput, match="no_reason"):
        _show(world, because=because)
    assert not Entry.objects.filter(act="phonebook.shown").exists()


def test_a_look_at_a_number_we_do_not_have_is_written_down_too(world: Any, home: Home) -> None:
    with pytest.raises(Refused, match="no_number"):
        phonebook.show_number(42, actor=world.dung, at=world.at, because="complaint")
    assert [entry.because for entry in phonebook.shown_to(42)] == ["complaint"]


def test_who_saw_a_number_is_found_by_its_key(world: Any, home: Home) -> None:
    for who, n in (("dung", 0), ("lam", 1), ("khoi", 0)):
        _show(world, n, who)
    assert [entry.actor for entry in phonebook.shown_to(_key(0))] == [world.khoi.pk, world.dung.pk]
    assert phonebook.shown_to(_key(2)) == []


def test_nobody_sees_a_street_of_numbers(world: Any, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phonebook, "MOST_SHOWN", 2)
    assert {_show(world), _show(world, 1)} == {"0912 345 000", "0912 345 001"}
    with pytest.raises(Refused, match="too_many_numbers"):
        _show(world, 2)
    assert Entry.objects.filter(act="phonebook.shown").count() == 2
    assert _show(world, 2, "lam")  # somebody else still may
    with pytest.raises(Refused, match="too_many_numbers"):
        _show(world, 2, at=world.at + timedelta(hours=13, minutes=59))  # the same day in Vietnam
    assert _show(world, 2, at=world.at + timedelta(hours=14))
