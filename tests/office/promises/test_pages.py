"""What people see of promises: the list by its address, one promise with its life and forms, a new one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test.utils import CaptureQueriesContext

from tantam import clock
from tantam.office.promises import actions
from tantam.office.promises.models import Promise
from tests.office.promises.given import HELD, entries, promise

TODAY = clock.to_date(clock.today())


def made(world: Any, days: int = 0, **changes: Any) -> Promise:
    """A promise due so many days from the day these pages are read."""
    due = TODAY + timedelta(days=days)
    return promise(world, due, at=clock.now() - timedelta(days=40), **changes)


def text(response: Any, code: int = 200) -> str:
    assert response.status_code == code, response.content.decode()[:800]
    return response.content.decode()


def test_the_late_come_first_with_owner_and_days(world: Any, page: Any) -> None:
    made(world, 5, what="Gọi lại bác Năm")
    made(world, -6, what="Trả lời về trạm Huổi Lếch")
    said = text(page(world.lam).get("/promises/"))
    assert said.index("Huổi Lếch") < said.index("bác Năm")
    assert "Mai Thùy Dung" in said
    assert "trễ 6 ngày" in said
    assert "Còn nợ 2 lời, 1 lời đang trễ." in said


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("late", "A"),
        ("due", "B"),
        ("open", "AB"),
        ("kept", "CD"),
        ("kept_late", "D"),
        ("broken", "E"),
        ("released", "F"),
    ],
)
def test_each_filter_opens_its_rows_and_counts_them(world: Any, page: Any, state: str, shown: str) -> None:
    now = clock.now()
    made(world, -1, what="lời A")
    made(world, 0, what="lời B")
    actions.keep(made(world, 0, what="lời C"), actor=world.lam, at=now, **HELD)
    actions.keep(made(world, -2, what="lời D"), actor=world.lam, at=now, **HELD)
    actions.break_(made(world, -2, what="lời E"), actor=world.lam, at=now, reason="Mưa lũ")
    gone = made(world, -2, what="lời F")
    actions.ask_release(gone, actor=world.lam, at=now, creditor_yes="Chị Hạnh thôi")
    actions.release(gone, actor=world.hoa, at=now)
    response = page(world.lam).get(f"/promises/?state={state}")
    said = text(response)
    assert [x for x in "ABCDEF" if f"lời {x}" in said] == list(shown)
    counted = {f["href"].split("state=")[1]: f["count"] for f in response.context["filters"]}
    assert counted[state] == len(shown)


def test_figures_of_a_period_open_to_as_many_rows(world: Any, page: Any) -> None:
    for days in (-40, -20, -3):
        made(world, days)
    first, last = TODAY - timedelta(days=30), TODAY
    response = page(world.hoa).get(f"/promises/?state=late&from={first}&to={last}")
    assert len(response.context["rows"]) == 2
    assert [f["count"] for f in response.context["filters"] if f["on"]] == [2]


def test_a_branch_sees_its_own_and_headquarters_all(world: Any, page: Any) -> None:
    made(world, what="của Nha Trang")
    made(world, what="của Cà Mau", office=world.ca_mau, owner=world.khoi, actor=world.khoi)
    assert "của Cà Mau" not in text(page(world.lam).get("/promises/"))
    said = text(page(world.hoa).get("/promises/"))
    assert "của Cà Mau" in said
    assert "của Nha Trang" in said
    only = text(page(world.hoa).get(f"/promises/?office={world.cm.pk}"))
    assert "của Cà Mau" in only
    assert "của Nha Trang" not in only
    assert page(world.lam).get(f"/promises/?office={world.ca_mau.pk}").status_code == 403


def test_words_are_found_with_and_without_accents(world: Any, page: Any) -> None:
    made(world, what="Sóng yếu ở xã Nậm Sương")
    made(world, what="Quà sinh nhật")
    for q in ("nam suong", "NẬM", "song yeu"):
        said = text(page(world.lam).get("/promises/", {"q": q}))
        assert "Nậm Sương" in said
        assert "sinh nhật" not in said


def test_a_list_goes_on_page_by_page_without_counting(world: Any, page: Any) -> None:
    for n in range(120):
        made(world, -n % 7)
    client, seen, address = page(world.lam), set(), "/promises/?state=open"
    for _ in range(3):
        response = client.get(address)
        seen |= {row["promise"].pk for row in response.context["rows"]}
        after = response.context["page"].after
        address = f"/promises/?state=open&after={after}"
    assert len(seen) == 120
    assert after == ""


def test_the_list_takes_as_many_queries_for_one_as_for_fifty(world: Any, page: Any) -> None:
    from django.db import connection

    client = page(world.hoa)
    taken = []
    for _ in range(2):
        for _ in range(25):
            made(world)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/promises/")
        taken.append(len(queries))
    assert 3 < taken[0] == taken[1] <= 8


@pytest.mark.parametrize(
    "bad", ["state=x", "kind=x", "office=x", "owner=99999999", "from=x", "office=9" + "9" * 30]
)
def test_an_address_no_page_offers_is_refused(world: Any, page: Any, bad: str) -> None:
    assert page(world.hoa).get(f"/promises/?{bad}").status_code == 422


def test_a_broken_place_in_a_list_starts_anew(world: Any, page: Any) -> None:
    made(world)
    assert "Vĩnh Hải" in text(page(world.lam).get("/promises/?after=x~y"))


def test_nothing_late_is_good_news_and_nothing_at_all_teaches(world: Any, page: Any) -> None:
    assert "Chưa hứa điều gì" in text(page(world.lam).get("/promises/"))
    assert "Không lời nào trễ" in text(page(world.lam).get("/promises/?state=late"))


def test_a_promise_shows_its_life(world: Any, page: Any) -> None:
    one = made(world, -2)
    now = clock.now()
    actions.redate(one, actor=world.dung, at=now, due=TODAY + timedelta(days=3), reason="Chờ trạm")
    said = text(page(world.lam).get(f"/promises/{one.pk}/"))
    for part in ("Hứa, hẹn", "Dời sang", "“Chờ trạm”", "Mai Thùy Dung", "so với hẹn đầu"):
        assert part in said
    actions.keep(one, actor=world.dung, at=now, **HELD)
    said = text(page(world.lam).get(f"/promises/{one.pk}/"))
    assert "Giữ muộn 2 ngày" in said
    assert HELD["proof"] in said
    assert '<form method="post" action="/promises/' not in said


def test_each_form_does_its_act_and_comes_back(world: Any, page: Any) -> None:
    client, other = page(world.lam), page(world.hoa)
    one, two, three = made(world), made(world), made(world)
    later = (TODAY + timedelta(days=4)).isoformat()
    for browser, number, act, typed in (
        (client, one.pk, "redate", {"due": later, "reason": "Mưa"}),
        (client, one.pk, "keep", {"proof_kind": "receipt", "proof": "BN 12"}),
        (client, two.pk, "break", {"reason": "Sạt lở"}),
        (client, three.pk, "ask-release", {"creditor_yes": "Chị thôi"}),
        (other, three.pk, "release", {}),
    ):
        response = browser.post(f"/promises/{number}/{act}/", typed)
        assert (response.status_code, response["Location"]) == (303, f"/promises/{number}/"), response.content
    assert entries(one) == ["promise.made", "promise.redated", "promise.kept"]
    assert entries(two)[-1] == "promise.broken"
    assert entries(three)[-1] == "promise.released"


def test_a_refusal_keeps_what_was_typed(world: Any, page: Any) -> None:
    one = made(world)
    said = text(
        page(world.lam).post(f"/promises/{one.pk}/redate/", {"due": "1999-01-01", "reason": "Mưa to"}), 409
    )
    assert "Ngày mới phải sau ngày cũ" in said
    assert "Mưa to" in said
    assert "1999-01-01" in said


def test_what_keeps_itself_is_locked_with_the_way(world: Any, page: Any) -> None:
    one = made(world, kind="forward", about=("event", 12))
    said = text(page(world.lam).get(f"/promises/{one.pk}/"))
    assert "tự được giữ khi" in said
    assert 'href="/events/12/"' in said
    refused = page(world.lam).post(f"/promises/{one.pk}/keep/", {"proof": "thật mà"})
    assert refused.status_code == 409
    assert entries(one) == ["promise.made"]


def test_whoever_may_not_sees_why(world: Any, page: Any) -> None:
    said = text(page(world.auditor).get(f"/promises/{made(world).pk}/"))
    assert "không phải việc của bạn" in said


@pytest.mark.parametrize("act", ["keep", "redate", "break", "ask-release", "release"])
def test_strangers_and_other_branches_get_nothing(world: Any, page: Any, act: str) -> None:
    one = made(world)
    for who in (world.stranger, world.khoi):
        assert page(who).post(f"/promises/{one.pk}/{act}/", {"proof": "x", "reason": "x"}).status_code == 403
        assert page(who).get(f"/promises/{one.pk}/").status_code == 403
    assert page(None).post(f"/promises/{one.pk}/{act}/").status_code == 302
    assert page(world.lam).get(f"/promises/{one.pk}/{act}/").status_code == 405
    assert entries(one) == ["promise.made"]


def test_a_new_promise_and_its_refusals(world: Any, page: Any) -> None:
    client = page(world.lam)
    assert "Ta hứa gì" in text(client.get("/promises/new/"))
    typed = {
        "what": "Báo lại chị Hạnh",
        "kind": "reply",
        "due": date.max.isoformat(),
        "to_kind": "public",
        "owner": world.dung.pk,
        "office": world.nha_trang.pk,
        "people": "3",
        "once": str(uuid4()),
    }
    for _ in range(2):
        response = client.post("/promises/new/", typed)
        assert response.status_code == 303
    one = Promise.objects.get()
    assert (one.what, one.people, one.owner) == ("Báo lại chị Hạnh", 3, world.dung)
    for wrong in (
        {"what": ""},
        {"due": "mai"},
        {"owner": "0"},
        {"people": "-1"},
        {"to_kind": "subscriber", "to_key": "x"},
    ):
        said = text(client.post("/promises/new/", {**typed, "once": "", **wrong}), 422)
        assert "Báo lại chị Hạnh" in said or "what" in wrong
    assert client.post("/promises/new/", {**typed, "once": "", "office": world.ca_mau.pk}).status_code == 403
    assert page(world.stranger).get("/promises/new/").status_code == 403
    assert Promise.objects.count() == 1


def test_no_such_promise(world: Any, page: Any) -> None:
    assert page(world.hoa).get("/promises/99/").status_code == 404


def test_the_english_switch(world: Any, page: Any) -> None:
    made(world, -6)
    client = page(world.lam)
    client.post("/i18n/setlang/", {"language": "en"})
    said = text(client.get("/promises/"))
    assert "1 owed, 1 of them late." in said
    assert "6 days late" in said
