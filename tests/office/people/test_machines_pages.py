"""The list of other systems: who sees it, how a token is shown once, and how it is changed and ended."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tantam import clock
from tantam.office.people.models import Machine

PATH = "/people/machines/"


def typed(world: Any, **changed: Any) -> dict[str, Any]:
    ends_on = clock.to_date(clock.today()) + timedelta(days=90)
    given = {
        "name": "Tổng đài",
        "office": world.nha_trang.pk,
        "duty": ["agent"],
        "ends_on": ends_on.isoformat(),
    }
    return given | changed


def token_in(answer: Any) -> str:
    found = re.search(r"tantam_\d+_[\w-]{43}", answer.content.decode())
    assert found
    return found[0]


def works(token: str) -> bool:
    return bool(Client(headers={"authorization": f"Bearer {token}"}).get("/api/themes").status_code == 200)


def test_made_shown_once_rotated_and_ended(world: Any, page: Any) -> None:
    admin = page(world.admin)
    made = admin.post(PATH, typed(world))
    token = token_in(made)
    assert (made.status_code, made.headers["Cache-Control"]) == (
        200,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert works(token)
    listed = admin.get(PATH).content.decode()
    assert "Tổng đài" in listed and token not in listed and "dùng lần cuối" in listed
    (machine,) = Machine.objects.all()
    newer = token_in(admin.post(f"{PATH}{machine.pk}/rotate/"))
    assert works(newer) and not works(token)
    last = Machine.objects.get(ended_at=None)
    assert admin.post(f"{PATH}{last.pk}/end/").status_code == 303
    assert not works(newer)


def test_what_was_typed_stays_when_refused(world: Any, page: Any) -> None:
    for changed in ({"duty": []}, {"ends_on": "mai"}, {"ends_on": "2020-01-01"}):
        no = page(world.admin).post(PATH, typed(world, **changed))
        assert no.status_code == 422 and "Tổng đài" in no.content.decode()
    assert not Machine.objects.exists()


@pytest.mark.parametrize("who", ["lam", "policy", "stranger", "privacy"])
def test_nobody_else_sees_or_changes(world: Any, page: Any, who: str) -> None:
    browser = page(getattr(world, who))
    assert {browser.get(PATH).status_code, browser.post(PATH, typed(world)).status_code} == {403}
    assert {browser.post(f"{PATH}1/{act}/").status_code for act in ("end", "rotate")} == {403}
    assert "/people/machines/" not in browser.get("/people/").content.decode()


def test_the_auditor_reads_it(world: Any, page: Any) -> None:
    page(world.admin).post(PATH, typed(world))
    auditor = page(world.auditor)
    text = auditor.get(PATH).content.decode()
    assert "Tổng đài" in text and '<form method="post" action="/people' not in text
    assert auditor.post(PATH, typed(world)).status_code == 403
    (machine,) = Machine.objects.all()
    assert auditor.post(f"{PATH}{machine.pk}/end/").status_code == 403


def test_it_stands_on_no_list_of_people_and_by_name_in_the_journal(world: Any, page: Any) -> None:
    page(world.admin).post(PATH, typed(world, name="Máy tổng đài"))
    (machine,) = Machine.objects.all()
    assert (
        "Máy tổng đài" not in page(world.admin).get(f"/people/?office={world.nha_trang.pk}").content.decode()
    )
    assert page(world.admin).get(f"/people/{machine.pk}/").headers["Location"] == PATH
    for act in ("invite", "leave", "factor", "duties"):
        assert (
            page(world.admin).post(f"/people/{machine.pk}/{act}/", {"office": world.hq.pk}).status_code == 404
        )
    assert "Máy tổng đài" not in page(world.lam).get("/promises/new/").content.decode()


def test_as_many_queries_for_ten_as_for_one(world: Any, page: Any, django_assert_num_queries: Any) -> None:
    browser = page(world.admin)
    for _ in range(10):
        browser.post(PATH, typed(world))
        with django_assert_num_queries(6):
            browser.get(PATH)
