"""Each station sees what its work needs and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tantam.office.camps import kinds, ledger
from tantam.office.camps.kit import tickets, viewing

pytestmark = pytest.mark.django_db(databases=["default", "health"])
CLINICAL = ("vitals", "examined", "to_dispense", "limits")


def seen(kit: Any, who: str, station: str, rev: str = "") -> dict[str, Any]:
    answer = kit.signed_in(who).get(f"/view/{station}/?rev={rev}")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_each_station_sees_its_own_queue(kit: Any) -> None:
    waiting = seen(kit, "k1-registrar-1", "registrar")["counts"]["waiting"]
    for station in ("triage", "doctor", "pharmacist", "exit"):
        view = seen(kit, f"k1-{station}-1", station)
        assert sum(row["waits_for"] == station for row in view["queue"]) == waiting[station] > 0
    assert {row["waits_for"] for row in seen(kit, "k1-triage-1", "triage")["queue"]} == {"triage"}
    assert len(seen(kit, "lead", "lead")["queue"]) == sum(waiting.values())


def test_what_is_clinical_stays_with_the_clinicians(kit: Any) -> None:
    for station in ("registrar", "triage"):
        view = seen(kit, f"k1-{station}-1", station)
        assert not [row for row in view["queue"] for name in CLINICAL if name in row]
        assert "medicines" not in view
        assert {row["kind"] for row in view["recent"]} <= {
            "registered",
            "measured",
            "called",
            "voiced",
            "left",
        }
    doctor = seen(kit, "k1-doctor-1", "doctor")
    assert doctor["queue"][0]["vitals"] and "limits" in doctor["queue"][0]
    to_give = seen(kit, "k1-pharmacist-1", "pharmacist")["queue"][0]
    assert to_give["to_dispense"] and to_give["examined"][0]["prescribed"]


def test_nothing_new_is_said_in_a_few_words(kit: Any) -> None:
    client = kit.signed_in("k1-doctor-1")
    first = client.get("/view/doctor/").json()
    again = client.get(f"/view/doctor/?rev={first['rev']}").json()
    assert again["same"] is True and set(again) == {"rev", "same", "now", "kit"}


def test_the_board_shows_numbers_and_no_names(kit: Any) -> None:
    from django.test import Client

    page = Client().get("/board/").content.decode()
    day = ledger.day_of(kit.camp)
    waiting = [visit.person for visit in day.came if visit.waits_for == "triage"]
    assert [one for one in waiting if one.ticket in page]
    assert not [visit for visit in day.came if visit.person.name in page]


def test_two_registrars_never_get_one_number(kit: Any) -> None:
    day = ledger.day_of(kit.camp)
    first = seen(kit, "k1-registrar-1", "registrar")["tickets"]
    second = seen(kit, "k1-registrar-2", "registrar")["tickets"]
    used = {visit.person.ticket for visit in day.came}
    assert set(first) == {"", "E", "U"}
    assert not (set(first.values()) & set(second.values())) and not (set(first.values()) & used)
    assert seen(kit, "k1-registrar-1", "registrar")["tickets"] == first  # kept until it is used
    assert tickets.reserved(kit.held.folder, day, "k1-registrar-1", 1) == first  # also after a new start
    (kit.held.folder / tickets.FILE).write_text("{")  # a torn file costs no number twice
    assert not set(tickets.reserved(kit.held.folder, day, "k1-registrar-1", 1).values()) & used


def test_a_number_that_was_used_is_followed_by_the_next(kit: Any) -> None:
    from datetime import UTC, datetime

    from uuid_utils.compat import uuid7

    from tantam.office.camps.facts import Fact

    mine = seen(kit, "k1-registrar-1", "registrar")["tickets"]
    body = kinds.Registered(
        visit=uuid7(), ticket=mine["U"], name="Vàng Thị Mẩy", consent="heard", priority=["elder"]
    )
    at = datetime(2026, 11, 21, 1, 45, tzinfo=UTC)
    ledger.append(kit.camp, [Fact(uuid7(), kit.camp.id, body, "k1-registrar-1", "k1-registrar-1", at, 1, at)])
    after = seen(kit, "k1-registrar-1", "registrar")
    assert after["tickets"]["U"] != mine["U"] and after["tickets"][""] == mine[""]
    assert after["recent"][0]["name"] == "Vàng Thị Mẩy" and after["recent"][0]["state"] == "stored"


def test_people_are_found_without_accents_and_exact_accents_come_first(kit: Any) -> None:
    client = kit.signed_in("k1-registrar-1")
    expected = next(iter(ledger.day_of(kit.camp).plan.expected.values()))
    rows = client.get("/people/", {"q": expected.name}).json()
    assert rows[0]["name"] == expected.name
    from tantam.letters import fold

    plain = client.get("/people/", {"q": f"{fold(expected.name)} {expected.born_year or ''}"}).json()
    assert any(row["name"] == expected.name for row in plain)
    here = ledger.day_of(kit.camp).came[0]
    row = client.get("/people/", {"q": here.person.name}).json()[0]
    assert row["visit"] and set(row) >= {"id", "name", "born_year", "sex", "village", "seen", "visit"}
    for nothing in ("", "  ", "zzzz qqqq", "\x00", "%", "a" * 5_000):
        assert client.get("/people/", {"q": nothing}).json() == []


def test_a_card_of_somebody_who_is_here_says_so(kit: Any) -> None:
    from tantam.office.camps import locks

    client = kit.signed_in("k1-registrar-1")
    day = ledger.day_of(kit.camp)
    visit = next(one for one in day.came if one.person.card)
    number = "099301112345"
    text = f"{number}|012345678|Giàng Thị Mỷ|05031948|Nữ|Lũng Sương|01012022"
    read = client.post("/card/", json.dumps({"text": text}), content_type="application/json").json()
    assert read["card"] == locks.salted(kit.day.key, number) and read["card_end"] == "2345"
    assert read["visit"] is None and number not in json.dumps(read)
    from tantam.office.camps.kit import cards, people

    card = cards.read(text, kit.day.key, on=kit.camp.on)
    from dataclasses import replace

    assert people.of_card(day, replace(card, card=visit.person.card))["visit"] == str(visit.id)
    for bad in ({"text": "x"}, {"text": "9" * 5_000}, {}, [], {"text": None}):
        answer = client.post("/card/", json.dumps(bad), content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_card")


def test_findings_are_sent_once(kit: Any) -> None:
    client = kit.signed_in("k1-doctor-1")
    first = client.get("/codes/")
    assert len(first.json()["rows"]) == len(ledger.day_of(kit.camp).plan.codes) > 0
    assert client.get("/codes/", HTTP_IF_NONE_MATCH=first.headers["ETag"]).status_code == 304


def test_ages_are_said_in_months_while_small_and_about_where_guessed() -> None:
    from datetime import date

    from uuid_utils.compat import uuid7

    on = date(2026, 11, 21)

    def said(**born: Any) -> tuple[str, str]:
        person = kinds.Registered(visit=uuid7(), ticket="1", name="A", consent="heard", **born)
        return viewing.age(person, on)

    assert said(born_on=date(2026, 1, 25)) == ("9 tháng", "9 months")
    assert said(born_on=date(1950, 11, 22)) == ("75 tuổi", "75")
    assert said(born_year=1940, born_about=True) == ("khoảng 86 tuổi", "about 86")
    assert said() == ("", "")
