"""``tantam office tickets``: a file of tickets taken in from the terminal."""

from __future__ import annotations

import json
from pathlib import Path

from tests.office.operations.commands import run

ROWS = """Mã;Tạo lúc;Khách;Tình trạng
P-1;22-10-25;Trừ tiền lạ;open
P-2;23-10-25;Sóng yếu;closed
"""


def test_a_file_comes_in_once(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "phieu.csv"
    file.write_text(ROWS, encoding="utf-8")
    maps = ("--map", "Mã=ref", "--map", "Tạo lúc=received", "--map", "Khách=text")
    first = run(home, "tickets", str(file), "--office", "nt", *maps, "--json")
    assert first.returncode == 0, first.stderr
    figures = json.loads(first.stdout)
    assert (figures["kept"], figures["open"], figures["dates"][0]["order"]) == (2, 1, "dmy")
    again = run(home, "tickets", str(file), "--office", "nt", *maps)
    assert "taken in before" in again.stdout
    nowhere = run(home, "tickets", str(file), "--office", "xx")
    assert (nowhere.returncode, "nobody_there" in nowhere.stderr) == (3, True)
    wrong = run(home, "tickets", str(file), "--office", "nt", "--map", "x=y")
    assert (wrong.returncode, "map_unknown" in wrong.stderr) == (3, True)
