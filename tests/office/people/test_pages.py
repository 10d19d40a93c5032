"""Who does what, and the administrator's forms."""

import re

import pytest

from tantam.office.people.models import Duty, Staff


def test_the_tree_and_the_staff_of_ones_office(world, page):
    text = page(world.lam).get("/people/").content.decode()
    assert "Chi nhánh Cà Mau" in text and "Mai Thùy Dung" in text and "Lê Minh Khôi" not in text
    assert "Nhận người" not in text
    there = page(world.lam).get(f"/people/?office={world.ca_mau.pk}").content.decode()
    assert "Lê Minh Khôi" in there and "giám đốc" in there


@pytest.mark.parametrize(("q", "found"), [("thuy", "Mai Thùy Dung"), ("lâm", "Trương Ngọc Lâm")])
def test_found_without_accents(world, page, q, found):
    seen = page(world.lam).get("/people/", {"q": q})
    assert [row["staff"].name for row in seen.context["rows"]] == [found]


def test_sorted_by_given_name_as_vietnamese_lists_are(world, page):
    seen = page(world.lam).get(f"/people/?office={world.hq.pk}")
    given = [row["staff"].name.split()[-1] for row in seen.context["rows"]]
    assert given == ["Bảo", "Dung", "Hòa", "Khôi", "Kiểm", "Lạ", "Lâm", "Quân", "Yến"]


def test_the_list_asks_few_questions(world, page, django_assert_max_num_queries):
    browser = page(world.lam)
    with django_assert_max_num_queries(8):
        browser.get(f"/people/?office={world.hq.pk}")


def test_hired_given_a_duty_invited_and_in(world, page):
    admin = page(world.admin)
    sent = admin.post(
        "/people/new/", {"username": "an", "name": "Ngô Sỹ Ẩn", "title": "anh", "office": world.nha_trang.pk}
    )
    an = Staff.objects.get(username="an")
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/people/{an.pk}/")
    given = admin.post(f"/people/{an.pk}/duties/", {"duty": "officer", "office": world.nha_trang.pk})
    assert given.status_code == 303
    shown = admin.post(f"/people/{an.pk}/invite/").content.decode()
    link = re.search(r"http://testserver(/accounts/pass/[\w-]+/)", shown)[1]
    assert link not in admin.get(f"/people/{an.pk}/").content.decode()
    guest = page(None)
    assert "anh Ngô Sỹ Ẩn" in guest.get(link).content.decode()
    weak = guest.post(link, {"new_password1": "ngan", "new_password2": "ngan"})
    assert weak.status_code == 422
    strong = {"new_password1": "con đường nhỏ ra biển", "new_password2": "con đường nhỏ ra biển"}
    assert guest.post(link, strong).headers["Location"] == "/"
    assert guest.get("/people/").status_code == 200
    again = page(None).post(link, strong)
    assert again.status_code == 410 and "đã dùng rồi" in again.content.decode()


def test_what_was_typed_stays_when_refused(world, page):
    no = page(world.admin).post(
        "/people/new/", {"username": "lam", "name": "Ai Khác", "office": world.nha_trang.pk}
    )
    text = no.content.decode()
    assert no.status_code == 409 and "đã có người dùng" in text and 'value="Ai Khác"' in text


def test_an_office_opened_and_refused(world, page):
    admin = page(world.admin)
    told = {
        "code": "dk",
        "name": "Diên Khánh",
        "level": "branch",
        "parent": world.khanh_hoa.pk,
        "province": "56",
    }
    assert admin.post("/people/offices/new/", told).status_code == 303
    assert admin.post("/people/offices/new/", told).status_code == 409
    assert admin.post("/people/offices/new/", {**told, "code": "?"}).status_code == 422


def test_a_duty_ended_and_an_account_closed(world, page):
    admin, duty = page(world.admin), Duty.objects.get(staff=world.lam)
    assert admin.post(f"/people/{world.lam.pk}/duties/{duty.pk}/end/").status_code == 303
    assert admin.post(f"/people/{world.khoi.pk}/duties/{duty.pk}/end/").status_code == 404
    assert admin.post(f"/people/{world.lam.pk}/leave/").status_code == 303
    assert "tài khoản đã đóng" in admin.get(f"/people/{world.lam.pk}/").content.decode()
    assert admin.post(f"/people/{world.admin.pk}/leave/").status_code == 409


@pytest.mark.parametrize("who", ["stranger", "lam", "auditor"])
def test_nobody_else_changes_anything(world, page, who):
    browser, before = page(getattr(world, who)), Staff.objects.count()
    for address in (
        "new/",
        "offices/new/",
        f"{world.khoi.pk}/leave/",
        f"{world.khoi.pk}/invite/",
        f"{world.khoi.pk}/duties/",
        f"{world.khoi.pk}/factor/",
    ):
        assert browser.post(f"/people/{address}", {}).status_code == 403
    assert Staff.objects.count() == before and Staff.objects.get(pk=world.khoi.pk).is_active


def test_a_link_with_a_second_step_goes_to_the_sign_in_page(world, page):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from tantam import clock
    from tantam.office.people import actions

    TOTP.activate(world.lam, generate_totp_secret())
    secret = actions.invite(world.lam, "invite", actor=world.admin, at=clock.now())
    strong = {"new_password1": "con đường nhỏ ra biển", "new_password2": "con đường nhỏ ra biển"}
    guest = page(None)
    assert guest.post(f"/accounts/pass/{secret}/", strong).headers["Location"] == "/accounts/login/"
    assert guest.get("/people/").status_code == 302


def test_the_demos_link_works_once_and_in_a_demo_alone(world, page, settings):
    from tantam import clock
    from tantam.office.people import actions

    secret = actions.invite(world.lam, "demo", actor=None, at=clock.now())
    assert page(None).get(f"/accounts/demo/{secret}/").status_code == 404
    settings.DEMO = True
    secret = actions.invite(world.lam, "demo", actor=None, at=clock.now())
    first, second = page(None), page(None)
    assert first.get(f"/accounts/demo/{secret}/").headers["Location"] == "/"
    assert first.get("/people/").status_code == 200
    assert second.get(f"/accounts/demo/{secret}/").status_code == 410
    assert second.get("/people/").status_code == 302
