"""``tantam office tickets``: a file of tickets taken in from the terminal."""

from __future__ import annotations

import json
from pathlib import Path

from tests.office.operations.commands import in_turn

ROWS = """Mã;Tạo lúc;Khách;Tình trạng
P-1;22-10-25;Trừ tiền lạ;open
P-2;23-10-25;Sóng yếu;closed
"""


def test_a_file_comes_in_once(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "phieu.csv"
    file.write_text(ROWS, encoding="utf-8")
    maps = ("--map", "Mã=ref", "--map", "Tạo lúc=received", "--map", "Khách=text")
    into = ("tickets", str(file), "--office")
    first, again, nowhere, wrong = in_turn(
        home,
        (*into, "nt", *maps, "--json"),
        (*into, "nt", *maps),
        (*into, "xx"),
        (*into, "nt", "--map", "x=y"),
    )
    assert first.returncode == 0, first.stderr
    figures = json.loads(first.stdout)
    assert (figures["kept"], figures["open"], figures["dates"][0]["order"]) == (2, 1, "dmy")
    assert "taken in before" in again.stdout
    assert (nowhere.returncode, "nobody_there" in nowhere.stderr) == (3, True)
    assert (wrong.returncode, "map_unknown" in wrong.stderr) == (3, True)
