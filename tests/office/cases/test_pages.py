"""The pages of questions and complaints."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tantam import keys
from tantam.office.cases import actions
from tantam.office.cases.models import Case
from tests.office.cases.a_case import a_case

pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture(autouse=True)
def _secret(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_bytes(b"s" * 32)
    settings.HOME = tmp_path


def _typed(browser: Any, world: Any, **more: Any) -> dict[str, Any]:
    shown = browser.get("/cases/new/").context["typed"]
    return {**shown, "about": "fee", "text": "Bị trừ tiền lạ.", "office": world.nha_trang.pk, **more}


def test_a_caller_is_written_down_without_his_number(world: Any, page: Any) -> None:
    browser = page(world.dung)
    wrong = browser.post("/cases/new/", _typed(browser, world, who="0912 345 678", about=""))
    assert wrong.status_code == 422
    assert "345 678" not in wrong.content.decode()
    typed = _typed(browser, world, who="0912 345 678", text="Gọi tôi số 0912345678 nhé.")
    answer = browser.post("/cases/new/", typed, follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain == [(f"/cases/{case.pk}/", 303)]
    assert f"Số biên nhận: KN-{case.pk:06}" in answer.content.decode()
    assert "0912345678" not in answer.content.decode()
    assert case.key == keys.of_phone(b"s" * 32, "+84912345678")
    browser.post("/cases/new/", typed)  # a second click
    assert Case.objects.count() == 1


def test_somebody_without_a_subscription_is_heard_too(world: Any, page: Any) -> None:
    browser = page(world.dung)
    typed = _typed(browser, world, kind="question", on="20/11/2026", bill_on="01/09/2026", once="x")
    assert browser.post("/cases/new/", typed).status_code == 303
    case = Case.objects.get()
    assert (case.key, case.kind, case.received_at.isoformat()) == (
        None,
        "question",
        "2026-11-19T17:00:00+00:00",
    )
    said = browser.get(f"/cases/{case.pk}/").content.decode()
    assert "không rõ thuê bao" in said
    assert "đã quá một tháng" in said


@pytest.mark.parametrize(
    "wrong", [{"who": "chị Lan"}, {"on": "mai"}, {"on": "01/01/2027"}, {"kind": "x"}, {"text": ""}]
)
def test_a_wrong_form_comes_back(world: Any, page: Any, wrong: dict[str, str]) -> None:
    browser = page(world.dung)
    assert browser.post("/cases/new/", _typed(browser, world, **wrong)).status_code == 422
    assert not Case.objects.exists()


def test_what_is_lost_first_stands_first_and_at_one_moment_the_dearer(world: Any, page: Any) -> None:
    by = {"actor": world.dung, "at": world.at, "proof": "đã đọc"}
    done = {"answer": "Chị đúng, chúng tôi sửa.", "outcome": "accepted"}
    cheap = actions.acknowledge(actions.give_receipt(a_case(world), **by), **by)
    late = a_case(world, received_at=world.at - timedelta(days=40))
    dear = actions.answer(a_case(world), refund_dong=9_000, **done, **by)
    Case.objects.filter(pk=cheap.pk).update(next_due=dear.next_due)
    closed = actions.answer(a_case(world), **done, **by)
    paused = actions.acknowledge(actions.give_receipt(a_case(world), **by), **by)
    actions.pause(paused, actor=world.dung, at=world.at, reason="chờ ảnh hóa đơn")

    def shown(address: str, who: Any = world.lam) -> list[int]:
        return [r["case"].pk for r in page(who).get(address).context["rows"]]

    assert shown("/cases/") == [late.pk, dear.pk, cheap.pk]
    assert shown("/cases/?state=late") == [late.pk]
    assert shown("/cases/?state=paused") == [paused.pk]
    assert shown("/cases/?state=done") == [closed.pk]
    assert shown("/cases/?whose=mine") == []
    assert len(shown("/cases/?whose=mine", world.dung)) == len(shown("/cases/?whose=office")) == 3
    assert shown("/cases/?about=network") == []
    assert shown("/cases/", world.khoi) == []
    said = page(world.lam).get("/cases/").content.decode()
    assert "3 việc đang chờ, 1 đã trễ" in said
    assert "phạt tới 5.000.000" in said.replace("\u00a0", " ")


def test_a_number_on_a_receipt_leads_to_its_case(world: Any, page: Any) -> None:
    case = a_case(world)
    found = page(world.lam).get(f"/cases/?q=kn {case.pk}")
    assert (found.status_code, found.url) == (303, f"/cases/{case.pk}/")
    assert "Không có số biên nhận" in page(world.khoi).get(f"/cases/?q=KN-{case.pk}").content.decode()


def test_from_the_receipt_to_the_refund(world: Any, page: Any) -> None:
    case = a_case(world, about="content")
    browser, here = page(world.dung), f"/cases/{case.pk}/"
    assert [f["name"] for f in browser.get(here).context["forms"]][:2] == ["receipt", "hand-over"]
    assert browser.post(f"{here}receipt/", {"proof": ""}).status_code == 422
    for name, form in [
        ("receipt", {"proof": "đọc số", "both": "1"}),
        ("hand-over", {"to": "Sao Mai", "proof": "thư điện tử 10:20"}),
        ("pause", {"reason": "chờ ảnh hóa đơn"}),
        ("resume", {}),
        ("turn-down", {}),
        ("assign", {"owner": str(world.lam.pk)}),
    ]:
        assert browser.post(f"{here}{name}/", form).status_code == 303, name
    result = {"outcome": "partly", "answer": "Đúng một nửa.", "refund": "9.000", "proof": "gọi 9:10"}
    assert browser.post(f"{here}answer/", {**result, "refund": "chín nghìn"}).status_code == 422
    assert browser.post(f"{here}assign/", {"owner": "x"}).status_code == 422
    assert browser.post(f"{here}answer/", result).status_code == 303
    assert [f["name"] for f in browser.get(here).context["forms"]] == ["refunded", "pause", "assign"]
    assert browser.post(f"{here}refunded/", {"proof": "PC-77"}).status_code == 303
    case.refresh_from_db()
    assert (case.state, case.refund_dong, case.owner) == ("closed", 9_000, world.lam)
    said = browser.get(here).content.decode()
    assert "Đã khép lại" in said
    assert "PC-77" in said


def test_nobody_sees_or_does_what_is_not_his(world: Any, page: Any) -> None:
    here = f"/cases/{a_case(world).pk}/"
    for address in ("/cases/", "/cases/new/", here):
        assert page(world.stranger).get(address).status_code == 403
        assert page(None).get(address).status_code == 302
    for name in ("receipt", "acknowledge", "answer", "pause", "assign"):
        assert page(world.stranger).post(f"{here}{name}/").status_code == 403
        assert page(world.khoi).post(f"{here}{name}/").status_code == 404
        assert page(world.dung).get(f"{here}{name}/").status_code == 405
    assert page(world.khoi).get(here).status_code == 404
    looked = page(world.auditor).get(here)
    assert looked.context["forms"] == []
    assert "trả lời việc này" in looked.content.decode()
    assert page(world.auditor).get("/cases/new/").status_code == 403


def test_both_languages_say_it_all(world: Any, page: Any) -> None:
    case = a_case(world, about="content", received_at=world.at - timedelta(days=2))
    browser = page(world.dung)
    browser.post("/i18n/setlang/", {"language": "en"})
    for address in ("/cases/", "/cases/new/", f"/cases/{case.pk}/"):
        assert browser.get(address).status_code == 200
    assert "24 hours late" in browser.get(f"/cases/{case.pk}/").content.decode()


def test_the_list_costs_the_same_however_long(
    world: Any, page: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(60):
        a_case(world, key=100 + n)
    browser = page(world.lam)
    with django_assert_max_num_queries(12):
        browser.get("/cases/")
    first = browser.get("/cases/").context["page"]
    rest = browser.get("/cases/", {"after": first.after}).context["page"]
    assert len({case.pk for case in [*first.rows, *rest.rows]}) == 60
