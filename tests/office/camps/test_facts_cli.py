"""``tantam camp digest`` and ``rehearse``: files, keys beside them, exit codes, and nothing written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tantam.cli.camp_facts import THROW_AWAY
from tantam.cli.door import tantam
from tantam.errors import TantamError

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command in an empty folder; errors come out as they are."""
    monkeypatch.chdir(tmp_path)

    def go(*words: Any) -> Result:
        return CliRunner().invoke(
            tantam, ["camp", *map(str, words)], standalone_mode=False, catch_exceptions=True
        )

    return go


@pytest.fixture
def played(run: Run, tmp_path: Path) -> Path:
    """A small rehearsal of three kits."""
    done = run("rehearse", "--seed", 4, "--kits", 3, "--people", 12, "--out", tmp_path / "days")
    assert done.exception is None, done.output
    return tmp_path / "days"


def told(result: Result) -> dict[str, Any]:
    """What a command printed as JSON."""
    assert result.exception is None, result.output
    found: dict[str, Any] = json.loads(result.output)
    return found


def refused(result: Result) -> str:
    """The code of what was refused, and by what exit code."""
    assert isinstance(result.exception, TantamError), (result.exception, result.output)
    return f"{result.exception.code} {result.exception.exit_code}"


def test_a_rehearsal_is_the_same_files_for_the_same_seed(run: Run, played: Path, tmp_path: Path) -> None:
    again = run("rehearse", "--seed", 4, "--kits", 3, "--people", 12, "--out", tmp_path / "again")
    assert again.exception is None
    names = sorted(file.name for file in played.iterdir())
    assert names == ["kit-1.camp", "kit-2.camp", "kit-3.camp", THROW_AWAY]
    for name in names:
        assert (played / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_a_rehearsal_writes_over_no_other_camp(run: Run, played: Path) -> None:
    before = (played / "kit-1.camp").read_bytes()
    assert refused(run("rehearse", "--seed", 5, "--people", 3, "--out", played)) == "another_camp_there 2"
    assert (played / "kit-1.camp").read_bytes() == before
    assert run("rehearse", "--seed", 4, "--kits", 3, "--people", 12, "--out", played).exception is None


def test_the_digest_is_one_in_any_order_and_any_number_of_times(run: Run, played: Path) -> None:
    one, two, three = (played / f"kit-{kit}.camp" for kit in (1, 2, 3))
    whole = told(run("digest", "--json", "--merge", one, two, three))
    assert whole["kits"] == [1, 2, 3] and whole["people"] == 14 and whole["stock_in_order"]
    for files in ((three, one, two), (one, one, two, three, two), (two, three, "--merge", one)):
        other = told(run("digest", "--json", "--merge", *files))
        for name in ("camp", "facts", "digest", "kits", "people", "visits", "differences"):
            assert other[name] == whole[name]
    assert told(run("digest", "--json", "--merge", one, two))["digest"] != whole["digest"]
    assert told(run("digest", "--json", one, two, three))["digest"] == whole["digest"]


def test_differences_are_told_by_code_and_nobody_by_name(run: Run, played: Path) -> None:
    result = run("digest", "--json", "--merge", played / "kit-1.camp", played / "kit-2.camp")
    kinds = {one["kind"] for one in told(result)["differences"]}
    assert kinds == {"same_person"}
    plain = run("digest", "--merge", played / "kit-1.camp", played / "kit-2.camp").output
    assert "to decide: same_person:" in plain and "Thị" not in plain + result.output


def test_it_reads_and_writes_nothing_and_needs_no_home(run: Run, played: Path, tmp_path: Path) -> None:
    before = {file: file.stat() for file in sorted(tmp_path.rglob("*"))}
    told(run("digest", "--json", "--merge", played / "kit-1.camp", "--home", tmp_path / "nowhere"))
    after = {file: file.stat() for file in sorted(tmp_path.rglob("*"))}
    assert [(name, stat.st_mtime_ns, stat.st_size) for name, stat in before.items()] == [
        (name, stat.st_mtime_ns, stat.st_size) for name, stat in after.items()
    ]


def test_a_key_lies_beside_the_file_or_nothing_is_read(run: Run, played: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(played / "kit-1.camp", alone)
    assert refused(run("digest", alone / "kit-1.camp")) == "camp_key_not_found 2"
    assert run("digest", alone / "kit-1.camp", played / "kit-2.camp").exception is None
    (alone / THROW_AWAY).write_text("?")
    assert refused(run("digest", alone / "kit-1.camp")) == "bad_rehearsal_key 3"


def test_what_is_no_whole_camp_is_refused(run: Run, played: Path) -> None:
    content = (played / "kit-1.camp").read_bytes()
    for name, broken, code in (
        ("empty", b"", "not_a_camp 3"),
        ("text", b"xin chao", "not_a_camp 3"),
        ("cut", content[:-9], "camp_cut_off 3"),
        ("longer", content + b"x", "camp_cut_off 3"),
        ("header", content[:40], "not_a_camp 3"),
        ("changed", content[:-9] + bytes([content[-9] ^ 1]) + content[-8:], "camp_key_wrong 2"),
    ):
        file = played / f"{name}.camp"
        file.write_bytes(broken)
        assert refused(run("digest", "--json", "--merge", file)) == code, name


def test_two_camps_are_not_merged_but_told_apart(run: Run, played: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert run("rehearse", "--seed", 9, "--people", 2, "--out", other).exception is None
    files = (played / "kit-1.camp", other / "kit-1.camp")
    assert refused(run("digest", "--merge", *files)) == "several_camps 3"
    found = told(run("digest", "--json", *files))
    assert len({one["camp"] for one in found["files"]}) == 2


def test_nothing_to_merge_and_no_office(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TANTAM_DATABASE_URL", raising=False)
    assert refused(run("digest", "--merge")) == "no_file 3"
    assert refused(run("digest", "--home", tmp_path)) == "no_office 2"


def test_a_day_is_stopped_in_the_middle(run: Run, tmp_path: Path) -> None:
    done = run("rehearse", "--people", 30, "--until", "10:30", "--out", tmp_path / "half")
    assert done.exception is None
    half = told(run("digest", "--json", "--merge", tmp_path / "half" / "kit-1.camp"))
    assert 0 < half["people"] < 30
