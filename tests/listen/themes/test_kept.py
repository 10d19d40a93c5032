"""Themes on disk: the same when read again, broken files refused, and what people wrote never lost."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tantam.errors import BadInput, Refused
from tantam.listen.themes import Themes, assign, kept
from tests.listen.themes.a_sample import NEW, complaints, learnt, said, words_of


@cache
def themes() -> Themes:
    return learnt(complaints()[0], parts=4)


@cache
def followed() -> Themes:
    return learnt(complaints(seed=1)[0] + said(NEW, 60, 1), before=themes())


def test_what_is_kept_is_what_was_learnt(tmp_path: Path) -> None:
    edited = themes().edited("T02", name='Trừ "tiền" \\ vô lý', pin=True).edited("T03", into="T01", hide=True)
    edited.save(tmp_path / "themes")
    read = Themes.load(tmp_path / "themes")
    assert (read.ids, read.labels, read.new, read.edits, read.last) == (
        edited.ids, edited.labels, edited.new, edited.edits, edited.last,
    )  # fmt: skip
    assert read.digest == edited.digest
    texts = words_of(complaints(seed=5)[0])
    for one, other in zip(assign(read, texts), assign(edited, texts), strict=True):
        assert (one == other).all()
    assert read.names[1] == 'Trừ "tiền" \\ vô lý'
    assert read.merged_into == (None, None, "T01", None)
    assert (read.hidden, read.pinned) == ((False, False, True, False), (False, True, False, False))


def test_the_same_themes_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        themes().save(tmp_path / name)
    for file in ("themes.npz", "names.toml"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_no_themes_can_be_kept_too(tmp_path: Path) -> None:
    learnt([]).save(tmp_path)
    assert Themes.load(tmp_path).ids == ()


def test_a_later_learning_keeps_ids_names_and_the_line(tmp_path: Path) -> None:
    themes().edited("T01", name="Sóng").save(tmp_path)
    now = learnt(complaints(seed=1)[0] + said(NEW, 60, 1), before=Themes.load(tmp_path))
    now.save(tmp_path)
    read = Themes.load(tmp_path)
    assert read.ids[:4] == themes().ids
    assert read.names[0] == "Sóng"
    assert read.proposed[4]
    named = read.edited(read.ids[4], name="Pin")
    assert not named.proposed[4]


def test_what_people_wrote_meanwhile_goes_before_what_was_read_earlier(tmp_path: Path) -> None:
    themes().edited("T01", name="Sóng").save(tmp_path)
    now = learnt(complaints(seed=1)[0], before=Themes.load(tmp_path))
    Themes.load(tmp_path).edited("T01", name="Mất sóng ở nhà").edited("T02", hide=True).save_names(tmp_path)
    now.save(tmp_path)
    read = Themes.load(tmp_path)
    assert read.names[0] == "Mất sóng ở nhà"
    assert read.hidden[1]


def test_two_learnings_from_the_same_themes_do_not_write_over_each_other(tmp_path: Path) -> None:
    themes().save(tmp_path)
    one = followed()
    other = learnt(
        complaints(seed=2)[0] + said(("xe máy hư giữa đường", "sửa xe máy lâu quá"), 60, 2), before=themes()
    )
    one.save(tmp_path)
    with pytest.raises(Refused, match="themes_changed"):
        other.save(tmp_path)
    assert Themes.load(tmp_path).digest == one.digest


def test_saving_again_what_the_folder_has_grown_out_of_changes_nothing(tmp_path: Path) -> None:
    themes().save(tmp_path)
    followed().save(tmp_path)
    themes().save(tmp_path)
    assert Themes.load(tmp_path).digest == followed().digest
    followed().save(tmp_path)
    assert Themes.load(tmp_path).digest == followed().digest


def test_a_wrong_names_file_stops_the_saving_before_anything_is_written(tmp_path: Path) -> None:
    themes().save(tmp_path)
    before = (tmp_path / "themes.npz").read_bytes()
    (tmp_path / "names.toml").write_text('[T77]\nname = "x"', encoding="utf-8")
    with pytest.raises(BadInput, match="bad_theme_names"):
        followed().save(tmp_path)
    assert (tmp_path / "themes.npz").read_bytes() == before
    assert "T77" in (tmp_path / "names.toml").read_text(encoding="utf-8")


def test_a_folder_without_themes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no_themes"):
        Themes.load(tmp_path)


def test_themes_of_other_hashes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    themes().save(tmp_path)
    monkeypatch.setattr(kept, "VERSION", "another")
    with pytest.raises(BadInput, match="wrong_hash_version"):
        Themes.load(tmp_path)


@pytest.mark.parametrize("cut", [0, 1, 100, 1000, -1, -100])
def test_a_broken_file_is_refused(tmp_path: Path, cut: int) -> None:
    themes().save(tmp_path)
    file = tmp_path / "themes.npz"
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(BadInput, match="bad_themes"):
        Themes.load(tmp_path)


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return threading.excepthook, ("never",)

    with (tmp_path / "themes.npz").open("wb") as to:
        np.savez(to, words=np.array([Bomb()], object))
    with pytest.raises(BadInput, match="bad_themes"):
        Themes.load(tmp_path)


def test_a_file_whose_columns_do_not_fit_is_refused(tmp_path: Path) -> None:
    themes().save(tmp_path)
    with np.load(tmp_path / "themes.npz") as opened:
        data = {name: opened[name] for name in opened.files}
    data["feature"] = data["feature"] + 100_000
    with (tmp_path / "themes.npz").open("wb") as to:
        np.savez(to, **data)
    with pytest.raises(BadInput, match="bad_themes"):
        Themes.load(tmp_path)


def test_edits_that_could_not_be_read_again_are_refused() -> None:
    for said_ in ({"name": "a\nb"}, {"name": "x" * 81}, {"into": "T99"}, {"into": "T01"}, {"split": 1}):
        with pytest.raises(BadInput, match="bad_theme_names"):
            themes().edited("T01", **said_)
    with pytest.raises(BadInput, match="bad_theme_names"):
        themes().edited("T99", pin=True)
