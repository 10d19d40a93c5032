"""Other systems: let in by a token, for some duties at an office, until a day; and never otherwise."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tantam import clock
from tantam.office.journal.models import Entry
from tantam.office.people import actions, machines
from tantam.office.people.models import Duty, Machine, Staff
from tests.office.people.said import NOT_ADMINS, last, refused

ENDS = date(2027, 6, 30)


def added(
    world: Any, *duties: str, who: str = "admin", office: str = "nha_trang", **changed: Any
) -> tuple[Machine, str]:
    given = {"ends_on": ENDS, "actor": getattr(world, who), "at": world.at, **changed}
    return machines.add("Tổng đài 18001090", getattr(world, office), duties or ("agent",), **given)


def test_a_machine_has_a_name_an_office_duties_and_no_password(world: Any) -> None:
    machine, token = added(world, "agent", "policy")
    staff = Staff.everybody.get(pk=machine.pk)
    assert (staff.name, staff.office, staff.is_machine) == ("Tổng đài 18001090", world.nha_trang, True)
    assert not staff.has_usable_password()
    assert sorted(staff.duties(date(2026, 11, 22))) == [("agent", "hq/kh/nt/"), ("policy", "hq/kh/nt/")]
    assert (machine.made_by, machine.ends_on, machine.last_used_on) == (world.admin, ENDS, None)
    (entry,) = Entry.objects.filter(act="machine.added")
    assert (entry.actor, entry.on_id, entry.facts) == (
        world.admin.pk,
        str(staff.pk),
        {"ends_on": "2027-06-30"},
    )
    kept = str(vars(machine)) + str(vars(staff)) + str(list(Entry.objects.values()))
    assert token.partition("_")[2].partition("_")[2] not in kept and len(token) > 45


def test_the_digest_hangs_on_a_key_outside_the_database(world: Any, settings: Any) -> None:
    _, token = added(world)
    assert machines.whose(token, at=world.at) is not None
    settings.SECRET_KEY = "another"
    assert machines.whose(token, at=world.at) is None


def test_a_machine_is_not_among_the_people(world: Any) -> None:
    machine, _ = added(world)
    assert not Staff.objects.filter(pk=machine.pk).exists()
    with refused("bad_machine"):
        added(world, "admin")


@pytest.mark.parametrize(
    "change", ["ended", "too old", "cut", "of another number", "another", "closed", "", "tantam_x_y"]
)
def test_tokens_that_open_nothing_are_all_alike(world: Any, change: str) -> None:
    machine, token = added(world)
    other, at = added(world)[0], world.at
    assert machines.whose(token, at=at) == machine.staff
    if change == "ended":
        machines.end(machine, actor=world.admin, at=at)
    elif change == "too old":
        at += timedelta(days=221)
    elif change == "closed":
        actions.close(machine.staff, actor=world.admin, at=at)
    else:
        secret = token.split("_", 2)[2]
        token = {
            "cut": token[:-1],
            "of another number": f"tantam_{other.pk}_{secret}",
            "another": f"x{token}",
        }.get(change, change)
    assert machines.whose(token, at=at) is None


def test_it_opens_to_the_end_of_its_last_day_and_notes_the_day(world: Any) -> None:
    machine, token = added(world)
    assert machines.whose(token, at=world.at + timedelta(days=220)) is not None
    machine.refresh_from_db()
    assert machine.last_used_on == ENDS


def test_ended_once_with_its_duties(world: Any) -> None:
    machine, _ = added(world)
    machines.end(machine, actor=world.admin, at=world.at)
    assert (last().act, last().on_id) == ("machine.ended", str(machine.pk))
    assert not Duty.objects.filter(staff=machine.pk, to_on__isnull=True).exists()
    count = Entry.objects.count()
    machines.end(machine, actor=world.admin, at=world.at + timedelta(days=1))
    assert Entry.objects.count() == count
    assert Machine.objects.get(pk=machine.pk).ended_at == world.at


def test_rotating_is_adding_and_ending(world: Any) -> None:
    machine, old = added(world, "agent", "policy")
    new, token = machines.rotate(machine, ends_on=date(2027, 11, 1), actor=world.admin, at=world.at)
    assert machines.whose(old, at=world.at) is None and machines.whose(token, at=world.at) == new.staff
    assert new.staff.name == machine.staff.name and new.ends_on == date(2027, 11, 1)
    assert {code for code, _ in new.staff.duties(world.at.date())} == {"agent", "policy"}


@pytest.mark.parametrize(
    ("changed", "duties"),
    [
        ({"ends_on": date(2026, 11, 22)}, ["agent"]),
        ({"ends_on": date(2027, 11, 24)}, ["agent"]),
        ({}, ["king"]),
    ],
)
def test_what_a_machine_cannot_be(world: Any, changed: dict[str, Any], duties: list[str]) -> None:
    with refused("bad_machine"):
        added(world, *duties, **changed)


@pytest.mark.parametrize("who", NOT_ADMINS)
def test_nobody_but_the_administrator(world: Any, who: str) -> None:
    with refused("not_your_duty"):
        added(world, who=who)
    machine, _ = added(world)
    with refused("not_your_duty"):
        machines.end(machine, actor=getattr(world, who), at=world.at)


def test_an_administrator_of_a_branch_there_alone(world: Any) -> None:
    actions.give_duty(world.dung, "admin", world.nha_trang, actor=world.admin, at=world.at)
    machine, _ = added(world, who="dung")
    elsewhere, _ = added(world, office="ca_mau")
    with refused("not_your_office"):
        added(world, who="dung", office="ca_mau")
    with refused("not_your_office"):
        machines.end(elsewhere, actor=world.dung, at=world.at)
    machines.end(machine, actor=world.dung, at=world.at)


def asked(token: str, path: str = "/api/themes", **more: Any) -> Any:
    return Client(headers={"authorization": f"Bearer {token}"}).get(path, **more)


def test_wrong_tokens_are_limited_and_the_right_one_is_not(world: Any) -> None:
    _, token = added(world, at=clock.now(), ends_on=clock.to_date(clock.today()) + timedelta(days=9))
    answers = [asked("tantam_1_x") for _ in range(11)]
    assert [one.status_code for one in answers] == [401] * 10 + [429]
    assert answers[0].headers["WWW-Authenticate"] == "Bearer"
    assert (answers[-1].json()["type"], answers[-1].headers["Retry-After"]) == (
        "urn:tantam:too_many_tokens",
        "60",
    )
    assert asked(token).status_code == 200
    assert asked("tantam_1_x", REMOTE_ADDR="10.0.0.9").status_code == 401


def test_a_token_opens_no_page(world: Any) -> None:
    _, token = added(world, at=clock.now(), ends_on=clock.to_date(clock.today()) + timedelta(days=9))
    for path in ("/", "/people/", "/opinions/themes/", "/accounts/2fa/"):
        assert asked(token, path).headers["Location"].startswith("/accounts/login/")
