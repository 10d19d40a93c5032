"""The second step: required where it is set so, with codes on paper for a lost telephone."""

import pytest
from django.test import Client

from tests.office.door.signing import code_now, recovery_codes, second_step, sign_in, with_password

SETUP, ASKED = "/accounts/2fa/totp/activate/", "/accounts/2fa/authenticate/"


@pytest.fixture
def lam(world, settings):
    """A director with a password, where the second step is required."""
    settings.SECOND_FACTOR = "required"
    return with_password(world.lam)


def test_without_it_every_page_leads_to_setting_it_up(lam, page):
    browser = page(lam)
    for address in ("/", "/people/", "/journal/", "/promises/"):
        assert browser.get(address).headers["Location"] == SETUP
        assert browser.post(address).headers["Location"] == SETUP
    signed = Client()
    sign_in("lam", browser=signed)
    assert signed.get("/").headers["Location"] == SETUP
    assert signed.get(SETUP).status_code == 200


def test_set_up_once_and_asked_for_ever_after(lam):
    browser = Client()
    sign_in("lam", browser=browser)
    shown = browser.get(SETUP)
    secret = shown.context["form"].secret
    assert "data:image/svg+xml" in shown.content.decode() or secret in shown.content.decode()
    browser.post(SETUP, {"code": code_now(secret)})
    assert browser.get("/people/").status_code == 200
    again = Client()
    assert sign_in("lam", browser=again).headers["Location"].startswith(ASKED)
    assert again.get("/people/").headers["Location"].startswith("/accounts/login/")


def test_the_password_alone_opens_nothing(lam):
    second_step(lam)
    browser = Client()
    assert sign_in("lam", browser=browser).headers["Location"].startswith(ASKED)
    assert browser.get("/people/").status_code == 302
    assert browser.post(ASKED, {"code": "000000"}).status_code == 200
    assert browser.get("/people/").status_code == 302


def test_the_code_of_the_app(lam):
    secret, browser = second_step(lam), Client()
    sign_in("lam", browser=browser)
    assert browser.post(ASKED, {"code": code_now(secret)}).status_code == 302
    assert browser.get("/people/").status_code == 200


def test_a_code_works_once(lam):
    secret = second_step(lam)
    code = code_now(secret)
    for browser, status in ((Client(), 200), (Client(), 302)):
        sign_in("lam", browser=browser)
        browser.post(ASKED, {"code": code})
        assert browser.get("/people/").status_code == status


def test_codes_on_paper_work_once_each(lam):
    second_step(lam)
    codes = recovery_codes(lam)
    assert len(set(codes)) >= 8
    for browser, status in ((Client(), 200), (Client(), 302)):
        sign_in("lam", browser=browser)
        browser.post(ASKED, {"code": codes[0]})
        assert browser.get("/people/").status_code == status


def test_codes_are_not_tried_for_long(lam):
    second_step(lam)
    browser, answers = Client(), []
    sign_in("lam", browser=browser)
    for n in range(8):
        answers.append(browser.post(ASKED, {"code": f"00000{n}"}).content.decode())
    assert "quá nhiều lần" in answers[-1]


def test_where_it_is_not_required_the_password_is_enough(world, settings):
    settings.SECOND_FACTOR = "no"
    with_password(world.lam)
    browser = Client()
    sign_in("lam", browser=browser)
    assert browser.get("/people/").status_code == 200
