"""Two processes never decide one round at once, and one that was killed keeps nobody out."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tantam.care import round as rounds
from tantam.errors import BadInput, Refused
from tests.a_base import home_with, stored
from tests.care.offers_for_tests import TEXT

DECIDING = """
import sys
from pathlib import Path
from tantam.care import round as rounds

with rounds.alone(Path(sys.argv[1])):
    print("in", flush=True)
    sys.stdin.read()
"""
DECIDE = "from tantam.cli import main; main()"


def _python(code: str, *words: object) -> subprocess.Popen[str]:
    command, pipe = [sys.executable, "-c", code, *map(str, words)], subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def test_a_round_that_is_being_decided_is_left_to_whoever_is_at_it(tmp_path: Path) -> None:
    home = home_with(tmp_path / "home", stored(1_000, 3))
    file = tmp_path / "offers.toml"
    file.write_text(TEXT, encoding="utf-8")
    words = ("decide", file, "--budget", 1_000_000, "--home", home.root, "--out")
    first = _python(DECIDING, home.round("one"))
    assert first.stdout is not None and first.stdout.readline() == "in\n"
    refused, other = _python(DECIDE, *words, "one"), _python(DECIDE, *words, "two")
    said = refused.communicate()[1]
    assert refused.returncode == 2 and "[deciding_already]" in said and "one" in said
    assert other.wait() == 0, "another round is nobody's business"
    assert not home.round("one").exists() and first.poll() is None
    first.kill()
    first.communicate()
    again = _python(DECIDE, *words, "one")
    assert again.communicate()[1] == "" and again.returncode == 0
    assert sorted(path.name for path in home.rounds.iterdir()) == ["one", "two"]


def test_no_two_are_at_it_however_they_come_and_go(tmp_path: Path) -> None:
    inside: list[int] = []

    def enter(number: int) -> bool:
        try:
            with rounds.alone(tmp_path / "one"):
                inside.append(number)
                assert inside == [number]
                inside.remove(number)
        except Refused as refused:
            assert refused.code == "deciding_already"
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert any(threads.map(enter, range(2_000)))
    assert enter(0) and not list(tmp_path.iterdir())


def test_a_folder_of_something_else_is_not_locked(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_text("x")
    with pytest.raises(BadInput, match="not_a_round"), rounds.alone(tmp_path / "photos"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]
