"""The words, chips, threads and drawings that templates make."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override

from tantam.office import tags

TODAY = date(2026, 11, 22)


def render(text: str, **context: object) -> str:
    return engines["django"].from_string(text).render(context)


def test_say_escapes_values_and_dots_numbers():
    shown = render('{% say "{who}: <b>{n}</b>" "{who}: {n}" who=who n=n %}', who="<i>Ẩn</i>", n=1847)
    assert shown == "&lt;i&gt;Ẩn&lt;/i&gt;: <b>1.847</b>"


def test_say_writes_days_and_chooses_the_language():
    with override("en"):
        assert render('{% say "hạn {on}" "due {on}" on=on %}', on=TODAY) == "due 22\u00a0Nov\u00a02026"


def test_filters_leave_nothing_for_nothing():
    assert (
        render("{{ n|number }}{{ n|day }}{{ n|moment }}{{ n|dong }}{{ n|percent }}{{ n|key }}", n=None) == ""
    )


def test_filters():
    shown = render(
        "{{ n|number }} {{ s|percent }} {{ n|dong }} {{ d|day }} {{ k|key }}", n=1847, s=0.942, d=TODAY, k=5
    )
    assert shown == "1.847 94,2\u00a0% 1.847\u00a0đồng 22/11/2026 TB-0000-0000-00005"


@pytest.mark.parametrize(
    ("state", "due", "first_due", "settled", "words"),
    [
        ("open", date(2026, 11, 30), None, None, "hạn 30/11"),
        ("open", TODAY, None, None, "hạn 22/11"),
        ("open", date(2026, 11, 16), None, None, "trễ 6 ngày"),
        ("kept", TODAY, None, TODAY, "đã giữ"),
        ("kept", TODAY, date(2026, 11, 19), TODAY, "giữ muộn 3 ngày"),
        ("broken", TODAY, None, TODAY, "không giữ được"),
        ("released", TODAY, None, TODAY, "đã miễn"),
    ],
)
def test_a_chip_says_how_a_promise_stands(state, due, first_due, settled, words):
    promise = SimpleNamespace(state=state, due=due, first_due=first_due or due, settled_on=settled)
    assert words in tags.chip(promise, TODAY)


def test_only_what_is_owed_wears_a_diamond():
    assert "<svg" not in render('{% include "shared/plain_chip.html" with tone="la" text="khen" %}')


def test_a_thread_is_stitched_after_the_last_fact():
    steps = [{"state": s, "title": s} for s in ("done", "kept", "due", "next")]
    assert [tags.stitched(steps, n) for n in (1, 2, 3, 4)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("at", "low", "high", "tone"),
    [(0.6, 0.3, 0.9, '"whisker "'), (0.2, -0.8, 1.2, "none"), (-2, -3, -1, "loss")],
)
def test_a_whisker_is_clear_only_when_it_leaves_nought(at, low, high, tone):
    shown = tags.whisker(at, low, high)
    assert tone in shown
    assert 'class="zero"' in shown
    assert "style" not in shown


def test_a_split_leaves_out_what_is_nought():
    shown = tags.split(1847, "la", 0, "nghe", 43, "son")
    assert shown.count("<rect") == 3  # the track and two parts
    assert "nghe" not in shown


def test_here_marks_the_page_and_its_room():
    context = {"request": RequestFactory().get("/promises/7/")}
    assert tags.here(context, "/promises/7/") == ' aria-current="page"'
    assert tags.here(context, "/promises/") == ' aria-current="true"'
    assert tags.here(context, "/") == ""
    context["rooms"] = [("/opinions/", "Ý kiến"), ("/opinions/themes/", "Chủ đề")]
    context["request"].path = "/opinions/themes/7/"
    assert tags.here(context, "/opinions/") == "", "a room inside another is the one that is marked"
    assert tags.here(context, "/opinions/themes/") == ' aria-current="true"'
