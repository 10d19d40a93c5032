"""``tantam listen themes`` at the terminal."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from tantam.base.home import Home
from tantam.cli.listen_themes import themes as command
from tantam.errors import TantamError
from tantam.listen.themes import Themes
from tests.listen.themes.a_sample import NEW, learnt, said
from tests.listen.themes.test_telling import readings, tell
from tests.listen.themes.test_telling import themes as known


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    known().save(made.themes)
    return made


@cache
def _runner() -> CliRunner:
    return CliRunner()


def run(home: Home, *words: str) -> str:
    result = _runner().invoke(
        command, [*words, "--home", str(home.root)], catch_exceptions=False, env={"COLUMNS": "200"}
    )
    assert result.exit_code == 0, result.output
    return result.output


def refused(home: Home, *words: str) -> str:
    with pytest.raises(TantamError) as error:
        _runner().invoke(command, [*words, "--home", str(home.root)], catch_exceptions=False)
    return error.value.code


def listened(home: Home, name: str = "sms") -> Path:
    folder = home.listening(name)
    (folder / "readings").mkdir(parents=True)
    files, rows = readings(folder / "readings")
    (folder / "themes.json").write_text(json.dumps(tell(files, known(), on=None)), encoding="utf-8")
    figures = {"rows_in": len(rows), "kept": len(rows), "left_out": 0, "told": {}, "copies": 0, "themes": 4}
    (folder / "run.json").write_text(json.dumps({"plan": {}, "figures": figures}), encoding="utf-8")
    return folder


def test_the_themes_of_the_home_are_listed(home: Home) -> None:
    said_ = run(home)
    assert all(label in said_ for label in known().labels)
    rows = json.loads(run(home, "--json"))
    assert [row["id"] for row in rows] == list(known().ids)
    assert run(home, "list") == said_


def test_what_people_do_is_kept_and_said(home: Home) -> None:
    assert "Mất sóng ở nhà" in run(home, "rename", "t01", "Mất sóng ở nhà")
    assert "T01" in run(home, "merge", "T02", "t01")
    assert "3" in run(home, "split", "T03", "--parts", "3")
    run(home, "pin", "T04")
    run(home, "hide", "T04")
    kept = Themes.load(home.themes)
    assert kept.names[0] == "Mất sóng ở nhà"
    assert kept.merged_into[1] == "T01"
    assert kept.edit("T03").split == 3
    assert kept.pinned[3] and kept.hidden[3]
    run(home, "show", "T04")
    run(home, "undo", "T02")
    kept = Themes.load(home.themes)
    assert kept.pinned[3] and not kept.hidden[3]
    assert kept.merged_into[1] is None
    assert 'name = "Mất sóng ở nhà"' in (home.themes / "names.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ("rename", "T99", "x"),
        ("rename", "T01", "  "),
        ("rename", "T01", "a\nb"),
        ("rename", "T01", "\udcff"),
        ("merge", "T01", "T01"),
        ("merge", "T01", "T99"),
        ("split", "T01", "--parts", "1"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(home: Home, words: tuple[str, ...]) -> None:
    before = (home.themes / "names.toml").read_bytes()
    assert refused(home, *words) == "bad_theme_names"
    assert (home.themes / "names.toml").read_bytes() == before


def test_a_home_or_a_folder_without_themes_is_refused(home: Home, tmp_path: Path) -> None:
    assert refused(Home(tmp_path / "other")) == "no_themes"
    assert refused(home, "nowhere") == "not_listened"
    assert refused(home, "retell", "nowhere") == "not_listened"
    assert refused(home, "learn", "nowhere") == "not_listened"


def test_a_listened_folder_is_listed_with_its_counts(home: Home) -> None:
    folder = listened(home)
    rows = json.loads(run(home, "sms", "--json"))
    assert rows == json.loads((folder / "themes.json").read_text(encoding="utf-8"))
    said_ = run(home, "sms")
    assert all(row["label"] in said_ and row["quotes"][0]["text"][:60] in said_ for row in rows)
    assert run(home, str(folder)) == said_


def test_a_folder_is_told_again_with_new_names(home: Home) -> None:
    folder = listened(home)
    run(home, "rename", "T01", "Tên mới")
    run(home, "merge", "T02", "T01")
    assert "Tên mới" not in run(home, "sms")
    run(home, "retell", "sms")
    told = {row["id"]: row for row in json.loads(run(home, "sms", "--json"))}
    assert told["T01"]["label"] == "Tên mới"
    assert told["T02"]["count"] == 0
    assert "Tên mới" in (folder / "report.html").read_text(encoding="utf-8")


def test_a_folder_of_other_themes_is_not_told_again(home: Home, tmp_path: Path) -> None:
    folder = listened(home)
    other = Home(tmp_path / "other")
    learnt(said(NEW, 60, 0), parts=1).save(other.themes)
    before = (folder / "themes.json").read_bytes()
    with pytest.raises(TantamError) as error:
        _runner().invoke(command, ["retell", str(folder), "--home", str(other.root)], catch_exceptions=False)
    assert error.value.code == "other_themes"
    assert (folder / "themes.json").read_bytes() == before


def test_themes_are_learnt_from_a_folder(home: Home) -> None:
    listened(home)
    run(home, "rename", "T01", "Tên người đặt")
    run(home, "split", "T02")
    run(home, "learn", "sms")
    kept = Themes.load(home.themes)
    assert kept.names[kept.ids.index("T01")] == "Tên người đặt"
    assert "T02" in kept.ids or kept.gone["T02"]
    run(home, "learn", "sms", "--afresh")
    anew = Themes.load(home.themes)
    assert anew.names[anew.ids.index("T01")] == "Tên người đặt"
    assert anew.last >= kept.last
