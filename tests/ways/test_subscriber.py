"""A subscriber's way, walked at the terminal: from a made-up file to a proof, with no number left lying about."""

from __future__ import annotations

import io
import json
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from tantam.cli import door

Run = Callable[..., tuple[int, str, str]]
FORMS = re.compile(rb"(?<!\d)(?:\+?84|0)[35789]\d{8}(?!\d)")


def typed(*words: object) -> tuple[int, str, str]:
    """A command in a process of its own, as a person starts it: its exit code, output and errors."""
    command = [sys.executable, "-c", "from tantam.cli import main; main()", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def called(*words: object) -> tuple[int, str, str]:
    """The same in this process, where everything is loaded already."""
    out, err = io.StringIO(), io.StringIO()
    with patch.object(sys, "argv", ["tantam", *map(str, words)]), redirect_stdout(out), redirect_stderr(err):
        code = door._run()
    return code, out.getvalue(), err.getvalue()


def tantam(*words: object, fails: int = 0, by: Run = called) -> str:
    """Run a command; its output, or its one sentence where it must fail."""
    code, out, err = by(*words)
    assert code == fails, err
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == (1 if fails else 0), err
    return err if fails else out


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where everything has been done once, with a round called first."""
    root = tmp_path_factory.mktemp("way")
    home = root / "home"
    tantam("sample", "base", "--subscribers", 6_000, "--seed", 7, "--out", root / "made")
    tantam("base", "load", root / "made", "--home", home, by=typed)
    (root / "offers.toml").write_text(tantam("sample", "offers"), encoding="utf-8")
    asked = ("--budget", "48e6", "--floor", "low_income spend >= 30%", "--instance", root / "instance")
    tantam("decide", root / "offers.toml", *asked, "--out", "first", "--home", home, by=typed)
    outcomes = ("--round", "first", "--seed", 7, "--out", root / "o.parquet", "--truth", root / "truth.json")
    tantam("sample", "outcomes", *outcomes, "--home", home)
    tantam("prove", "first", "--outcomes", root / "o.parquet", "--home", home, by=typed)
    return root


def test_no_number_lies_outside_the_secret(root: Path) -> None:
    phones = pq.read_table(root / "home" / "secret" / "phones.parquet")["phone"].to_pylist()
    assert len(phones) > 5_900 and all(p.startswith("+84") for p in phones)
    digits = {p[3:].encode() for p in phones}
    packed = {struct.pack("<q", int(prefix + p[3:])) for p in phones[:500] for prefix in ("84", "0")}
    for file in (root / "home").rglob("*"):
        if file.is_file() and "secret" not in file.relative_to(root / "home").parts:
            held = _all_bytes(file)
            assert not {m[-9:] for m in FORMS.findall(held)} & digits, file
            assert not any(number in held for number in packed), file


def _all_bytes(file: Path) -> bytes:
    """A file's own bytes and, for Parquet, every value it holds as text as well: compression hides nothing."""
    held = file.read_bytes()
    if file.suffix != ".parquet":
        return held
    table = pq.read_table(file)
    values = [column.combine_chunks().cast("string").to_pylist() for column in table.columns]
    return held + "\n".join(str(v) for column in values for v in column if v is not None).encode()


def test_the_bound_stands_above_the_linear_optimum(root: Path) -> None:
    """The instance on file, solved by somebody else's solver: nothing beats our bound, and we are near it."""
    pairs = pq.read_table(root / "instance" / "pairs.parquet")
    rows = pq.read_table(root / "instance" / "limits.parquet").to_pylist()
    facts = json.loads((root / "instance" / "limits.json").read_text())
    certificate = json.loads((root / "home" / "rounds" / "first" / "certificate.json").read_text())
    assert set(facts["bounds"]) == set(certificate["constraints"])
    cell = {}
    for i, key in enumerate(
        zip(*(pairs[c].to_pylist() for c in ("offer", "province", "low_income")), strict=True)
    ):
        cell.setdefault(key, []).append(i)
    names = list(facts["bounds"])
    sign = {n: 1 if facts["bounds"][n][0] == "<=" else -1 for n in names}
    data, at, pair = [], [], []
    for row in rows:
        members = cell.get((row["offer"], row["province"], row["low_income"]), [])
        data += [row["coefficient"] * sign[row["limit"]]] * len(members)
        at += [names.index(row["limit"])] * len(members)
        pair += members
    right = [facts["bounds"][n][1] * sign[n] for n in names]
    for columns, most in ((("key",), facts["most"]), (("key", "group"), 1)):
        who = list(zip(*(_column(pairs, facts, c) for c in columns), strict=True))
        number = {w: len(right) + i for i, w in enumerate(dict.fromkeys(who))}
        data += [1] * len(who)
        at += [number[w] for w in who]
        pair += range(len(who))
        right += [most] * len(number)
    table = csr_array((data, (at, pair)), shape=(len(right), pairs.num_rows))
    value = np.array(pairs["value"].to_pylist(), float)
    best = -linprog(-value, A_ub=table, b_ub=right, bounds=(0, 1), method="highs").fun
    assert certificate["objective"] <= best * (1 + 1e-9) <= certificate["bound"] * (1 + 1e-9) + 1
    assert certificate["bound"] <= best * 1.002


def _column(pairs: object, facts: dict[str, object], name: str) -> list[object]:
    if name != "group":
        return pairs[name].to_pylist()  # type: ignore[index,no-any-return]
    groups: dict[str, int] = facts["groups"]  # type: ignore[assignment]
    return [groups[offer] for offer in pairs["offer"].to_pylist()]  # type: ignore[index]


def test_the_proof_keeps_its_contract(root: Path) -> None:
    rows = json.loads((root / "home" / "rounds" / "first" / "proof.json").read_text())
    keys = {"offer", "outcome", "horizon_days", "estimand", "treated_n", "control_n", "effect", "low", "high"}
    for row in rows:
        assert keys | {"enough", "sentence_vi", "sentence_en"} <= set(row)
        assert row["outcome"] in ("active", "spend", "became_postpaid")
        assert row["estimand"] in ("against nothing", "against the next best offer")
        if row["enough"]:
            assert row["low"] <= row["effect"] <= row["high"]
            assert min(row["treated_n"], row["control_n"]) >= 100
        else:
            assert row["effect"] is row["low"] is row["high"] is None
    truth = json.loads((root / "truth.json").read_text())
    assert {row["offer"] for row in rows} <= set(truth)
    assert set(next(iter(truth.values()))) == {"against nothing", "against the next best offer"}


def test_the_report_stands_alone(root: Path) -> None:
    page = (root / "home" / "rounds" / "first" / "report.html").read_text(encoding="utf-8")
    assert page.lstrip().startswith("<!doctype html>") and 'lang="vi"' in page
    assert not re.findall(r"""(?:src|href)=["']?https?:|url\(["']?https?:""", page)
    certificate = json.loads((root / "home" / "rounds" / "first" / "certificate.json").read_text())
    assert f"{certificate['spend_dong']:,}".replace(",", ".") in page


def test_forgetting_holds_everywhere(root: Path) -> None:
    from tantam import keys

    home = root / "home"
    key = pq.read_table(home / "rounds" / "first" / "decisions.parquet")["key"][0].as_py()
    assert "1 → 0" in tantam("base", "forget", keys.show(key), "--home", home)
    assert key not in pq.read_table(home / "secret" / "phones.parquet")["key"].to_pylist()
    assert "unknown_key" in tantam("explain", key, "--round", "first", "--home", home, fails=3)
    loaded = json.loads(tantam("base", "load", root / "made", "--home", home, "--json"))
    assert loaded["rows_in"] == loaded["kept"] + loaded["rejected"] == 6_000
    for file in [*home.glob("base/*.parquet"), home / "rounds" / "first" / "decisions.parquet"]:
        assert key not in pq.read_table(file)["key"].to_pylist()


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("decide", "none.toml", "--budget", "1", "--out", "x"), "no_offers", 3),
        (("segment", "count", "tenur_years > 3"), "unknown_name", 3),
        (("segment", "count", 'province = "Bình Dương"'), "province_merged", 3),
        (("explain", "TB-?", "--round", "first"), "bad_key", 3),
        (("explain", "5", "--round", "none"), "no_round", 3),
        (("prove", "none", "--outcomes", "none.csv"), "no_round", 3),
        (("law", "show", "no_such_rule"), "no_rule", 3),
        (("base", "load", "none.csv"), "", 3),
        (("nonsense",), "bad_command", 3),
    ],
)
def test_mistakes_get_one_sentence(root: Path, words: tuple[str, ...], code: str, exit_code: int) -> None:
    home = () if words[0] in ("nonsense", "law") else ("--home", root / "home")
    said = tantam(*words, *home, fails=exit_code)
    assert f"[{code}]" in said or not code


def test_a_process_leaves_with_the_sentence_and_its_code(root: Path) -> None:
    for words in (("nonsense",), ("explain", "5", "--round", "none", "--home", root / "home")):
        assert tantam(*words, fails=3, by=typed) == tantam(*words, fails=3)
