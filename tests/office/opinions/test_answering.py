"""A theme is answered, what was promised is done and published, and everyone who spoke is told, once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam.errors import BadInput, Refused
from tantam.office.channels.models import Message
from tantam.office.journal.models import Entry
from tantam.office.opinions import answering, themes
from tantam.office.opinions.models import Answer, Change, Heap, Telling, Theme
from tantam.office.promises.models import Promise
from tests.office.opinions.a_theme import a_theme, said

DUE = date(2026, 12, 31)
WORDS = "Trạm ở bản Nậm Khao có thêm ắc quy và pin mặt trời."


def answered(world: Any, theme: Theme, kind: str = "accept", **changed: Any) -> Answer:
    row = {
        "actor": world.policy, "at": world.at, "kind": kind, "words": WORDS, "office": world.hq,
        "due": None if kind == "no" else DUE,
    }  # fmt: skip
    return answering.answer(theme, **{**row, **changed})


def done(world: Any, theme: Theme) -> Change:
    made = answering.change(
        theme, actor=world.policy, at=world.at, what="Đã lắp pin cho 12 trạm.", proof="Biên bản 12/BB"
    )
    return answering.publish(made, actor=world.policy, at=world.at)


def state(theme: Theme) -> str:
    return Theme.objects.get(pk=theme.pk).state


def test_a_commitment_is_a_promise_to_the_public(world: Any) -> None:
    theme = a_theme(world)
    for n in range(3):
        said(world, theme, n, key=n)
    made = answered(world, theme)
    promise = Promise.objects.get()
    assert (promise.kind, promise.what, promise.first_due, promise.people) == ("commitment", WORDS, DUE, 3)
    assert (promise.to_kind, promise.about_kind, promise.about_id) == ("public", "theme", str(theme.pk))
    assert (state(theme), made.people_count, made.promise) == ("promised", 3, promise)
    assert answered(world, theme) == made
    assert Entry.objects.filter(act="theme.answered").count() == 1


def test_what_was_done_keeps_it_and_is_published(world: Any) -> None:
    theme = a_theme(world)
    answered(world, theme)
    change = done(world, theme)
    promise = Promise.objects.get()
    assert (promise.state, promise.proof) == ("kept", "Biên bản 12/BB")
    assert (state(theme), change.published_at) == ("done", world.at)
    assert done(world, theme) == change
    assert Entry.objects.filter(act="theme.published").count() == 1


def test_later_is_a_promise_to_say_more_and_is_kept_by_saying_it(world: Any) -> None:
    theme = a_theme(world)
    answered(world, theme, "later", words="Đang hỏi nhà cung cấp, chưa chắc.")
    assert (state(theme), Promise.objects.get().kind) == ("later", "reply")
    answered(world, theme, "no", words="Đảo này chưa kéo được cáp, vì biển động quanh năm.")
    assert (state(theme), Promise.objects.get().state) == ("declined", "kept")
    assert [row.current for row in Answer.objects.order_by("pk")] == [False, True]


def test_a_broken_promise_lets_the_theme_wait_again(world: Any) -> None:
    theme = a_theme(world)
    made = answered(world, theme)
    with pytest.raises(Refused, match="promise_open"):
        answered(world, theme, "no", words="Thôi không làm nữa vì hết tiền.")
    assert made.promise is not None
    for _ in range(2):
        answering.own_up(made.promise, actor=world.policy, at=world.at, reason="Không mua được pin.")
    assert (state(theme), Entry.objects.filter(act="theme.reopened").count()) == ("waiting", 1)
    assert answered(world, theme, words="Sang năm lắp đủ 12 trạm, đã có tiền.").pk != made.pk


def test_everyone_is_told_once_also_those_of_joined_themes_and_of_files(
    world: Any, settings: Any, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    one, other = a_theme(world), a_theme(world, "T02", "mạng chậm")
    for n in range(3):
        said(world, one, n, key=n)
    said(world, other, 9, key=2)
    said(world, other, 10)
    pq.write_table(pa.table({"key": [2, 100, 101]}), tmp_path / "T02.parquet")
    Heap.objects.create(
        theme=other, run="r", digest="d", taken_at=world.at, opinions_count=9, people_count=5, complaints_count=1,
        speakers="T02.parquet", speakers_count=3,
    )  # fmt: skip
    themes.join(other, one, actor=world.policy, at=world.at)
    answered(world, one)
    telling = answering.tell(done(world, one), actor=world.policy, at=world.at)
    assert answering.tell(done(world, one), actor=world.policy, at=world.at) == telling
    while answering.go_on(telling, at=world.at):
        pass
    answering.go_on(telling, at=world.at)
    assert set(Message.objects.values_list("key", flat=True)) == {0, 1, 2, 100, 101}
    assert Message.objects.count() == 5
    assert set(Message.objects.values_list("purpose", "about_kind", "about_id")) == {
        ("reply", "telling", str(telling.pk))
    }
    telling.refresh_from_db()
    assert (telling.asked_count, telling.done_at) == (5, world.at)
    assert telling.unreached_count == Theme.objects.get(pk=one.pk).people_count - 5
    assert "“mất sóng ở bản”" in Message.objects.first().text  # type: ignore[union-attr]


def test_a_telling_goes_on_where_it_was(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "BATCH", 2)
    theme = a_theme(world)
    for n in range(5):
        said(world, theme, n, key=n)
    telling = answering.tell(answered(world, theme), actor=world.policy, at=world.at)
    assert answering.go_on(telling, at=world.at)
    assert Message.objects.count() == 2
    said(world, theme, 9, key=9)
    assert answering.go_on(Telling.objects.get(), at=world.at)
    assert answering.go_on(Telling.objects.get(), at=world.at)
    assert not answering.go_on(Telling.objects.get(), at=world.at)
    assert set(Message.objects.values_list("key", flat=True)) == {0, 1, 2, 3, 4, 9}
    assert answering.going() == []


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("bad_answer_kind", {"kind": "maybe"}),
        ("no_due", {"due": None}),
        ("no_words", {"words": "Có."}),
        ("words_too_long", {"words": "a" * 301}),
        ("due_in_the_past", {"due": date(2026, 1, 1)}),
        ("not_your_duty", {"actor": "stranger"}),
        ("not_your_duty", {"actor": "dung"}),
    ],
)
def test_answering_refuses(world: Any, code: str, changed: dict[str, Any]) -> None:
    theme = a_theme(world)
    if "actor" in changed:
        changed = {**changed, "actor": getattr(world, changed["actor"])}
    with pytest.raises((Refused, BadInput)) as error:
        answered(world, theme, **changed)
    assert error.value.code == code
    assert not Answer.objects.exists() and state(theme) == "waiting"


def test_nothing_is_done_or_told_out_of_turn(world: Any) -> None:
    theme = a_theme(world)
    with pytest.raises(Refused, match="nothing_promised"):
        done(world, theme)
    made = answered(world, theme)
    change = answering.change(theme, actor=world.policy, at=world.at, what="Đã lắp 12 pin.", proof="BB 1")
    with pytest.raises(Refused, match="not_published"):
        answering.tell(change, actor=world.policy, at=world.at)
    with pytest.raises(BadInput, match="sms_link_in_reply"):
        answering.tell(made, actor=world.policy, at=world.at, text="Xem http://x.vn")
    for act in (
        lambda: answering.change(theme, actor=world.stranger, at=world.at, what=WORDS, proof="x"),
        lambda: answering.publish(change, actor=world.dung, at=world.at),
        lambda: answering.tell(made, actor=world.stranger, at=world.at),
    ):
        with pytest.raises(Refused, match="not_your_duty"):
            act()
    assert not Telling.objects.exists()
