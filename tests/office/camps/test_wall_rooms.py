"""The wall from every other room: imports, ORM, raw SQL, relations, what the room's own acts give back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connections

import tantam
from tantam.errors import Fault
from tantam.office.camps import merging, referrals
from tantam.office.camps.models import Camp, StoredFact
from tantam.office.databases import HEALTH_APPS
from tantam.office.journal.actions import write
from tantam.office.journal.models import Entry
from tantam.office.promises.models import Promise
from tests.office.camps.after import NUMBER, PERSON, SECRET, VILLAGE, camped, planted
from tests.office.world import AT

BOTH = pytest.mark.django_db(databases=["default", "health"])
SOURCE = Path(tantam.__file__).parent
OUTSIDE = {"urls.py", "wsgi.py", "asgi.py"}
"""Modules that list addresses of every room."""
ACTS_ALONE = {"worker/chores.py"}
"""Who may call the camps' acts, and what: a chore hands no health data to anybody."""


def _imports(file: Path) -> Iterator[str]:
    """Every module that a file imports anywhere in it, as ``a.b.c``; names of ``from`` imports too."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _files() -> Iterator[tuple[str, Path]]:
    for file in sorted(SOURCE.rglob("*.py")):
        yield str(file.relative_to(SOURCE)), file


def test_no_other_room_imports_anything_of_camps() -> None:
    """Below and beside camps nobody knows of them; above, the addresses, the sample and the terminal do."""
    bad = []
    for name, file in _files():
        inside = name.startswith(("office/camps/", "cli/", "sample/"))
        if inside or Path(name).name in OUTSIDE:
            continue
        for module in _imports(file):
            if module.startswith("tantam.office.camps"):
                allowed = name.removeprefix("office/") in ACTS_ALONE and not re.search(
                    r"\.(models|ledger|day|facts|kinds|keys|locks)(\.|$)", module
                )
                bad += [] if allowed else [f"{name}: {module}"]
    assert bad == []


def test_only_one_module_touches_the_table_of_facts() -> None:
    """Whoever else names it counts rows, removes them, or asks whose a fact is; nobody opens what is sealed."""
    opens = {name for name, file in _files() if "unseal(" in file.read_text()}
    assert {name for name in opens if name.startswith("office/")} <= {
        "office/camps/container.py", "office/camps/ledger.py", "office/camps/locks.py", "office/camps/unread.py",
        "office/camps/kit/posting.py", "office/camps/kit/door.py",
    }  # fmt: skip


def test_no_relation_goes_across() -> None:
    sides = {model: model._meta.app_label in HEALTH_APPS for model in apps.get_models()}
    for model, health in sides.items():
        for field in model._meta.get_fields():
            other = getattr(field, "related_model", None)
            assert other is None or sides.get(other, health) is health, (model, field)


def test_nothing_of_camps_is_in_the_api() -> None:
    from tantam.office.api import api

    assert "camp" not in "".join(api.get_openapi_schema()["paths"]).lower()


@BOTH
def test_the_offices_connection_knows_no_camp(camp_world: Any, camps_home: Path) -> None:
    camped(camp_world, camps_home)
    with pytest.raises(DatabaseError):
        StoredFact.objects.using("default").count()


@BOTH
def test_raw_sql_on_the_offices_connection_finds_no_table() -> None:
    named = set(connections["default"].introspection.table_names())
    assert not {name for name in named if name.startswith(tuple(f"{app}_" for app in HEALTH_APPS))}
    kept = set(connections["health"].introspection.table_names())
    assert {"camps_camp", "camps_storedfact"} <= kept and "promises_promise" not in kept


@BOTH
def test_the_offices_connection_cannot_reach_the_health_database() -> None:
    health = connections["health"]
    reach = {"sqlite": "ATTACH DATABASE %s AS theirs", "postgresql": "SELECT %s FROM camps_camp"}[
        health.vendor
    ]
    with pytest.raises(DatabaseError), connections["default"].cursor() as cursor:
        cursor.execute(reach, [str(health.settings_dict["NAME"])])
        cursor.execute("SELECT * FROM theirs.camps_storedfact")


@BOTH
def test_what_is_stored_says_nothing_without_the_camps_key(
    camp_world: Any, camps_home: Path, tmp_path: Path
) -> None:
    it = camped(camp_world, camps_home)
    planted(it)
    merging.take_in(it.file(tmp_path), actor=None, at=AT)
    rows = [
        repr(row)
        for model in apps.get_app_config("camps").get_models()
        if model.__module__
        == "tantam.office.camps.models"  # another test borrows the name for a model of its own
        for row in model.objects.values_list()
    ]
    assert rows and not [row for row in rows for word in (SECRET, PERSON, VILLAGE, NUMBER) if word in row]


@BOTH
def test_the_journal_and_the_promises_hold_ids_alone(
    camp_world: Any, camps_home: Path, tmp_path: Path
) -> None:
    it = camped(camp_world, camps_home, theme="Zqwtim mạch", general=False)
    planted(it)
    merging.take_in(it.file(tmp_path), actor=None, at=AT)
    one = referrals.all_of(it.camp)[0]
    referrals.follow(
        it.camp, one.root, actor=camp_world.head, at=AT, outcome="treated", on=it.camp.on, words=SECRET
    )
    rows = [repr(row) for model in (Entry, Promise) for row in model.objects.values_list()]
    words = (SECRET, PERSON, VILLAGE, NUMBER, "Zqwtim", "Zqtỉnh", "C3")
    assert len(rows) > 5 and not [row for row in rows for word in words if word in row]
    said = {promise.what for promise in Promise.objects.filter(about_kind="camp_fact")}
    assert said == {referrals.WHAT}


@BOTH
def test_the_journal_takes_no_health_even_from_a_careless_caller(camp_world: Any) -> None:
    for words in (SECRET, PERSON, VILLAGE):
        with pytest.raises(Fault, match="not_a_fact"):
            write(actor=None, act="camp.said", at=AT, on=("camp", 1), finding=words)


@BOTH
def test_a_camps_row_holds_what_a_poster_says_and_no_more() -> None:
    """Lists read it without a key: place and day, never a theme."""
    assert {field.name for field in Camp._meta.concrete_fields} == {
        *("id", "office", "owner", "name", "place", "place_code", "province", "on"),
        *("general", "made_up", "state", "made_at"),
    }
