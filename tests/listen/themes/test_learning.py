"""Themes found, followed, split and made anew: from a sample where the subjects are known."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from tantam.listen.themes import Themes, assign
from tantam.listen.themes import learning as rules
from tests.listen.themes.a_sample import NEW, SUBJECTS, complaints, learnt, said, words_of


def purity(themes: Themes, texts: list[str], subjects: list[str]) -> float:
    """Of the texts that have a theme, the share whose subject is that of most in it."""
    at = assign(themes, words_of(texts))[0]
    right = held = 0
    for k in range(len(themes.ids)):
        mine = [s for s, place in zip(subjects, at.tolist(), strict=True) if place == k]
        right += max((mine.count(s) for s in set(mine)), default=0)
        held += len(mine)
    assert held >= 0.8 * len(texts)
    return right / held


def same(one: Themes, other: Themes) -> bool:
    return (one.ids, one.labels, one.new, one.digest) == (other.ids, other.labels, other.new, other.digest)


def test_the_subjects_that_were_mixed_are_found_and_called_by_their_own_words() -> None:
    texts, subjects = complaints()
    themes = learnt(texts, parts=4)
    assert themes.ids == ("T01", "T02", "T03", "T04")
    assert purity(themes, texts, subjects) > 0.95
    together = " | ".join(themes.labels)
    for phrase in ("sóng", "trừ tiền", "tổng đài", "tin nhắn rác"):
        assert phrase in together


def test_the_same_texts_in_any_order_give_the_same_themes() -> None:
    texts, _ = complaints()
    people = np.array([1.0 + len(text) % 7 for text in texts])
    one = learnt(texts, people)
    for seed in range(3):
        order = list(range(len(texts)))
        random.Random(seed).shuffle(order)
        assert same(one, learnt([texts[i] for i in order], people[order]))


def test_people_weigh_but_one_message_of_thousands_leaves_room_for_the_others() -> None:
    texts, _ = complaints()
    people = np.ones(len(texts) + 1)
    people[-1] = 5_000
    themes = learnt([*texts, "chương trình tri ân tặng vàng miễn phí bấm vào đây"], people)
    at = assign(
        themes, words_of(["chương trình tri ân tặng vàng miễn phí bấm vào đây", "mất sóng trong nhà"])
    )[0]
    assert min(at) >= 0
    assert at[0] != at[1]


@pytest.mark.parametrize("count", range(21))
def test_few_texts_give_few_themes_or_none_and_never_an_error(count: int) -> None:
    texts, _ = complaints(each=5)
    themes = learnt(texts[:count])
    assert len(themes.ids) <= count // 20
    assert (assign(themes, words_of(texts))[0] < len(themes.ids)).all()


@pytest.mark.parametrize(
    "text", ["", "   ", "?!…", "và là của thì", "123 456", "😡😡😡", "quá tệ", "\x00", "a" * 100_000]
)
def test_texts_that_say_nothing_make_no_theme_and_no_error(text: str) -> None:
    learnt([text] * 50)
    assert learnt([text] * 50 + complaints()[0], parts=4).ids


def test_one_text_that_many_said_is_one_theme() -> None:
    for texts, people in (
        (["mất sóng cả buổi ở chợ"] * 500, np.ones(500)),
        (["mất sóng cả buổi ở chợ"], np.array([500.0])),
    ):
        themes = learnt(texts, people)
        assert len(themes.ids) == 1
        assert "sóng" in themes.labels[0]
    assert learnt(["mất sóng cả buổi ở chợ"]).ids == ()


def test_what_was_known_stays_and_a_new_subject_is_proposed_under_a_new_id() -> None:
    texts, _ = complaints()
    known = learnt(texts, parts=4)
    later, subjects = complaints(seed=1)
    mixed = later + said(NEW, 60, 1)
    subjects = subjects + ["battery"] * 60
    now = learnt(mixed, before=known)
    assert now.ids[:4] == known.ids
    assert now.labels[:4] == known.labels
    assert now.proposed[:4] == (False,) * 4
    assert all(now.proposed[4:]) and now.ids[4] == "T05"
    about = [k for k, label in enumerate(now.labels) if "pin" in label or "sạc" in label]
    new = np.isin(assign(now, words_of(mixed))[0], about)
    battery = np.array([s == "battery" for s in subjects])
    assert battery[new].mean() > 0.95
    assert new[battery].mean() > 0.8
    before, after = assign(known, words_of(later))[0], assign(now, words_of(later))[0]
    assert (before == after)[before >= 0].mean() > 0.97


def test_following_twice_changes_nothing_more() -> None:
    texts, _ = complaints()
    known = learnt(texts, parts=4)
    mixed = complaints(seed=1)[0] + said(NEW, 60, 1)
    once = learnt(mixed, before=known)
    twice = learnt(mixed, before=once)
    assert twice.ids[: len(once.ids)] == once.ids
    assert len(twice.ids) <= len(once.ids) + 1
    assert learnt([], before=once).ids == once.ids


def test_a_theme_is_split_when_people_ask_and_its_id_is_never_used_again() -> None:
    texts, subjects = complaints()
    both = learnt(texts, parts=2)
    wide = max(both.ids, key=lambda i: len({s for s, k in _held(both, texts, subjects) if k == i}))
    asked = both.edited(wide, split=2).edited(wide, name="Hai việc")
    now = learnt(texts, before=asked)
    assert wide not in now.ids
    children = now.gone[wide].split(", ")
    assert len(children) == 2
    assert set(children) <= set(now.ids)
    assert wide not in now.edits
    assert not any(now.proposed[now.ids.index(c)] for c in children)
    later = learnt([*texts, *said(NEW, 60, 1)], before=now)
    assert wide not in later.ids
    assert len(set(later.ids)) == len(later.ids)
    assert later.gone[wide] == now.gone[wide]


def _held(themes: Themes, texts: list[str], subjects: list[str]) -> list[tuple[str, str]]:
    at = assign(themes, words_of(texts))[0].tolist()
    return [(s, themes.ids[k]) for s, k in zip(subjects, at, strict=True) if k >= 0]


def test_splitting_takes_along_what_was_merged_into_it() -> None:
    texts, _ = complaints()
    themes = learnt(texts, parts=4)
    asked = themes.edited("T02", into="T01").edited("T01", split=2)
    now = learnt(texts, before=asked)
    assert {"T01", "T02"}.isdisjoint(now.ids)
    assert now.gone["T01"] == now.gone["T02"] != ""


def test_a_theme_too_small_to_split_stays_and_is_still_asked_for() -> None:
    texts, _ = complaints()
    asked = learnt(texts, parts=4).edited("T01", split=2)
    now = learnt([], before=asked)
    assert now.ids == asked.ids
    assert now.edit("T01").split == 2


def test_made_anew_the_themes_keep_ids_and_names_of_those_they_are_like() -> None:
    texts, _ = complaints()
    known = learnt(texts, parts=4)
    known = known.edited("T01", name="Của người đặt")
    anew = learnt(complaints(seed=7)[0], before=known, parts=4, afresh=True)
    assert set(anew.ids) == set(known.ids)
    for theme in known.ids:
        one = known.vectors.join(anew.vectors).unit
        a, b = one[known.ids.index(theme)], one[len(known.ids) + anew.ids.index(theme)]
        assert float(a @ b) > 0.8
    assert anew.names[anew.ids.index("T01")] == "Của người đặt"


def test_made_anew_what_nobody_says_goes_unless_it_was_named_or_pinned() -> None:
    texts, subjects = complaints()
    known = learnt(texts, parts=4)
    kept_of = dict(_held(known, texts, subjects))
    pinned, named = kept_of["coverage"], kept_of["charging"]
    known = known.edited(pinned, pin=True).edited(named, name="Trừ tiền")
    others = said(SUBJECTS["hotline"], 60, 3) + said(NEW, 60, 3)
    anew = learnt(others, before=known, parts=2, afresh=True)
    assert {pinned, named, kept_of["hotline"]} <= set(anew.ids)
    assert kept_of["spam"] not in anew.ids
    assert anew.gone[kept_of["spam"]] == ""
    assert all(int(i[1:]) > known.last or i in known.ids for i in anew.ids)


def test_when_there_is_no_room_the_least_of_the_untouched_proposals_gives_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "MOST_THEMES", 5)
    known = learnt(complaints()[0], parts=4)
    first = learnt(complaints(seed=1)[0] + said(NEW, 30, 1), before=known)
    assert len(first.ids) == 5
    other = (
        "cửa hàng đóng cửa sớm không tiếp khách",
        "cửa hàng chưa tới giờ đã đóng cửa",
        "ra cửa hàng thì đóng cửa sớm",
    )
    crowd = complaints(seed=2)[0] + said(other, 80, 2)
    second = learnt(crowd, before=first)
    assert len(second.ids) == 5
    assert second.ids[:4] == known.ids
    assert second.ids[4] != first.ids[4]
    assert first.ids[4] in second.gone
    touched = learnt(crowd, before=first.edited(first.ids[4], pin=True))
    assert first.ids[4] in touched.ids


def test_ids_go_on_after_ninety_nine() -> None:
    known = replace(learnt(complaints()[0], parts=4), last=99)
    now = learnt(complaints(seed=1)[0] + said(NEW, 60, 1), before=known)
    assert now.ids[4] == "T100"
