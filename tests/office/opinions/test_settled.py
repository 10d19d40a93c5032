"""A promise made on a theme and the theme agree, whatever is done to either of them, and from wherever."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tantam import clock
from tantam.errors import BadInput, Refused
from tantam.office.opinions import answering, themes
from tantam.office.opinions.models import Answer, Change, Deed, Theme
from tantam.office.promises import actions as promises
from tantam.office.promises.models import Promise
from tests.office.opinions.a_theme import a_theme
from tests.office.opinions.test_answering import WORDS, answered, state

REASON = {"reason": "Không mua được pin."}
FORMS = {
    "keep": {"proof_kind": "document", "proof": "Biên bản 12/BB"},
    "redate": {"due": "31/12/2027", "reason": "Bão."},
    "break": REASON,
    "ask-release": {"creditor_yes": "Các bản đồng ý, họp ngày 20/11."},
    "release": {},
}
PLACES = ("/promises/{}/", "/opinions/themes/promises/{}/")


def agrees(theme: Theme) -> None:
    """The theme says what its current answer and that one's promise say."""
    answer = Answer.objects.filter(theme=theme, current=True).select_related("promise").first()
    expected = "waiting"
    if answer is not None and answer.kind == "no":
        expected = "declined"
    elif answer is not None:
        assert answer.promise is not None
        done = Change.objects.filter(answer=answer).exists()
        assert done == (answer.promise.state == "kept")
        open_ = answering.STATE[answer.kind]
        expected = {"open": open_, "kept": "done", "broken": "waiting", "released": "waiting"}[
            answer.promise.state
        ]
    assert state(theme) == expected


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_order_of_acts_from_both_places(world: Any, page: Any, data: st.DataObject) -> None:
    for model in (Change, Answer, Deed, Theme):
        model.objects.all().delete()
    theme, other = a_theme(world), a_theme(world, "T02", "mạng chậm")
    readers = [page(world.policy), page(world.hoa)]
    by: dict[str, Any] = {"actor": world.policy, "at": clock.now()}
    due = clock.day_of(by["at"]) + timedelta(days=30)

    def answer(kind: str, n: int) -> Answer:
        return answered(world, theme, kind, words=f"{WORDS} {n}", due=None if kind == "no" else due, **by)

    on_theme: dict[str, Callable[[int], object]] = {
        **{kind: partial(answer, kind) for kind in answering.KINDS},
        "change": lambda n: answering.change(theme, what="Đã lắp pin cho 12 trạm.", proof="Biên bản 12/BB", **by),
        "hide": lambda n: themes.hide(theme, n % 2 == 0, **by),
        "join": lambda n: themes.undo(themes.join(theme, other, **by), **by),
    }  # fmt: skip
    acts = [*on_theme, *((place, act) for place in PLACES for act in FORMS)]
    for n in range(data.draw(st.integers(1, 8))):
        act = data.draw(st.sampled_from(acts))
        if isinstance(act, str):
            with suppress(Refused, BadInput):
                on_theme[act](n)
        elif (made := Promise.objects.filter(about_id=str(theme.pk)).last()) is not None:
            place, name = act
            reader = data.draw(st.sampled_from(readers))
            assert reader.post(f"{place.format(made.pk)}{name}/", FORMS[name]).status_code < 500
        agrees(theme)


def test_its_page_settles_both(world: Any, page: Any) -> None:
    theme = a_theme(world)
    made = answered(world, theme, due=date(2027, 1, 31))
    assert made.promise is not None
    address = f"/promises/{made.promise.pk}/"
    shown = page(world.policy).get(address).content.decode()
    below = f"/opinions/themes/promises/{made.promise.pk}/"
    assert f'action="{below}break/"' in shown and f'action="{address}keep/"' not in shown
    assert "tự được giữ khi việc đã làm" in shown and f'href="/opinions/themes/{theme.pk}/"' in shown
    assert page(world.policy).post(f"{below}break/", {"reason": ""}).status_code == 422
    assert page(world.lam).post(f"{below}break/", REASON).status_code == 403
    answer = page(world.policy).post(f"{below}break/", REASON)
    assert (answer.status_code, answer["Location"], state(theme)) == (303, address, "waiting")


def test_a_second_person_lets_us_off_and_the_theme_waits(world: Any, page: Any) -> None:
    theme = a_theme(world)
    made = answered(world, theme)
    assert made.promise is not None
    promises.ask_release(made.promise, actor=world.policy, at=world.at, creditor_yes="Các bản đồng ý.")
    with pytest.raises(Refused, match="same_person"):
        answering.let_off(made.promise, actor=world.policy, at=world.at)
    assert state(theme) == "promised"
    answering.let_off(made.promise, actor=world.hoa, at=world.at)
    assert state(theme) == "waiting"


def test_it_is_never_settled_alone(world: Any) -> None:
    made = answered(world, a_theme(world)).promise
    assert made is not None
    by: dict[str, Any] = {"actor": world.policy, "at": world.at}
    with pytest.raises(Refused, match="settled_alone"):
        promises.break_(made, reason="Hết tiền.", **by)
    with pytest.raises(Refused, match="settled_alone"):
        promises.keep(made, proof_kind="document", proof="Biên bản 12/BB", **by)
    with pytest.raises(Refused, match="settled_alone"):
        promises.release(made, **{**by, "actor": world.hoa})


def test_another_promise_is_not_settled_here(world: Any, page: Any) -> None:
    other = promises.make(
        actor=world.policy, at=world.at, kind="other", what="Gọi lại bác Năm", owner=world.policy, office=world.hq,
        first_due=date(2026, 12, 31), to=("public", ""),
    )  # fmt: skip
    with pytest.raises(Refused, match="not_on_a_theme"):
        answering.own_up(other, actor=world.policy, at=world.at, reason="Hết tiền.")
