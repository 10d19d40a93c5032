"""What the base is told to be, and what is held on one subscriber."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tantam import keys
from tantam.base.columns import INPUT, STORED, page
from tantam.base.describe import describe, held_on
from tantam.base.home import Home
from tantam.cli.door import tantam
from tantam.errors import BadInput
from tests.base.a_file import as_csv, load, one, rows, stored, written
from tests.base.test_forget import a_round


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("described")
    home = Home(folder / "home")
    load(home, as_csv(rows(800), folder / "a.csv"), operator="Sao Mai")
    load(home, written(folder / "b.csv", one(phone="12"), one(province="?")))
    return home


def test_figures_are_those_of_the_rows(home: Home) -> None:
    table = stored(home).to_pylist()
    told = describe(home)
    assert (told["rows"], told["operator"]) == (800, "Sao Mai")
    assert told["by_province"] == Counter(row["province"] for row in table)
    assert told["by_plan_kind"] == Counter(row["plan_kind"] for row in table)
    assert told["low_income_by_basis"] == Counter(
        row["hardship_basis"] or "" for row in table if row["low_income"]
    )
    assert told["nulls"] == {c.name: sum(row[c.name] is None for row in table) for c in STORED}
    assert told["consents"]["refuses_profiling"] == sum(bool(row["refuses_profiling"]) for row in table)
    assert told["rejects"] == {"phone_invalid": 1, "province_unknown": 1}


def test_held_on_one(home: Home) -> None:
    people = stored(home).to_pylist()
    declared = next(row for row in people if row["low_income"] and row["hardship_basis"] == "declared")
    guessed = next(row for row in people if row["low_income"] and row["hardship_basis"] == "estimate")
    a_round(home, "first", [declared["key"], guessed["key"]])
    held = held_on(home, declared["key"])
    assert held["phone_held"] and held["base"]["hardship"] == declared["hardship"]
    assert held["elsewhere"]["rounds/first/decisions.parquet"] == [{"offer": "x", "low_income": True}]
    hidden = held_on(home, guessed["key"])
    assert not {"hardship", "hardship_basis", "hardship_on", "low_income"} & hidden["base"].keys()
    assert hidden["elsewhere"]["rounds/first/decisions.parquet"] == [{"offer": "x"}]
    phones = {row["key"]: row["phone"] for row in pq.read_table(home.phones).to_pylist()}
    assert phones[declared["key"]][3:] not in json.dumps(held)
    with pytest.raises(BadInput, match="no_subscriber"):
        held_on(home, 5)


def test_the_terminal(tmp_path: Path) -> None:
    lines = [one(), one(phone="0987654321", province="Huế"), one(phone="12"), one(phone="0912345678")]
    file = written(tmp_path / "a.csv", *lines, header="Số,joined_on,plan_kind,province")
    home = Home(tmp_path / "home")
    run = CliRunner().invoke

    said = run(
        tantam,
        ["base", "load", str(file), "--map", "so=phone", "--home", str(home.root), "--on", "2026-11-21"],
    )
    assert said.exit_code == 0, said.output
    for words in ("Giữ 2 trong 4", "kept 2 of 4", "duplicate_phone", "phone_invalid", "Losing the secret"):
        assert words in said.output

    again = ["base", "load", str(file), "--map", "so=phone", "--home", str(home.root), "--json"]
    figures = json.loads(run(tantam, again).output)
    assert (figures["rows_in"], figures["kept"], figures["rejected"]) == (4, 2, 2) and figures["seconds"] > 0

    told = run(tantam, ["base", "describe", "--home", str(home.root)]).output
    assert "Huế" in told and "2 thuê bao" in told and "phone_invalid" in told
    key = keys.show(keys.of_phone(home.key_secret.read_bytes(), "+84987654321"))
    held = run(tantam, ["base", "describe", "--for", key.lower(), "--home", str(home.root)]).output
    assert key in held and "987654321" not in held and "plan_kind: prepaid" in held

    gone = run(tantam, ["base", "forget", key, "--home", str(home.root)]).output
    assert "secret/phones.parquet" in gone and "1 → 0" in gone
    missing = run(tantam, ["base", "describe", "--for", key, "--home", str(home.root)])
    assert isinstance(missing.exception, BadInput) and missing.exception.code == "no_subscriber"


def test_the_page_of_columns_is_true() -> None:
    path = Path(__file__).parents[2] / "docs" / "reference" / "columns.md"
    assert path.read_text(encoding="utf-8") == page()


def test_headings_mean_one_column_each() -> None:
    from tantam.letters import fold

    seen: dict[str, str] = {}
    for column in INPUT:
        for heading in {fold(column.name), fold(column.vi), fold(column.en), *column.also}:
            assert seen.setdefault(heading, column.name) == column.name and fold(heading) == heading
