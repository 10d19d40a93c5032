"""What the gate is told of a person: the base, what was said since, and what was sent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tantam.clock import parse_day
from tantam.office.channels import actions, subscribers
from tantam.office.channels.rules import Known
from tests.a_base import home_with, stored
from tests.office.channels.a_message import Wire, a_message, a_no, a_yes


@pytest.fixture
def keys(tmp_path: Path, settings: Any) -> list[int]:
    """Three subscribers of the base: the first agreed to advertising, the second refused it, of the third we know
    nothing."""
    table = stored(3, seed=3)
    for column, values in (
        ("consent_ads_on", [parse_day("2026-05-03"), None, None]),
        ("refuses_ads", [False, True, None]),
        ("consent_care_on", [None, None, None]),
    ):
        at = table.schema.get_field_index(column)
        table = table.set_column(at, column, pa.array(values, table.schema.field(column).type))
    settings.HOME = home_with(tmp_path, table).root
    return list(table["key"].to_pylist())


def test_the_base_and_the_office_are_told_together(world: Any, keys: list[int]) -> None:
    agreed, refused, silent = keys
    a_no(world, agreed)
    a_yes(world, silent)
    found = actions.known([*keys, 99], at=world.at)
    assert [one.granted for one in found[agreed].consents] == [True, False]
    assert [one.granted for one in found[refused].consents] == [False]
    assert [one.how for one in found[silent].consents] == ["form"]
    assert found[99] == Known()


def test_the_gate_of_the_office_goes_by_the_base(world: Any, keys: list[int]) -> None:
    for key in keys:
        a_message(world, key, key=key, purpose="advertising", opt_out="TC gửi 199")
    wire = Wire()
    assert actions.send_due(wire, at=world.at) == {"send": 1, "refuse": 2}
    assert [one.key for one in wire.out] == [keys[0], None]  # and a copy for the authority


def test_what_was_sent_is_a_contact_from_then_on(world: Any, keys: list[int]) -> None:
    a_message(world, key=keys[2])
    actions.send_due(Wire(), at=world.at)
    (contact,) = actions.known(keys, at=world.at + timedelta(hours=1))[keys[2]].contacts
    assert (contact.at, contact.purpose, contact.channel) == (world.at, "invitation", "sms")
    assert actions.known(keys, at=world.at + timedelta(days=3))[keys[2]].contacts == ()


def test_without_a_base_nobody_is_known(world: Any, tmp_path: Path) -> None:
    assert subscribers.said(subscribers.Home(tmp_path), [1, 2]) == {}
    assert actions.known([], at=world.at) == {}
