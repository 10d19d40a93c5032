"""The page of one theme: its line, its forms by duty, and what they refuse."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tantam.office.channels.models import Message
from tantam.office.opinions import answering
from tantam.office.opinions.models import Answer, Change, Deed, Opinion, Telling, Theme
from tantam.office.promises.models import Promise
from tests.office.opinions.a_theme import a_theme, said, stands

WORDS = "Tháng mười hai dựng thêm trạm ở bản, từ ngày đó có sóng"


pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def theme(world: Any) -> Theme:
    """Six people at two branches, three of whom complained."""
    made = a_theme(world)
    for n in range(5):
        said(world, made, f"one {n}", 100 + n, complaint=n < 3)
    said(
        world,
        made,
        "far",
        200,
        complaint=False,
        office=world.ca_mau,
        actor=world.khoi,
        text="Cà Mau cũng yếu",
    )
    return Theme.objects.get(pk=made.pk)


def _at(theme: Theme, act: str = "") -> str:
    return f"/opinions/themes/{theme.pk}/" + (f"{act}/" if act else "")


def _typed(world: Any, **changed: Any) -> dict[str, Any]:
    due = world.at.date() + timedelta(days=20)
    return {"kind": "accept", "words": WORDS, "due": due.isoformat(), "owner": world.policy.pk, **changed}


def _titles(response: Any) -> list[tuple[str, str]]:
    return [(step["state"], step["title"]) for step in response.context["steps"]]


def test_from_words_to_deeds_and_back_to_whoever_spoke(world: Any, page: Any, theme: Theme) -> None:
    browser = page(world.policy)
    shown = browser.get(_at(theme))
    assert "6 người chờ trả lời, 1 ngày rồi." in shown.content.decode()
    assert _titles(shown)[-2:] == [("due", "Trả lời"), ("next", "Báo lại cho người đã nói")]
    assert browser.post(_at(theme, "answer"), _typed(world)).status_code == 303
    promise = Promise.objects.get(about_kind="theme")
    assert (promise.owner, promise.people) == (world.policy, 6)
    shown = browser.get(_at(theme))
    assert _titles(shown)[-2][0] == "due" and f"/promises/{promise.pk}/" in shown.content.decode()
    done = {"what": "Đã dựng trạm ở bản", "proof": "Biên bản 12/BB ngày 01/12"}
    assert browser.post(_at(theme, "done"), done).status_code == 303
    change = Change.objects.get()
    assert browser.get(_at(theme)).context["untold"] is None, "nobody is told before it is published"
    assert browser.post(_at(theme, "publish"), {"change": change.pk}).status_code == 303
    form = browser.get(_at(theme)).context["telling"]
    sent = {"of": form["of"], "text": form["text"], "counted": form["counted"], "act": "send"}
    assert browser.post(_at(theme, "tell"), sent).status_code == 303
    answering.go_on(Telling.objects.get(), at=world.at)
    shown = browser.get(_at(theme))
    assert [state for state, _ in _titles(shown)] == ["done", "done", "done", "kept", "done", "done"]
    text = shown.content.decode()
    assert "Báo lại 6 người" in text and f"/messages/?about=telling:{Telling.objects.get().pk}" in text
    assert "Biên bản 12/BB" in text and "Chưa đủ dữ liệu" in text


def test_the_text_is_shown_with_its_parts_before_it_goes(world: Any, page: Any, theme: Theme) -> None:
    browser = page(world.hoa)
    browser.post(_at(theme, "answer"), _typed(world))
    form = browser.get(_at(theme)).context["telling"]
    assert WORDS in form["text"] and form["parts"] > form["plain"] >= 1
    changed = {"of": form["of"], "text": "Bản mình sắp có sóng.", "counted": form["counted"], "act": "send"}
    again = browser.post(_at(theme, "tell"), changed)
    assert again.status_code == 200 and not Telling.objects.exists(), "its parts were not seen yet"
    assert (
        again.context["telling"]["text"] == "Bản mình sắp có sóng." and again.context["telling"]["parts"] == 1
    )
    bare = browser.post(_at(theme, "tell"), {**changed, "act": "plain"}).context["telling"]
    assert bare["text"] == "Ban minh sap co song."
    link = {**changed, "text": "Xem www.saomai.vn", "counted": "Xem www.saomai.vn"}
    no = browser.post(_at(theme, "tell"), link)
    assert no.status_code == 422 and "không kèm đường dẫn" in no.content.decode()
    assert browser.post(_at(theme, "tell"), {**changed, "of": "answer:999999999"}).status_code == 422
    assert browser.post(_at(theme, "tell"), {**changed, "counted": changed["text"]}).status_code == 303
    assert Telling.objects.get().text == "Bản mình sắp có sóng."


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"words": "ngắn"}, "no_words"),
        ({"words": "x" * 301}, "words_too_long"),
        ({"due": ""}, "no_due"),
        ({"due": "hôm qua"}, "bad_day"),
        ({"kind": "maybe"}, "bad_answer_kind"),
    ],
)
def test_what_is_refused_comes_back_as_typed(
    world: Any, page: Any, theme: Theme, wrong: dict[str, str], code: str
) -> None:
    typed = _typed(world, **wrong)
    answer = page(world.policy).post(_at(theme, "answer"), typed)
    assert answer.status_code == 422 and answer.context["error"].code == code
    text = answer.content.decode()
    assert typed["words"] in text and code in text and not Answer.objects.exists()


def test_who_may_do_what(world: Any, page: Any, theme: Theme) -> None:
    policy, executive = page(world.policy).get(_at(theme)), page(world.hoa).get(_at(theme))
    assert policy.context["may_answer"] and policy.context["may_change"]
    assert executive.context["may_answer"] and not executive.context["may_change"]
    for staff in (world.lam, world.auditor, world.privacy):
        text = page(staff).get(_at(theme)).content.decode()
        assert '<form method="post"' not in text.split("<main")[1]
        for act in ("answer", "publish", "tell", "rename", "pin", "hide", "join", "split", "move", "undo"):
            assert page(staff).post(_at(theme, act)).status_code == 403, act
    for act in ("rename", "pin", "hide", "join", "split", "move", "undo"):
        assert page(world.hoa).post(_at(theme, act)).status_code == 403
    assert page(world.stranger).get(_at(theme)).status_code == 403
    assert page(None).get(_at(theme)).status_code == 302
    assert page(world.policy).get("/opinions/themes/999/").status_code == 404
    assert page(world.policy).get(_at(theme, "answer")).status_code == 405


def test_words_of_other_offices_are_counted_but_not_shown(world: Any, page: Any, theme: Theme) -> None:
    shown = page(world.khoi).get(_at(theme))
    assert [o["text"] for o in shown.context["opinions"]] == ["Cà Mau cũng yếu"]
    assert "Mất sóng cả ngày" not in shown.content.decode() and shown.context["people"] == 6


def test_a_name_a_pin_and_hiding_are_undone(world: Any, page: Any, theme: Theme) -> None:
    browser = page(world.policy)
    assert browser.post(_at(theme, "rename"), {"name": "Bản cao không có sóng"}).status_code == 303
    assert browser.post(_at(theme, "pin"), {"on": "1"}).status_code == 303
    assert browser.post(_at(theme, "hide"), {"on": "1"}).status_code == 303
    shown = browser.get(_at(theme))
    assert "Bản cao không có sóng" in shown.content.decode() and len(shown.context["deeds"]) == 3
    first, last = Deed.objects.order_by("pk").first(), Deed.objects.order_by("-pk").first()
    assert first is not None and last is not None
    no = browser.post(_at(theme, "undo"), {"deed": first.pk})
    assert no.status_code == 409 and no.context["error"].code == "done_since"
    for deed in Deed.objects.order_by("-pk"):
        assert browser.post(_at(theme, "undo"), {"deed": deed.pk}).status_code == 303
    fresh = Theme.objects.get(pk=theme.pk)
    assert (fresh.name, fresh.pinned, fresh.hidden) == (theme.name, False, False)
    assert browser.post(_at(theme, "undo"), {"deed": 999}).status_code == 422
    no = browser.post(_at(theme, "rename"), {"name": " "})
    assert no.status_code == 422 and no.context["failed"] == "rename"


def test_another_theme_is_found_by_name_joined_and_taken_apart(world: Any, page: Any, theme: Theme) -> None:
    other = a_theme(world, "T02", "Sóng chập chờn ở chợ")
    said(world, other, "market", 300)
    browser = page(world.policy)
    found = browser.get(_at(other), {"other": "mat song"})
    assert [one.pk for one in found.context["others"]] == [theme.pk]
    assert not browser.get(_at(other), {"other": "chap chon"}).context["others"], "not into itself"
    answer = browser.post(_at(other, "join"), {"to": theme.pk})
    assert answer.status_code == 303 and answer["Location"] == _at(theme) and stands(theme)[1] == 7
    away = browser.get(_at(other)).content.decode()
    assert "Chủ đề này đã gộp vào chủ đề khác." in away and _at(theme) in away
    assert _at(other) in browser.get(_at(theme)).content.decode()
    assert browser.post(_at(theme, "undo"), {"deed": Deed.objects.get().pk}).status_code == 303
    assert stands(theme)[1] == 6
    assert browser.post(_at(other, "join"), {"to": "x"}).context["error"].code == "no_theme_chosen"
    assert browser.post(_at(other, "join"), {"to": other.pk}).context["error"].code == "same_theme"


def test_opinions_found_by_a_phrase_are_taken_out_or_moved(world: Any, page: Any, theme: Theme) -> None:
    browser = page(world.policy)
    found = browser.get(_at(theme), {"find": "ca mau"}).context["opinions"]
    assert [o["text"] for o in found] == ["Cà Mau cũng yếu"]
    ticked = {"opinion": str(found[0]["id"]), "name": "Sóng Cà Mau"}
    no = browser.post(_at(theme, "split"), {**ticked, "name": ""})
    assert no.status_code == 422 and "checked" in no.content.decode()
    assert browser.post(_at(theme, "split"), {"name": "Trống"}).context["error"].code == "nothing_chosen"
    assert browser.post(_at(theme, "split"), {"opinion": "x", "name": "Sai"}).status_code == 422
    answer = browser.post(_at(theme, "split"), ticked)
    made = Theme.objects.get(name="Sóng Cà Mau")
    assert answer["Location"] == _at(made) and stands(made)[1] == 1 and stands(theme)[1] == 5
    assert "tách 1 lời" in browser.get(_at(made)).content.decode().lower()
    answer = browser.post(_at(made, "move"), {"opinion": ticked["opinion"], "to": theme.pk})
    assert answer["Location"] == _at(theme) and stands(theme)[1] == 6


def test_the_page_costs_the_same_however_much_was_said(
    world: Any, page: Any, theme: Theme, django_assert_max_num_queries: Any
) -> None:
    browser = page(world.policy)
    browser.post(_at(theme, "answer"), _typed(world))
    browser.post(_at(theme, "done"), {"what": "Đã dựng trạm ở bản", "proof": "Biên bản 12/BB"})
    for n in range(60):
        said(world, theme, f"more {n}", 500 + n, said_at=world.at - timedelta(days=n))
    with django_assert_max_num_queries(30):
        assert browser.get(_at(theme)).status_code == 200


def test_less_is_said_of_it_since(world: Any, page: Any, theme: Theme) -> None:
    browser = page(world.policy)
    browser.post(_at(theme, "answer"), _typed(world))
    browser.post(_at(theme, "done"), {"what": "Đã dựng trạm ở bản", "proof": "Biên bản 12/BB"})
    Change.objects.update(done_on=world.at.date() - timedelta(days=35))
    for week in range(-8, 5):
        for n in range(12 if week < 0 else 1):
            at = world.at - timedelta(days=35 - 7 * week - 1)
            said(world, theme, f"w{week} {n}", 900 + n, said_at=at)
            said(world, None, f"else {week} {n}", 900 + n, said_at=at)
    for n in range(44):
        said(world, None, f"late {n}", 900 + n, said_at=world.at - timedelta(days=20))
    shown = browser.get(_at(theme))
    assert shown.context["effect"]["verdict"] == "less"
    assert any("ít đi" in step.get("effect", "") for step in shown.context["steps"])


def test_hostile_names_words_and_searches_are_only_words(world: Any, page: Any, theme: Theme) -> None:
    Theme.objects.filter(pk=theme.pk).update(name="<script>alert(1)</script>")
    Opinion.objects.update(text="<img src=x onerror=alert(2)>")
    for asked in ("", "?find=%3Cimg", "?other=%3Cscript%3E", "?find=%00&other=%00"):
        answer = page(world.policy).get(_at(theme) + asked)
        text = answer.content.decode()
        assert answer.status_code == 200 and "<script>alert" not in text and "<img src=x" not in text


def test_an_opinion_says_how_far_its_theme_came(world: Any, page: Any, theme: Theme) -> None:
    opinion = Opinion.objects.get(speaker_key=100)
    browser = page(world.lam)

    def done() -> list[str]:
        steps = browser.get(f"/opinions/{opinion.pk}/").context["steps"]
        return [step["state"] for step in steps]

    assert done() == ["done", "next", "done", "next", "next"]
    assert _at(theme) in browser.get(f"/opinions/{opinion.pk}/").content.decode()
    page(world.policy).post(_at(theme, "answer"), _typed(world))
    assert done() == ["done", "next", "done", "done", "next"]
    telling = answering.tell(Answer.objects.get(), actor=world.policy, at=world.at)
    answering.go_on(telling, at=world.at)
    assert done()[-1] == "next", "asked for is not told"
    Message.objects.filter(key=100).update(state="sent", taken_at=world.at, due_at=None)
    assert done()[-1] == "done"
    assert "đã báo lại cho người nói" in browser.get(f"/opinions/{opinion.pk}/").content.decode()
