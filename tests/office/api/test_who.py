"""Who gets in over the API, by a token or a session; whoever does not reads why, as problem details."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tantam import clock
from tantam.office.journal.models import Entry
from tantam.office.opinions.models import Opinion
from tantam.office.people import machines
from tests.office.api.contract import declared
from tests.office.api.given import VALID, a_machine


def sends(token: str, **changed: Any) -> Any:
    client = Client(enforce_csrf_checks=True, headers={"authorization": f"Bearer {token}"})
    return client.post("/api/opinions", json.dumps(VALID | changed), content_type="application/json")


def test_an_opinion_once_by_a_machine_whose_name_stands_in_the_journal(world: Any) -> None:
    machine, token = a_machine(world, "agent")
    first, again = sends(token), sends(token)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Opinion.objects.count() == 1
    (entry,) = Entry.objects.filter(act="opinion.registered")
    assert (entry.actor, entry.office) == (machine.pk, world.nha_trang.pk)
    assert first.headers["Cache-Control"] == "no-store"


def test_the_door_holds_for_machines_too(world: Any) -> None:
    _, clerk = a_machine(world, "agent")
    _, reader = a_machine(world, "auditor")
    elsewhere = sends(clerk, office="cmau")
    assert (elsewhere.status_code, elsewhere.json()["type"]) == (403, "urn:tantam:not_your_office")
    wrong = sends(reader)
    assert (wrong.status_code, wrong.json()["type"]) == (403, "urn:tantam:not_your_duty")
    assert not Opinion.objects.exists()


@pytest.mark.parametrize("path", ["/api/themes", "/api/changes", "/api/promises/", "/api/promises/rate"])
@pytest.mark.parametrize("case", ["nobody", "wrong", "ended", "too old", "basic"])
def test_without_a_right(world: Any, path: str, case: str) -> None:
    machine, token = a_machine(world, "auditor")
    assert Client(headers={"authorization": f"Bearer {token}"}).get(path).status_code == 200
    if case == "ended":
        machines.end(machine, actor=world.admin, at=clock.now())
    if case == "too old":
        type(machine).objects.update(ends_on=world.at.date() - timedelta(days=9))
    header = {
        "nobody": {},
        "wrong": {"authorization": "Bearer tantam_1_x"},
        "basic": {"authorization": "Basic eDp5"},
    }
    answer = Client(headers=header.get(case, {"authorization": f"Bearer {token}"})).get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert answer.json()["type"] == "urn:tantam:not_signed_in"


def test_a_wrong_token_is_no_session_and_a_session_still_needs_its_second_step(
    world: Any, page: Any, settings: Any
) -> None:
    assert page(world.lam).get("/api/themes", headers={"authorization": "Bearer x"}).status_code == 401
    _, token = a_machine(world, "agent")
    settings.SECOND_FACTOR = "required"
    answer = page(world.lam).get("/api/themes")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:tantam:no_second_step")
    assert Client(headers={"authorization": f"bearer {token}"}).get("/api/themes").status_code == 200


def test_each_operation_but_health_declares_both_ways_in(db: None) -> None:
    schema = declared()
    assert schema["components"]["securitySchemes"]["Token"] == {"type": "http", "scheme": "bearer"}
    for path, operations in schema["paths"].items():
        for one in operations.values():
            ways = [name for way in one.get("security", []) for name in way]
            assert ways == ([] if path == "/api/health" else ["Token", "Session"]), path
