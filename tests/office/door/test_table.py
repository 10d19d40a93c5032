"""The one table: who may do which act where."""

import ast
from pathlib import Path

import pytest

import tantam.office
from tantam.errors import Refused
from tantam.office import door
from tantam.office.people import actions
from tantam.office.people.models import DUTIES, Staff

DUTY = {
    "lam": ("director", "nha_trang"),
    "dung": ("officer", "nha_trang"),
    "khoi": ("director", "ca_mau"),
    "hoa": ("executive", "hq"),
    "policy": ("policy", "hq"),
    "auditor": ("auditor", "hq"),
    "admin": ("admin", "hq"),
    "privacy": ("privacy", "hq"),
    "stranger": ("", "hq"),
}
PLACES = ("hq", "khanh_hoa", "nha_trang", "cm", "ca_mau")
ASKS = {"enter", "may", "offices", "page"}


@pytest.mark.parametrize("who", DUTY)
def test_every_act_by_everybody_everywhere(world, who):
    duty, home = DUTY[who]
    person = Staff.objects.get(pk=getattr(world, who).pk)
    for code, act in door.ACTS.items():
        allowed = bool(duty) and (act.duties == "*" or duty in act.duties.split())
        assert door.may(person, code) is allowed, (who, code)
        for place in PLACES:
            office = getattr(world, place)
            here = allowed and office.path.startswith(getattr(world, home).path)
            assert door.may(person, code, office) is here, (who, code, place)
            if here:
                door.enter(person, code, office)
                continue
            with pytest.raises(Refused) as no:
                door.enter(person, code, office)
            assert no.value.code == ("not_your_office" if allowed else "not_your_duty")
            assert no.value.vi and no.value.do


@pytest.mark.parametrize("who", DUTY)
def test_the_offices_whose_rows_somebody_sees(world, who):
    duty, home = DUTY[who]
    seen = door.offices(Staff.objects.get(pk=getattr(world, who).pk), "people.see")
    if duty and home == "hq":
        assert seen is None
    else:
        assert seen == ([getattr(world, home).pk] if duty else [])


def test_the_machine_may_do_what_it_is_coded_to_do(world):
    assert all(door.may(None, code) for code in door.ACTS) and door.offices(None, "people.see") is None


def test_a_duty_holds_below_and_not_above_or_beside(world):
    actions.give_duty(world.stranger, "director", world.khanh_hoa, actor=world.admin, at=world.at)
    person = Staff.objects.get(pk=world.stranger.pk)
    assert [door.may(person, "promise.make", getattr(world, p)) for p in PLACES] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_the_auditor_changes_nothing():
    changes = {
        code for code, act in door.ACTS.items() if "auditor" in act.duties and not code.endswith(".see")
    }
    assert changes <= {"person.look"}


def test_the_table_is_whole():
    for code, act in door.ACTS.items():
        assert code.count(".") == 1 and act.vi and act.en, code
        assert act.duties == "*" or set(act.duties.split()) <= set(DUTIES), code
    assert set(door.DUTY_NAMES) == set(DUTIES)


def test_every_code_that_is_asked_for_stands_in_the_table():
    asked = {}
    for file in Path(tantam.office.__file__).parent.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            name = (
                getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            )
            for given in node.args if name in ASKS else []:
                if isinstance(given, ast.Constant) and isinstance(given.value, str) and "." in given.value:
                    asked[given.value] = file.name
    assert {code: file for code, file in asked.items() if code not in door.ACTS} == {}
    assert len(asked) > 20
