"""A link that works once."""

from datetime import date, timedelta

import pytest

from tantam.office.people import actions
from tantam.office.people.models import Pass
from tests.office.people.said import NOT_ADMINS, last, refused

PASSWORD = "con đường nhỏ ra biển"


def invite(world, who="admin", staff="stranger"):
    return actions.invite(getattr(world, staff), "invite", actor=getattr(world, who), at=world.at)


def test_the_secret_is_kept_nowhere(world):
    secret = invite(world)
    kept = Pass.objects.get()
    assert len(secret) > 40 and secret not in str(vars(kept))
    assert kept.until == world.at + timedelta(days=3)
    assert (last().act, last().on_id, last().facts) == (
        "pass.made",
        str(world.stranger.pk),
        {"purpose": "invite"},
    )


def test_a_newer_one_ends_the_older(world):
    older, newer = invite(world), invite(world)
    with refused("pass_spent"):
        actions.whose_pass(older, "invite", at=world.at)
    assert actions.whose_pass(newer, "invite", at=world.at) == world.stranger


def test_it_works_once(world):
    secret = invite(world)
    staff = actions.accept_invite(secret, PASSWORD, at=world.at)
    assert staff == world.stranger and staff.check_password(PASSWORD)
    assert staff.password.startswith("argon2")
    assert (last().act, last().actor) == ("pass.used", staff.pk)
    with refused("pass_spent"):
        actions.accept_invite(secret, "một câu khác hẳn", at=world.at)
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)


@pytest.mark.parametrize("case", ["late", "unknown", "other purpose", "left"])
def test_spent_links_are_all_alike(world, case):
    secret, at, purpose = invite(world), world.at, "invite"
    if case == "late":
        at += timedelta(days=3)
    if case == "unknown":
        secret = "x" + secret
    if case == "other purpose":
        purpose = "demo"
    if case == "left":
        actions.leave(world.stranger, actor=world.admin, at=world.at)
    with refused("pass_spent"):
        actions.whose_pass(secret, purpose, at=at)
    with refused("pass_spent"):
        actions.use_pass(secret, purpose, at=at)


def test_for_somebody_who_left(world):
    world.stranger = actions.leave(world.stranger, actor=world.admin, at=world.at)
    with refused("staff_left"):
        invite(world)


@pytest.mark.parametrize("who", NOT_ADMINS)
def test_nobody_but_the_administrator(world, who):
    with refused("not_your_duty"):
        invite(world, who)


def test_a_branch_administrator_gets_no_way_into_headquarters(world):
    actions.give_duty(world.dung, "admin", world.nha_trang, actor=None, at=world.at, from_on=date(2020, 1, 1))
    assert invite(world, "dung", "lam")
    with refused("not_your_office"):
        invite(world, "dung", "hoa")
    actions.give_duty(world.lam, "auditor", world.hq, actor=world.admin, at=world.at)
    with refused("not_your_office"):  # works in Nha Trang, and sees all of headquarters
        invite(world, "dung", "lam")
