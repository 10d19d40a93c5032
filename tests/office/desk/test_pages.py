"""The pages of data requests."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tantam import clock, keys
from tantam.office.desk.actions import answer_request
from tantam.office.desk.models import DataRequest
from tests.office.desk.asking import a_request


@pytest.fixture(autouse=True)
def _secret(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_bytes(b"s" * 32)
    settings.HOME = tmp_path


def _today() -> date:
    return clock.to_date(clock.today())


def test_a_caller_is_written_down_without_his_number(world: Any, page: Any) -> None:
    browser = page(world.dung)
    typed = {
        **browser.get("/desk/new/").context["typed"],
        "who": "0912 345 678",
        "office": world.nha_trang.pk,
    }
    wrong = browser.post("/desk/new/", typed)
    assert wrong.status_code == 422 and "345 678" not in wrong.content.decode()
    answer = browser.post("/desk/new/", {**typed, "kind": "access"}, follow=True)
    asked = DataRequest.objects.get()
    assert answer.redirect_chain == [(f"/desk/{asked.pk}/", 303)]
    assert asked.key == keys.of_phone(b"s" * 32, "+84912345678")
    assert keys.show(asked.key) in answer.content.decode()
    typed |= {"who": keys.show(asked.key).lower(), "kind": "delete"}
    browser.post("/desk/new/", typed)
    assert DataRequest.objects.filter(key=asked.key).count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"who": "chị Lan"},
        {"who": "TB-XX"},
        {"on": "mai"},
        {"said_by": "x"},
        {"kind": ""},
        {"on": "2099-01-01"},
    ],
)
def test_a_wrong_form_comes_back(world: Any, page: Any, wrong: dict[str, str]) -> None:
    typed = {"who": "0912345678", "kind": "access", "said_by": "phone", "on": _today().isoformat(), **wrong}
    assert page(world.dung).post("/desk/new/", typed).status_code == 422
    assert not DataRequest.objects.exists()


def test_late_ones_first_and_those_done_apart(world: Any, page: Any) -> None:
    now = clock.now()
    fresh = a_request(world, at=now)
    old = a_request(world, at=now, key=6, received_on=_today() - timedelta(days=30))
    done = a_request(world, at=now, key=7)
    answer_request(done, actor=world.privacy, at=now, outcome="done", proof="đã gọi")
    shown = page(world.lam).get("/desk/")
    assert [r["id"] for r in shown.context["requests"]] == [old.pk, fresh.pk]
    assert "2 yêu cầu đang chờ, 1 đã trễ" in shown.content.decode()
    assert [r["id"] for r in page(world.lam).get("/desk/?state=done").context["requests"]] == [done.pk]
    assert page(world.khoi).get("/desk/").context["requests"] == []


def test_from_the_first_answer_to_the_end(world: Any, page: Any) -> None:
    asked = a_request(world, at=clock.now(), kind="delete")
    browser, here = page(world.privacy), f"/desk/{asked.pk}/"
    assert "Xóa dữ liệu của một người" in browser.get(here).content.decode()
    assert browser.post(f"{here}first/", {"proof": ""}).status_code == 422
    assert browser.post(f"{here}first/", {"proof": "đã gọi"}).status_code == 303
    assert browser.post(f"{here}extend/", {"days": "99", "reason": "đông việc"}).status_code == 409
    assert browser.post(f"{here}extend/", {"days": "5", "reason": "đông việc"}).status_code == 303
    assert browser.post(f"{here}answer/", {"outcome": "done", "proof": "đã gọi"}).status_code == 409
    assert browser.post(f"{here}forget/").status_code == 422
    assert browser.post(f"{here}forget/", {"sure": "1"}).status_code == 303
    assert browser.post(f"{here}answer/", {"outcome": "done", "proof": "gọi báo đã xóa"}).status_code == 303
    said = browser.get(here).content.decode()
    assert "đã làm theo yêu cầu" in said and "gọi báo đã xóa" in said and "Gia hạn một lần" in said
    assert "Khép lại và giữ lời" not in said


def test_nobody_sees_or_does_what_is_not_his(world: Any, page: Any) -> None:
    asked = a_request(world, at=clock.now(), kind="delete")
    here = f"/desk/{asked.pk}/"
    for address in ("/desk/", "/desk/new/", here):
        assert page(world.stranger).get(address).status_code == 403
        assert page(None).get(address).status_code == 302
    for act in ("first", "answer", "extend", "forget"):
        assert page(world.stranger).post(f"{here}{act}/").status_code == 403
        assert page(world.dung).post(f"{here}{act}/").status_code == 403
        assert page(world.privacy).get(f"{here}{act}/").status_code == 405
    assert page(world.khoi).get(here).status_code == 404
    seen = page(world.dung).get(here).content.decode()
    assert "Xóa dữ liệu của một người" not in seen and "Ai làm tiếp" in seen


def test_the_list_costs_the_same_however_long(
    world: Any, page: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(60):
        a_request(world, at=clock.now(), key=100 + n)
    browser = page(world.lam)
    with django_assert_max_num_queries(9):
        browser.get("/desk/")
    first = browser.get("/desk/").context["page"]
    rest = browser.get("/desk/", {"after": first.after}).context["page"]
    assert len({r.pk for r in [*first.rows, *rest.rows]}) == 60


def test_every_page_speaks_english(world: Any, page: Any) -> None:
    asked = a_request(world, at=clock.now(), kind="delete")
    browser = page(world.privacy)
    browser.cookies["django_language"] = "en"
    for address, words in {
        "/desk/": "1 request waits, none late.",
        "/desk/new/": "What do they want with their data?",
        f"/desk/{asked.pk}/": "Delete the data: the first answer by",
        "/desk/?state=done": "No request is done yet",
    }.items():
        assert words in browser.get(address).content.decode(), address
