"""Whoever has not signed in, and whoever has and holds no duty, gets in nowhere: every address, every method."""

from django.test import Client
from django.urls import resolve

from tantam.office import door
from tests.office.door.addresses import every

METHODS = ("get", "post", "put", "delete", "patch", "head", "options")
CLOSED = [address for address in every() if not address.path.startswith(door.OPEN)]


def test_the_walk_finds_the_rooms():
    assert {"/journal/", "/people/", "/programmes/", "/promises/"} <= {address.path for address in CLOSED}
    assert len(CLOSED) > 40
    for address in CLOSED:
        assert resolve(address.path)


def test_what_is_open_is_only_this():
    assert set(door.OPEN) == {
        "/public/",
        "/ban-noi-chung-toi-lam/",
        "/toi/",
        "/gop-y",
        "/say",
        "/accounts/",
        "/static/",
        "/i18n/",
        "/api/health",
        "/api/openapi.json",
        "/manifest.webmanifest",
        "/sw.js",
        "/robots.txt",
        "/favicon.ico",
    }


def test_nobody(db):
    browser = Client()
    for address in CLOSED:
        for method in METHODS:
            seen = getattr(browser, method)(address.path)
            assert seen.status_code in (302, 401, 403, 404), (address.pattern, method, seen.status_code)
            if seen.status_code == 302:
                assert seen.headers["Location"].startswith("/accounts/login/")


def test_nobody_at_an_address_that_is_none(db):
    assert Client().get("/no-such-page/").status_code == 302
    assert Client().get("/api/no-such-page").status_code == 401


def test_the_stranger(world, page):
    browser = page(world.stranger)
    for address in CLOSED:
        answers = [getattr(browser, method)(address.path).status_code for method in ("get", "post")]
        if address.path == "/api/":  # the API's own root is no page
            assert answers == [404, 404]
        else:
            assert set(answers) <= {403, 405} and 403 in answers, (address.pattern, answers)


def test_whoever_left_gets_in_nowhere(world, page):
    from tantam.office.people import actions

    actions.leave(world.lam, actor=world.admin, at=world.at)
    browser = page(world.lam)
    assert {browser.get(address.path).status_code for address in CLOSED} <= {302, 401}


def test_every_page_says_which_door_it_stands_behind():
    without = [a.pattern for a in CLOSED if not a.path.startswith("/api/") and not hasattr(a.view, "act")]
    assert without == []
    assert {a.view.act for a in CLOSED if hasattr(a.view, "act")} <= set(door.ACTS)


def test_a_signed_in_page_is_kept_by_nobody(world, page):
    assert page(world.lam).get("/people/").headers["Cache-Control"] == "no-store"
