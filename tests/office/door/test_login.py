"""Signing in: nobody learns whose name exists, and nobody tries for long."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tantam.office.people import actions
from tests.office.door.signing import LOGIN, PASSWORD, sign_in, with_password

WAIT = "Sai quá nhiều lần"


@pytest.fixture
def lam(world):
    """A director with a password."""
    return with_password(world.lam)


def test_the_right_password(lam):
    browser = Client()
    assert sign_in("lam", browser=browser).headers["Location"] == "/"
    assert browser.get("/people/").status_code == 200
    assert browser.post("/accounts/logout/").status_code == 302
    assert browser.get("/people/").status_code == 302


def test_where_one_wanted_to_go(lam):
    asked = Client().get("/journal/")
    assert asked.headers["Location"] == "/accounts/login/?next=/journal/"
    assert sign_in("lam", next="/journal/").status_code == 302


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_never_to_somebody_elses_page(lam, to):
    sent = Client().post(LOGIN, {"login": "lam", "password": PASSWORD, "next": to})
    assert sent.headers["Location"] == "/"


def _plain(answer):
    """The page without what differs in every answer: the token, and the name as it was typed."""
    import re

    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return answer.status_code, re.sub(r'value="(lam|nobody|la)"', "", text)


def test_a_wrong_password_and_an_unknown_name_look_the_same(world, lam):
    gone = with_password(world.khoi)
    actions.leave(gone, actor=world.admin, at=world.at)
    wrong = _plain(sign_in("lam", "wrong"))
    assert wrong == _plain(sign_in("nobody", "wrong"))
    assert wrong == _plain(sign_in("la", "wrong"))  # has no password yet
    assert "không đúng" in wrong[1]


def test_and_take_as_long(lam, monkeypatch):
    made = []
    encode = Argon2PasswordHasher.encode
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *a, **k: made.append(1) or encode(*a, **k))
    verify = Argon2PasswordHasher.verify
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *a, **k: made.append(1) or verify(*a, **k))
    spent = []
    for name in ("lam", "nobody"):
        made.clear()
        sign_in(name, "wrong")
        spent.append(len(made))
    assert spent[0] == spent[1] == 1


@pytest.mark.parametrize("name", ["lam", "nobody"])
def test_after_five_wrong_tries_not_even_the_right_one(lam, name):
    for _ in range(5):
        assert WAIT not in sign_in(name, "wrong").content.decode()
    assert WAIT in sign_in(name, PASSWORD).content.decode()


def test_from_wherever_the_tries_come(lam):
    for n in range(5):
        sign_in("lam", "wrong", REMOTE_ADDR=f"10.0.0.{n}")
    assert WAIT in sign_in("lam", PASSWORD, REMOTE_ADDR="10.0.0.9").content.decode()


def test_the_tries_are_counted_where_every_process_sees_them(lam):
    with CaptureQueriesContext(connection) as asked:
        sign_in("lam", "wrong")
    assert any('INTO "cache"' in query["sql"] for query in asked)


def test_one_address_does_not_try_many_names(lam):
    answers = [sign_in(f"name{n}", "wrong") for n in range(11)]
    assert WAIT in answers[-1].content.decode() or answers[-1].status_code == 429


def test_somebody_who_left_does_not_come_in(world, lam):
    actions.leave(lam, actor=world.admin, at=world.at)
    browser = Client()
    sign_in("lam", browser=browser)
    assert browser.get("/people/").status_code == 302


def test_nobody_signs_himself_up(world):
    told = {"username": "moi", "password1": PASSWORD, "password2": PASSWORD}
    seen = Client().post("/accounts/signup/", told)
    assert seen.status_code in (200, 403, 404)
    from tantam.office.people.models import Staff

    assert not Staff.objects.filter(username="moi").exists()


@pytest.mark.parametrize("weak", ["ngan", "password12345", "truongngoclam"])
def test_weak_passwords(world, page, weak):
    from tantam import clock

    secret = actions.invite(world.lam, "invite", actor=world.admin, at=clock.now())
    world.lam.username = "truongngoclam"
    world.lam.save()
    sent = page(None).post(f"/accounts/pass/{secret}/", {"new_password1": weak, "new_password2": weak})
    assert sent.status_code == 422


def test_a_new_password_ends_other_sessions(world, lam):
    from tantam import clock

    elsewhere = Client()
    sign_in("lam", browser=elsewhere)
    assert elsewhere.get("/people/").status_code == 200
    secret = actions.invite(lam, "invite", actor=world.admin, at=clock.now())
    actions.accept_invite(secret, "một câu khác hẳn", at=clock.now())
    assert elsewhere.get("/people/").status_code == 302
