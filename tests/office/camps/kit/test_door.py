"""Who gets in on a kit: device, member, station, line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from tantam.office.camps import made_up_plan
from tantam.office.camps.kit import door

pytestmark = pytest.mark.django_db(databases=["default", "health"])
OPEN = {"board/", "check/", "ca.crt", "sw.js", "manifest.webmanifest", "i18n/setlang/", "favicon.ico"}
"""What a stranger may see: nothing of anybody's health, no names."""
GIVEN = {"secret": "x" * 26, "secret_": "x" * 26, "station": "doctor", "paper": "P-1"}
GIVEN["visit"] = "01a1fbbc-ef68-7b4e-b0e6-db8366e3b413"


def addresses() -> Iterator[tuple[str, str]]:
    from tantam.office.camps.kit.urls import urlpatterns

    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        route = str(pattern.pattern)
        path = route
        for name in pattern.pattern.converters:
            path = path.replace(f"<{_shown(route, name)}>", GIVEN[name])
        yield route, "/" + path


def _shown(route: str, name: str) -> str:
    return next(
        part.split(">")[0] for part in route.split("<")[1:] if part.split(">")[0].split(":")[-1] == name
    )


def tried(client: Client, path: str) -> list[Any]:
    return [
        client.get(path),
        client.post(path),
        client.post(path, json.dumps({"rows": []}), content_type="application/json"),
    ]


def test_a_stranger_comes_to_nothing(kit: Any) -> None:
    names = {one.body.name for one in kit.day.facts if one.kind in ("member", "registered")}
    for route, path in addresses():
        for answer in tried(Client(), path):
            if answer.status_code == 302:
                assert route in OPEN or answer.headers["Location"] == "/", path  # signing nobody out
            elif route not in OPEN:
                assert answer.status_code in (403, 404, 405), (path, answer.status_code)
            if not answer.streaming:
                assert not [name for name in names if name in answer.content.decode()], path


def test_a_device_without_a_member_comes_to_the_sign_in_only(kit: Any) -> None:
    for route, path in addresses():
        if route in OPEN or route in ("", "sign-in", "sign-out", "facts/"):
            continue
        for answer in tried(kit.device(), path):
            inside = answer.status_code == 200
            assert not inside, path
            if answer.status_code == 302 and "enter" not in path:
                assert answer.headers["Location"].startswith("/?next="), path


def test_every_view_says_whom_it_lets_in(kit: Any) -> None:
    from tantam.office.camps.kit.urls import urlpatterns

    assert not [one.name for one in urlpatterns if not hasattr(one.callback, "kit_wall")]


def test_one_sees_ones_own_stations_only(kit: Any) -> None:
    for who, own in (("k1-doctor-1", {"doctor"}), ("k1-exit-1", {"exit"}), ("chief", {"pharmacist"})):
        client = kit.signed_in(who)
        for station in ("registrar", "triage", "doctor", "pharmacist", "exit", "lead"):
            for path in (f"/station/{station}/", f"/view/{station}/"):
                assert client.get(path).status_code == (200 if station in own else 403), (who, path)
    lead = kit.signed_in("lead")
    assert lead.get("/view/triage/").status_code == lead.get("/day/").status_code == 200
    triage = kit.signed_in("k1-triage-1")
    closed = ("/day/", "/day/home.camp", "/people/?q=a", "/codes/", "/view/nowhere/", "/station/x/")
    assert {triage.get(path).status_code for path in closed} == {403}


def test_without_tls_only_what_holds_no_health(kit: Any) -> None:
    inside, wifi = kit.signed_in("k1-doctor-1"), {"REMOTE_ADDR": "10.77.0.20"}
    for route, path in addresses():
        answer = inside.get(path, **wifi)
        if route in OPEN:
            assert answer.status_code in (200, 302, 404, 405), path
        else:
            assert answer.status_code in (403, 405), path
    assert inside.get("/view/doctor/", **wifi).json()["code"] == "no_tls"
    assert inside.post("/facts/", "{}", content_type="application/json", **wifi).json()["code"] == "no_tls"
    assert inside.get("/view/doctor/", **wifi, secure=True).status_code == 200
    claims = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}
    assert inside.get("/view/doctor/", **wifi, **claims).status_code == 403


def test_five_wrong_pins_lock_one_name_on_one_device(kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client, at = kit.device(), datetime(2026, 11, 21, 1, tzinfo=UTC)
    monkeypatch.setattr("tantam.clock.now", lambda: at)
    wrong = {"member": "k1-doctor-1", "pin": "0000"}
    assert [client.post("/sign-in", wrong).status_code for _ in range(7)] == [403] * 5 + [429] * 2
    right = {"member": "k1-doctor-1", "pin": made_up_plan.PIN}
    assert client.post("/sign-in", right).status_code == 429
    assert kit.device("k1-doctor-2").post("/sign-in", right).status_code == 302  # elsewhere he gets in
    monkeypatch.setattr("tantam.clock.now", lambda: at + timedelta(minutes=6))
    assert client.post("/sign-in", right).status_code == 302


def test_trying_many_names_locks_the_device(kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tantam.office.camps.pins.fits", lambda pin, kept: False)
    client = kit.device()
    said = [client.post("/sign-in", {"member": f"m{n}", "pin": "1"}).status_code for n in range(22)]
    assert said == [403] * door.TRIES_OF_DEVICE + [429] * 2


def test_a_session_is_of_one_device_and_ends_for_its_copies(kit: Any) -> None:
    client = kit.signed_in("k1-doctor-1")
    other = kit.device("k1-triage-1")
    other.cookies["member"] = client.cookies["member"].value
    assert other.get("/view/doctor/").status_code == 403
    copy = kit.device("k1-doctor-1")
    copy.cookies["member"] = client.cookies["member"].value
    assert copy.get("/view/doctor/").status_code == 200
    assert client.post("/sign-out").status_code == 302
    assert copy.get("/view/doctor/").status_code == client.get("/view/doctor/").status_code == 403


@pytest.mark.parametrize("name", ["device", "member"])
def test_cookies_that_somebody_changed_open_nothing(kit: Any, name: str) -> None:
    client = kit.signed_in("k1-doctor-1")
    for value in ("", "x", "eyJkZXZpY2UiOiJrMS1sZWFkIn0:a:b", client.cookies[name].value[:-2] + "xx"):
        client.cookies[name] = value
        assert client.get("/view/doctor/").status_code == 403


def test_cookies_are_closed_to_scripts_and_other_sites(kit: Any) -> None:
    client = Client()
    client.get("/enter/" + made_up_plan.entry_secret(kit.day.key, "k1-doctor-1"), secure=True)
    client.post("/sign-in", {"member": "k1-doctor-1", "pin": made_up_plan.PIN}, secure=True)
    for name in ("device", "member"):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Strict", True)


def test_forms_from_elsewhere_are_refused(kit: Any) -> None:
    client = kit.device(enforce_csrf_checks=True)
    assert client.post("/sign-in", {"member": "lead", "pin": made_up_plan.PIN}).status_code == 403
    assert client.post("/day/close", {}).status_code == 403


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1", "x"])
def test_nobody_is_sent_elsewhere_after_signing_in(kit: Any, wanted: str) -> None:
    sent = {"member": "k1-exit-1", "pin": made_up_plan.PIN, "next": wanted}
    assert kit.device().post("/sign-in", sent).headers["Location"] == "/stations/"


def test_nothing_is_kept_by_the_browser(kit: Any) -> None:
    client = kit.signed_in("k1-doctor-1")
    for path in ("/view/doctor/", "/outbox-key/", "/station/doctor/", "/stations/"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_the_kit_keeps_the_office_policy_of_pages() -> None:
    from tantam.office import settings as office
    from tantam.office.camps.kit import settings as own

    assert own.CONTENT_SECURITY_POLICY == office.CONTENT_SECURITY_POLICY
