"""What every answer carries, and what no form does without."""

import pytest
from django.test import Client

from tantam.office import door
from tests.office.door.addresses import every
from tests.office.door.signing import sign_in, with_password

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
PLAIN = [a for a in every() if "<" not in a.pattern and "?P" not in a.pattern]


def _policy(answer):
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts if name}


@pytest.mark.django_db(databases=["default", "health"])
@pytest.mark.parametrize("who", [None, "stranger", "policy"])
def test_every_page_has_its_policy(world, page, who):
    browser = page(who and getattr(world, who))
    for address in PLAIN:
        answer = browser.get(address.path)
        policy = _policy(answer)
        assert {name: policy[name] for name in POLICY} == POLICY
        assert not {"unsafe", "http", "*"} & {word for value in policy.values() for word in value.split()}
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "address", ["/", "/people/", "/journal/", "/programmes/", "/accounts/login/", "/no-such-page/"]
)
def test_no_page_holds_style_or_script_of_its_own(world, page, address):
    import re

    text = page(world.policy).get(address).content.decode()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", text)
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_the_sessions_cookie(world, settings):
    with_password(world.lam)
    browser = Client()
    sign_in("lam", browser=browser)
    cookie = browser.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert cookie["max-age"] == ""  # it ends with the browser, and in any case after half a day
    assert browser.session.get_expiry_age() == settings.SESSION_COOKIE_AGE == 12 * 3600
    assert not cookie["secure"]
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    browser = Client()
    sign_in("lam", browser=browser)
    assert browser.cookies["sessionid"]["secure"]


def test_signing_in_makes_a_new_session(world):
    with_password(world.lam)
    browser = Client()
    session = browser.session
    session["planted"] = "1"
    session.save()
    before = session.session_key
    sign_in("lam", browser=browser)
    assert browser.cookies["sessionid"].value != before


FORMS = [a for a in every() if not a.path.startswith(door.OPEN) and not a.path.startswith("/api/")]


def test_a_form_from_elsewhere_changes_nothing(world):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    answers = {address.path: browser.post(address.path, {"name": "x"}).status_code for address in FORMS}
    assert set(answers.values()) == {403}, answers


@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/accounts/logout/", "/accounts/pass/x/", "/i18n/setlang/"]
)
def test_nor_do_the_open_forms(world, address):
    answer = Client(enforce_csrf_checks=True).post(address, {})
    assert answer.status_code == 403 and "no_token" in answer.content.decode()


def test_the_language_is_chosen_and_kept(world, page):
    browser = page(world.lam)
    assert 'lang="vi"' in browser.get("/people/").content.decode()
    browser.post("/i18n/setlang/", {"language": "en", "next": "/people/"})
    assert '<html lang="en">' in browser.get("/people/").content.decode()
    away = browser.post("/i18n/setlang/", {"language": "vi", "next": "https://evil.example/"})
    assert away.headers["Location"] == "/"
