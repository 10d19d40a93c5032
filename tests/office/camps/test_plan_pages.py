"""The pages of a plan: what is missing is said, each small form does its one thing, and the stranger sees nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tantam.office.camps import actions, formulary, kinds, ledger, planning
from tantam.office.camps.models import Camp
from tantam.office.camps.part_forms import PARTS
from tests.office.camps.a_plan import a_camp
from tests.office.camps.test_plan_parts import PEOPLE, PLACES

pytestmark = [pytest.mark.django_db(databases=["default", "health"]), pytest.mark.usefixtures("on_the_day")]


def _plan(camp: Camp) -> Any:
    return ledger.day_of(camp).plan


def test_the_list_says_what_the_next_camp_needs(camp_world: Any, camps_home: Path, page: Any) -> None:
    a_camp(camp_world, "signature")
    shown = page(camp_world.head).get("/camps/").content.decode()
    assert "Lũng Phìn, Tuyên Quang. Còn thiếu 1 điều để mở ngày 05/12/2026." in shown
    assert "Danh mục thuốc chưa có ai ký." in shown
    assert "Năm này chưa có trại nào" in page(camp_world.head).get("/camps/?year=2020").content.decode()


def test_a_camp_is_planned_and_opened_from_its_pages(camp_world: Any, camps_home: Path, page: Any) -> None:
    browser = page(camp_world.head)
    typed = {
        "place": "Lũng Phìn", "province": "08", "on": "2026-12-05", "theme": "Người già", "general": "yes",
        "office": camp_world.hq.pk,
    }  # fmt: skip
    assert browser.get("/camps/new/").status_code == 200
    answer = browser.post("/camps/new/", typed)
    camp = Camp.objects.get()
    assert answer.headers["Location"] == f"/camps/{camp.pk}/" and camp.name == "Khám bệnh ở Lũng Phìn"
    shown = browser.get(f"/camps/{camp.pk}/").content.decode()
    assert "Còn thiếu 3 điều" in shown and 'aria-disabled="true"' in shown and "no_permit" in shown
    refused = browser.post(f"/camps/{camp.pk}/", {"act": "open"})
    assert refused.status_code == 409 and "no_permit" in refused.content.decode()
    for wrong in ({**typed, "on": "hôm nọ"}, {**typed, "on": "2026-11-01"}, {**typed, "theme": ""}):
        assert browser.post("/camps/new/", wrong).status_code in (409, 422)
    assert Camp.objects.count() == 1


def test_the_button_opens_moves_and_calls_off(camp_world: Any, camps_home: Path, page: Any) -> None:
    camp, browser = a_camp(camp_world), page(camp_world.head)
    assert browser.post(f"/camps/{camp.pk}/", {"act": "open"}).status_code == 303
    moved = {"act": "move", "on": "2026-12-12", "because": "Sạt lở đường"}
    assert browser.post(f"/camps/{camp.pk}/", moved).status_code == 303
    assert browser.post(f"/camps/{camp.pk}/", {"act": "off", "because": "Bão"}).status_code == 303
    shown = browser.get(f"/camps/{camp.pk}/").content.decode()
    assert "Trại này không mở." in shown and "Bão" in shown


def test_each_small_form_does_its_one_thing(camp_world: Any, camps_home: Path, page: Any) -> None:
    camp, browser = a_camp(camp_world, "permit", "team", "formulary", "stock"), page(camp_world.head)
    content = Path(formulary.__file__).with_name("data").joinpath("demo-formulary.csv").read_bytes()
    medicine = formulary.demo().medicines[0].code

    def file(of: bytes) -> SimpleUploadedFile:
        return SimpleUploadedFile("x.csv", of)

    rows: list[tuple[str, str, dict[str, Any]]] = [
        ("places", "weigh", {"file": file(PLACES.encode()), "because": "đã hẹn"}),
        ("places", "choose", {"code": "TC", "because": ""}),
        ("permit", "permit", {"authority": "Sở Y tế", "number": "1", "issued_on": "2026-11-01",
                              "valid_to": "2026-12-31", "dossier": "", "real": "no"}),
        ("partners", "partner", {"name": "Bệnh viện", "role": "hospital", "gives": "bác sĩ"}),
        ("team", "member", {"id": "", "name": "Lò Văn Pá", "title": "", "roles": ["triage", "exit"], "licence": "",
                            "pin": "1234"}),
        ("desks", "desk", {"station": "doctor", "name": "Bác sĩ bàn 1"}),
        ("desks", "kit", {"number": "1", "name": "Máy 1", "address": "10.77.0.1", "first_ticket": "1"}),
        ("desks", "device", {"name": "Bàn đón 1"}),
        ("medicines", "formulary", {"file": file(content)}),
        ("medicines", "stock", {"medicine": medicine, "number": "A17", "expires_on": "2027-12-31", "units": "500",
                                "giver": ""}),
        ("people", "expected", {"file": file(PEOPLE.encode())}),
        ("people", "findings", {"which": "ours", "system": ""}),
        ("money", "budget", {"source": "Quỹ", "dong": "120.000.000"}),
        ("money", "spent", {"what": "Xe", "dong": "5 000 000"}),
        ("lessons", "lesson", {"came_off": "yes", "words": "Đi sớm một ngày"}),
    ]  # fmt: skip
    for part, form, fields in rows:
        address = f"/camps/{camp.pk}/plan/{part}/"
        typed = {f"{form}-{name}": value for name, value in fields.items()} | {"act": form}
        answer = browser.post(address, typed)
        assert answer.status_code == 303, (form, answer.content.decode()[:6000])
        assert browser.get(address).status_code == 200
    plan = _plan(camp)
    assert plan.permit and plan.formulary and len(plan.expected) == 2 and plan.codes
    assert {len(x) for x in (plan.partners, plan.members, plan.desks, plan.kits, plan.devices)} == {1}
    assert (plan.budget_dong, plan.spent_dong) == (120_000_000, 5_000_000)
    assert [one.words for one in plan.lessons] == ["Đi sớm một ngày"]
    assert Camp.objects.get(pk=camp.pk).place == "Tả Chải"
    sign = {"act": "sign", "sign-digest": plan.formulary.digest}
    address = f"/camps/{camp.pk}/plan/medicines/"
    assert browser.post(address, sign).status_code == 403
    assert page(camp_world.pharmacist).post(address, sign).status_code == 303
    assert _plan(camp).formulary.signed_by == "Hà Thị Dược"


def test_what_was_refused_says_why_and_keeps_what_was_typed(
    camp_world: Any, camps_home: Path, page: Any
) -> None:
    camp, browser = a_camp(camp_world), page(camp_world.head)
    address = f"/camps/{camp.pk}/plan/team/"
    typed = {"act": "member", "member-name": "Lò Văn Pá", "member-roles": ["exit"], "member-pin": "12"}
    answer = browser.post(address, typed)
    shown = answer.content.decode()
    assert (
        answer.status_code == 422
        and "bad_pin" in shown
        and "Lò Văn Pá" in shown
        and 'value="12"' not in shown
    )
    assert browser.post(f"/camps/{camp.pk}/plan/people/", {"act": "expected"}).status_code == 422
    assert browser.post(address, {"act": "nothing"}).status_code == 404
    assert browser.get(f"/camps/{camp.pk}/plan/nothing/").status_code == 404


def test_the_notice_is_written_printed_and_counted(camp_world: Any, camps_home: Path, page: Any) -> None:
    camp, browser = a_camp(camp_world), page(camp_world.head)
    assert browser.get(f"/camps/{camp.pk}/poster/").status_code == 302
    typed = {"where": "Nhà văn hóa xã", "times": "Ma Lé: 8 giờ", "bring": ""}
    assert browser.post(f"/camps/{camp.pk}/tell/", typed).status_code == 303
    poster = browser.get(f"/camps/{camp.pk}/poster/").content.decode()
    for words in ("không phân biệt khách hàng của mạng nào", "Nhà văn hóa xã", "Ma Lé: 8 giờ", "Mang theo"):
        assert words in poster
    assert "Kính thưa bà con" in browser.get(f"/camps/{camp.pk}/tell/").content.decode()
    text = browser.get(f"/camps/{camp.pk}/text/").content.decode()
    assert "Chưa có tập thuê bao" in text and "Không dấu" in text
    refused = browser.post(f"/camps/{camp.pk}/tell/", {**typed, "bring": "thẻ nạp để nhận ưu đãi"})
    assert refused.status_code == 409 and "promotion_in_notice" in refused.content.decode()
    looked = browser.post(f"/camps/{camp.pk}/text/", {"text": "Giảm giá 50%", "act": "look"})
    assert "promotion_in_notice" in looked.content.decode()


def test_the_stranger_sees_no_camp(camp_world: Any, camps_home: Path, page: Any) -> None:
    camp = a_camp(camp_world)
    addresses = [
        "/camps/",
        "/camps/new/",
        f"/camps/{camp.pk}/",
        f"/camps/{camp.pk}/tell/",
        f"/camps/{camp.pk}/poster/",
    ]
    addresses += [f"/camps/{camp.pk}/text/", *(f"/camps/{camp.pk}/plan/{code}/" for code in PARTS)]
    for address in addresses:
        for method in ("get", "post"):
            assert getattr(page(camp_world.stranger), method)(address).status_code in (403, 405), address
            assert getattr(page(None), method)(address).status_code in (302, 401), address


def test_who_may_only_look_changes_nothing(camp_world: Any, camps_home: Path, page: Any) -> None:
    camp = a_camp(camp_world)
    auditor = page(camp_world.auditor)
    assert auditor.get(f"/camps/{camp.pk}/").status_code == 200
    typed = {"act": "desk", "desk-station": "doctor", "desk-name": "X"}
    assert auditor.post(f"/camps/{camp.pk}/plan/desks/", typed).status_code == 403
    assert auditor.post(f"/camps/{camp.pk}/", {"act": "open"}).status_code == 403
    assert auditor.post(f"/camps/{camp.pk}/tell/", {"where": "X"}).status_code == 403
    assert not _plan(camp).desks


def test_lessons_stand_beside_the_next_plan(camp_world: Any, camps_home: Path, page: Any) -> None:
    camp = a_camp(camp_world)
    actions.open_camp(camp, actor=camp_world.head, at=camp_world.at)
    lesson = kinds.Lesson(came_off=False, words="Thiếu máy đo cho trẻ nhỏ")
    planning.put(camp, lesson, actor=camp_world.head, at=camp_world.at)
    Camp.objects.filter(pk=camp.pk).update(state="closed", on="2026-11-01")
    assert "Thiếu máy đo cho trẻ nhỏ" in page(camp_world.head).get("/camps/new/").content.decode()
