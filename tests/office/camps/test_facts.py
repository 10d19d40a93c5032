"""A fact says the same bytes everywhere, reads back what it said, and refuses what no honest device sends."""

from __future__ import annotations

import json
import random
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from tantam.errors import BadInput
from tantam.office.camps import kinds, made_up
from tantam.office.camps.facts import Fact, digest, from_line, merge, read, to_line

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
PLAYED = made_up.play(3, 2, people=40)


def said(**other: Any) -> dict[str, Any]:
    """A registration as a device sends it."""
    body = {"visit": str(uuid7()), "ticket": "U 31", "name": "Vàng Thị Súa", "consent": "heard"}
    row = {
        "id": str(uuid7()),
        "camp": str(uuid7()),
        "kind": "registered",
        "body": body,
        "device": "D3",
        "author": "hoa",
        "device_at": "2026-11-21T02:00:00.123Z",
        "corrects": "",
        "paper": "",
    }
    return row | other


def taken(row: dict[str, Any]) -> Fact:
    """The row as kit 1 stores it."""
    return read(row, kit=1, kit_at=AT.isoformat())


def test_composed_and_decomposed_letters_say_the_same() -> None:
    row = said()
    apart = json.loads(unicodedata.normalize("NFD", json.dumps(row, ensure_ascii=False)))
    assert apart["body"]["name"] != row["body"]["name"]
    assert taken(apart).mark == taken(row).mark
    assert taken(apart).body == taken(row).body


def test_the_order_of_keys_spelled_out_defaults_and_the_zone_of_a_clock_change_nothing() -> None:
    row = said()
    other = dict(reversed(row.items()))
    other["body"] = {"guardian": "", "priority": [], **dict(reversed(row["body"].items()))}
    other["device_at"] = "2026-11-21T09:00:00.123456+07:00"
    assert taken(other).said == taken(row).said


def test_the_stamp_is_no_part_of_what_was_said() -> None:
    fact = taken(said())
    later = replace(fact, kit=2, kit_at=fact.kit_at + timedelta(hours=3))
    assert later.mark == fact.mark
    assert merge([later], [fact]) == merge([fact], [later]) == [fact]


@pytest.mark.parametrize("fact", PLAYED.facts[::7], ids=lambda fact: fact.kind)
def test_a_line_reads_back_as_it_was(fact: Fact) -> None:
    again = from_line(to_line(fact))
    assert again == fact
    assert again.mark == fact.mark


def test_moments_are_kept_to_the_millisecond_in_utc() -> None:
    fact = taken(said(device_at="2026-11-21T09:00:00.9999+07:00"))
    assert fact.device_at == datetime(2026, 11, 21, 2, 0, 0, 999000, tzinfo=UTC)
    elsewhere = replace(fact, device_at=fact.device_at.astimezone(timezone(timedelta(hours=-5))))
    assert elsewhere.mark == fact.mark


def deep(levels: int) -> Any:
    """Lists in lists."""
    held: Any = []
    for _ in range(levels):
        held = [held]
    return held


ID = str(uuid7())
HOSTILE: dict[str, dict[str, Any]] = {
    "no id": {"id": ""},
    "not a UUIDv7": {"id": str(uuid4())},
    "a kind of tomorrow": {"kind": "healed"},
    "a list for a kind": {"kind": ["registered"]},
    "no body": {"body": None},
    "a body of lists": {"body": []},
    "a field of tomorrow": {"body": {**said()["body"], "blood": "A"}},
    "no ticket of ours": {"body": {**said()["body"], "ticket": "<script>"}},
    "half a letter": {"body": {**said()["body"], "name": "\ud800"}},
    "half a letter in a device": {"device": "\ud800"},
    "half a letter on paper": {"paper": "\udc00"},
    "a name without end": {"body": {**said()["body"], "name": "x" * 121}},
    "an endless device": {"device": "D" * 65},
    "a number for an author": {"author": 7},
    "no time zone": {"device_at": "2026-11-21T02:00:00"},
    "no moment": {"device_at": "soon"},
    "a moment before time": {"device_at": "0001-01-01T00:00:00+14:00"},
    "not a number": {"body": {"visit": ID, "weight_tenths": float("nan")}, "kind": "measured"},
    "half a pill": {"body": {"lot": "A", "units": 1.5, "reason": "vỡ ra"}, "kind": "written_off"},
    "fewer than none": {"body": {"lot": "A", "units": -1, "reason": "vỡ ra"}, "kind": "written_off"},
    "too deep": {"body": {**said()["body"], "name": deep(20_000)}},
    "corrects nothing that is": {"corrects": "that one"},
    "corrects itself": {"id": ID, "corrects": ID},
}


@pytest.mark.parametrize("how", HOSTILE)
def test_what_no_honest_device_sends_is_refused_and_never_repeated(how: str) -> None:
    with pytest.raises(BadInput) as refused:
        taken(said() | HOSTILE[how])
    assert refused.value.code == "bad_fact"
    assert "Súa" not in str(refused.value)


@pytest.mark.parametrize("kit", [-1, 100, "1", None, True, 1.0])
def test_a_stamp_names_a_kit(kit: Any) -> None:
    with pytest.raises(BadInput):
        read(said(), kit=kit, kit_at=AT.isoformat())


@pytest.mark.parametrize(
    "line", [b"", b"[]", b"{}", b'{"said":7}', b"\xff", b"[" * 50_000, b'{"said":' * 9_999]
)
def test_a_broken_line_is_refused(line: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        from_line(line)
    assert refused.value.code == "bad_fact"


def test_a_fact_of_a_million_bytes_is_refused() -> None:
    lines = [
        kinds.Medicine(code=f"M{n}", name="a" * 120, ingredient="b" * 120, how="ư" * 300, warning="ư" * 300,
                       not_in_pregnancy="ư" * 300, strength="ư" * 300, unit="viên", source="ư" * 300)
        for n in range(500)
    ]  # fmt: skip
    heavy = kinds.Formulary(demo=True, medicines=lines, signed_by="x", signed_on=AT.date(), digest="0" * 64)
    with pytest.raises(BadInput) as refused:
        taken(said(kind="formulary", body=heavy.model_dump(mode="json")))
    assert refused.value.code == "fact_too_large"


def test_a_wrong_clock_moves_nothing() -> None:
    fact = taken(said(device_at="2099-01-01T00:00:00Z"))
    other = replace(taken(said()), kit_at=fact.kit_at + timedelta(minutes=1))
    assert merge([other, fact]) == [fact, other]


@given(st.randoms(use_true_random=False), st.integers(0, 2**16))
def test_a_merge_is_a_set(chance: random.Random, bits: int) -> None:
    facts = chance.sample(PLAYED.facts, 30)
    parts = [[fact for fact in facts if chance.random() < 0.6] for _ in range(3)]
    for part in parts:
        part += [
            replace(fact, kit=3, kit_at=fact.kit_at + timedelta(seconds=bits % 7 - 3)) for fact in part[::4]
        ]
        chance.shuffle(part)
    one, two, three = parts
    assert merge(one, two) == merge(two, one)
    assert merge(merge(one, two), three) == merge(one, merge(two, three))
    assert merge(one, one) == merge(one) == merge(merge(one))
    assert digest([*one, *two]) == digest(merge(two, one))


def test_a_thousand_shuffled_merges_with_doubles_have_one_digest() -> None:
    whole = made_up.play(5, 3, people=60)
    kits = [[*whole.plan, *facts] for facts in whole.kits.values()]
    wanted = digest(whole.facts)
    chance = random.Random(1)
    for _ in range(1000):
        chance.shuffle(kits)
        parts = [kits[0], kits[1][: chance.randrange(len(kits[1]))], kits[2], kits[1], kits[0][::-1]]
        assert digest(merge(*parts)) == wanted
    assert digest(merge(kits[0], kits[1])) != wanted


def test_facts_of_one_id_that_say_other_things_are_two() -> None:
    row = said()
    other = json.loads(json.dumps(row))
    other["body"]["name"] = "Vàng Thị Sua"
    assert len(merge([taken(row)], [taken(other)])) == 2
    assert taken(row).id == taken(other).id == UUID(row["id"])
