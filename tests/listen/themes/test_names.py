"""The small file that people edit by hand: what it says is kept, and what is wrong is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.listen.themes import names
from tantam.listen.themes.names import Edit

IDS = ("T01", "T02", "T03", "T100")
LABELS = dict.fromkeys(IDS, "mất sóng / trong nhà")
LINE = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), min_size=1, max_size=80
).filter(str.strip)
EDITS = st.builds(
    Edit,
    name=st.none() | LINE.map(str.strip),
    split=st.none() | st.integers(2, 8),
    pin=st.booleans(),
    hide=st.booleans(),
    note=st.none() | LINE.map(str.strip),
)


def refused(text: str) -> str:
    with pytest.raises(BadInput) as error:
        names.parse(text, IDS, {"T09": "T02, T03"})
    assert error.value.code == "bad_theme_names"
    return error.value.what


@given(st.dictionaries(st.sampled_from(IDS), EDITS))
def test_what_people_did_is_read_as_it_was_written(edits: dict[str, Edit]) -> None:
    called = [e.name.casefold() for e in edits.values() if e.name]
    if len(called) == len(set(called)):
        written = names.text_of(edits, LABELS, {"T03"})
        assert names.parse(written, IDS) == {k: e for k, e in edits.items() if e != Edit()}


def test_the_file_teaches_and_names_every_theme_by_what_was_found() -> None:
    written = names.text_of({}, LABELS, {"T03"})
    assert all(f"[{theme}]" in written for theme in IDS)
    assert "mất sóng / trong nhà" in written
    assert written.count("proposed") == 1
    for word in ("name", "into", "split", "pin", "hide", "note"):
        assert f"#   {word} = " in written
    assert names.parse(written, IDS) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[T01", "no TOML"),
        ('[T01]\nname = "x', "no TOML"),
        ("[T01]\npin = true\n[T01]\nhide = true", "no TOML"),
        ('# one\n\n[T04]\nname = "x"', "line 3: There is no theme T04"),
        ('[T01]\nnmae = "x"', "line 2: “nmae” means nothing"),
        ('[T01]\nname = ""', "line 2: name of T01 must be"),
        ('[T01]\nname = "   "', "line 2: name of T01 must be"),
        ("[T01]\nname = 3", "line 2: name of T01 must be"),
        (f'[T01]\nname = "{"x" * 81}"', "line 2: name of T01 must be"),
        ('[T01]\nname = "a\\nb"', "line 2: name of T01 must be"),
        ('[T01]\nname = "a\\u202eb"', "line 2: name of T01 must be"),
        ('[T01]\nname = ["a"]', "line 2: name of T01 must be"),
        ("[T01]\n[T02]\nsplit = 1", "line 3: split of T02 must be"),
        ("[T01]\nsplit = 9", "line 2: split of T01 must be"),
        ("[T01]\nsplit = true", "line 2: split of T01 must be"),
        ("[T01]\nsplit = 2.0", "line 2: split of T01 must be"),
        ('[T01]\npin = "yes"', "line 2: pin of T01 must be"),
        ("[T01]\nhide = 1", "line 2: hide of T01 must be"),
        ("[T01]\nhide = 1979-05-27", "line 2: hide of T01 must be"),
        ('[T01]\ninto = "T05"', "line 2: There is no theme T05 for T01 to go into"),
        ('[T01]\ninto = "T09"', "line 2: There is no theme T09 for T01 to go into; it has become T02, T03"),
        ('[T01]\ninto = "T01"', "line 2: T01 would go into itself"),
        ('[T01]\ninto = "T02"\n[T02]\ninto = "T03"\n[T03]\ninto = "T01"', "would go into itself"),
        ('[T01]\ninto = "T02"\nsplit = 2', "line 3: T01 goes into T02"),
        ('[T01]\nname = "Sóng"\n[T02]\nname = "sóng"', "line 4: T02 and T01 have one name"),
        ('name = "x"\n[T01]', "line 1: “name” stands under no theme"),
        ("[T01.x]\ny = 1", "“x” means nothing"),
        ("T01 = 3", "stands under no theme"),
        (f"[T01]\nsplit = {'9' * 5000}", "no TOML"),
        ("[T01]\nx = " + "[" * 5000, "no TOML"),
        ("\ufeff[T01]", "no TOML"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(text: str, said: str) -> None:
    assert said in refused(text)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        names.parse(text, IDS)
    except BadInput as error:
        assert error.code == "bad_theme_names"


def test_other_ways_to_write_the_same_are_taken() -> None:
    read = names.parse("T01.pin = true\nT02 = {name = 'Sóng', hide = true}\n['T03']\nsplit=2", IDS)
    assert read == {"T01": Edit(pin=True), "T02": Edit(name="Sóng", hide=True), "T03": Edit(split=2)}


def test_sections_of_themes_that_are_no_more_are_passed_over() -> None:
    assert names.parse('[T09]\nname = "Cũ"\nsplit = 2', IDS, {"T09": "T02, T03"}) == {}


def test_a_file_that_is_no_text_is_refused_and_no_file_says_nothing(tmp_path: Path) -> None:
    assert names.read(tmp_path / "names.toml", IDS, {}) == {}
    (tmp_path / "names.toml").write_bytes(b"\xff\xfe[\x00")
    with pytest.raises(BadInput, match="bad_theme_names"):
        names.read(tmp_path / "names.toml", IDS, {})
