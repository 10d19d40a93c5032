"""Themes: opinions join them, people put them in order and take that back, and nobody who spoke is ever lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tantam.errors import BadInput, Refused
from tantam.office.journal.models import Entry
from tantam.office.opinions import actions, themes
from tantam.office.opinions.models import Deed, Opinion, Theme, Voice
from tests.office.opinions.a_theme import a_theme, said, stands


def test_an_opinion_joins_the_theme_that_the_machine_hears(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = {"theme": ("T07", "trừ tiền lạ"), "topic": "charging", "feeling": "negative", "complaint": True}
    monkeypatch.setattr("tantam.office.opinions.actions.hear", lambda words: dict(heard))
    opinion = actions.register(
        actor=world.dung, at=world.at, id=UUID(int=7), text="Bị trừ tiền lạ",
        tone=None, channel="phone", said_at=world.at, office=world.nha_trang, key=5,
    )  # fmt: skip
    theme = Theme.objects.get()
    assert (theme.code, theme.name, opinion.theme) == ("T07", "trừ tiền lạ", theme)
    assert stands(theme) == (1, 1, 1)
    assert theme.since == world.at
    corrected = actions.correct(
        opinion, actor=world.dung, at=world.at, text="Bị trừ tiền lạ quá", reason="nghe nhầm"
    )
    assert corrected.theme == theme
    themes.recount(theme)
    assert stands(theme) == (1, 1, 1)


def test_a_person_counts_once_and_words_without_one_each(world: Any) -> None:
    theme = a_theme(world)
    said(world, theme, 1, key=5, complaint=False)
    said(world, theme, 2, key=5)
    said(world, theme, 3, key=5)
    said(world, theme, 4)
    said(world, theme, 5, complaint=False)
    assert stands(theme) == (5, 3, 2)
    themes.recount(theme)
    assert stands(theme) == (5, 3, 2)
    voice = Voice.objects.get()
    assert (voice.key, voice.opinions_count, voice.complained) == (5, 3, True)


def test_joined_they_count_as_one_and_taken_apart_as_before(world: Any) -> None:
    one, other = a_theme(world), a_theme(world, "T02", "mạng chậm")
    said(world, one, 1, key=5)
    said(world, one, 2, key=6)
    said(world, other, 3, key=6, complaint=False)
    deed = themes.join(one, other, actor=world.policy, at=world.at)
    assert stands(other) == (3, 2, 2)
    said(world, Theme.objects.get(pk=one.pk), 4, key=7)
    assert stands(other) == (4, 3, 3)
    assert {voice.key for voice in themes.keys_of(other)} == {5, 6, 7}
    themes.undo(deed, actor=world.policy, at=world.at)
    themes.undo(deed, actor=world.policy, at=world.at)
    assert (stands(one), stands(other)) == ((3, 3, 3), (1, 1, 0))
    assert Entry.objects.filter(act="theme.undone").count() == 1


def test_split_moved_and_taken_back(world: Any) -> None:
    theme = a_theme(world)
    mine = [said(world, theme, n, key=n) for n in range(4)]
    made, deed = themes.split(
        theme, [mine[0].pk, mine[1].pk], "Mất sóng khi mưa", actor=world.policy, at=world.at
    )
    assert (stands(theme), stands(made)) == ((2, 2, 2), (2, 2, 2))
    moved = themes.move([mine[2].pk], made, actor=world.policy, at=world.at)
    assert (stands(theme), stands(made)) == ((1, 1, 1), (3, 3, 3))
    with pytest.raises(Refused, match="done_since"):
        themes.undo(deed, actor=world.policy, at=world.at)
    themes.undo(moved, actor=world.policy, at=world.at)
    themes.undo(deed, actor=world.policy, at=world.at)
    assert (stands(theme), stands(made)) == ((4, 4, 4), (0, 0, 0))
    assert Theme.objects.get(pk=made.pk).hidden


def test_renamed_pinned_hidden_and_taken_back(world: Any) -> None:
    theme = a_theme(world)
    deeds = [
        themes.rename(theme, " Mất  sóng ở bản ", actor=world.policy, at=world.at),
        themes.pin(theme, True, actor=world.policy, at=world.at),
        themes.hide(theme, True, actor=world.policy, at=world.at),
    ]
    theme.refresh_from_db()
    assert (theme.name, theme.named, theme.pinned, theme.hidden) == ("Mất sóng ở bản", True, True, True)
    for deed in reversed(deeds):
        themes.undo(deed, actor=world.policy, at=world.at)
    theme.refresh_from_db()
    assert (theme.name, theme.named, theme.pinned, theme.hidden) == ("mất sóng ở bản", False, False, False)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.data())
def test_nobody_who_spoke_is_ever_lost(world: Any, data: st.DataObject) -> None:
    """Whatever is done and taken back, every opinion stands in exactly one place, and every speaker with it."""
    Theme.objects.update(into=None)
    for model in (Deed, Opinion, Voice, Theme):
        model.objects.all().delete()
    found = [a_theme(world, f"T{n}", f"việc {n}") for n in range(4)]
    spoke = [
        said(world, data.draw(st.sampled_from(found)), n, key=data.draw(st.sampled_from([None, 1, 2, 3])))
        for n in range(8)
    ]
    before = {theme.pk: stands(theme) for theme in found}
    deeds = []
    for _ in range(data.draw(st.integers(1, 6))):
        one, other = data.draw(st.sampled_from(list(Theme.objects.all()))), data.draw(st.sampled_from(found))
        some = [row.pk for row in data.draw(st.lists(st.sampled_from(spoke), min_size=1, max_size=4))]
        try:
            match data.draw(st.sampled_from(["join", "move", "split"])):
                case "join":
                    deeds.append(themes.join(one, other, actor=world.policy, at=world.at))
                case "move":
                    deeds.append(themes.move(some, other, actor=world.policy, at=world.at))
                case _:
                    deeds.append(themes.split(one, some, "khác", actor=world.policy, at=world.at)[1])
        except (Refused, BadInput):
            continue
        roots = list(Theme.objects.filter(into__isnull=True))
        assert sum(themes.opinions_of(root).count() for root in roots) == len(spoke)
        for root in roots:
            mine = themes.opinions_of(root).exclude(speaker_key=None).values_list("speaker_key", flat=True)
            assert {voice.key for voice in themes.keys_of(root)} == set(mine)
            counted = stands(root)
            themes.recount(root)
            assert stands(root) == counted
    for deed in reversed(deeds):
        themes.undo(deed, actor=world.policy, at=world.at)
    assert {theme.pk: stands(theme) for theme in found} == before


def test_what_a_listening_found_is_taken_in_once(world: Any) -> None:
    rows = [
        {"id": "T01", "label": "mất sóng", "count": 900, "people": 700, "share_complaint": 0.5, "quotes": []},
        {"id": "T02", "label": "gộp rồi", "count": 0, "people": 0, "share_complaint": None, "quotes": [],
         "merged_into": "T01"},
    ]  # fmt: skip
    taken = {"run": "thang-10", "digest": "a" * 64, "actor": world.policy, "at": world.at}
    assert themes.take_in(rows, **taken) == 1
    assert themes.take_in(rows, **taken) == 0
    theme = Theme.objects.get()
    assert stands(theme) == (900, 700, 350)
    said(world, theme, 1, key=5)
    assert stands(theme) == (901, 701, 351)
    assert theme.since == world.at


@pytest.mark.parametrize(
    ("code", "act"),
    [
        ("no_name", lambda w, t: themes.rename(t, "  ", actor=w.policy, at=w.at)),
        ("name_too_long", lambda w, t: themes.rename(t, "a" * 121, actor=w.policy, at=w.at)),
        ("nothing_chosen", lambda w, t: themes.move([], t, actor=w.policy, at=w.at)),
        ("same_theme", lambda w, t: themes.join(t, t, actor=w.policy, at=w.at)),
        ("not_your_duty", lambda w, t: themes.rename(t, "khác", actor=w.stranger, at=w.at)),
        ("not_your_duty", lambda w, t: themes.join(t, t, actor=w.dung, at=w.at)),
    ],
)
def test_what_cannot_be_done_is_refused(world: Any, code: str, act: Any) -> None:
    theme = a_theme(world)
    with pytest.raises((Refused, BadInput)) as error:
        act(world, theme)
    assert error.value.code == code
    assert not Deed.objects.exists()


def test_what_stands_under_another_is_left_alone(world: Any) -> None:
    one, other = a_theme(world), a_theme(world, "T02", "mạng chậm")
    themes.join(one, other, actor=world.policy, at=world.at)
    with pytest.raises(Refused, match="already_joined"):
        themes.join(Theme.objects.get(pk=one.pk), other, actor=world.policy, at=world.at)
    with pytest.raises(Refused, match="already_joined"):
        themes.join(other, Theme.objects.get(pk=one.pk), actor=world.policy, at=world.at)


def test_forgetting_keeps_the_count_and_drops_the_tie(world: Any) -> None:
    theme = a_theme(world)
    said(world, theme, 1, key=5)
    actions.forget(5, actor=world.privacy, at=world.at)
    assert not Voice.objects.filter(key=5).exists()
    themes.recount(theme)
    assert stands(theme) == (1, 1, 1)
    assert list(themes.keys_of(theme)) == []
