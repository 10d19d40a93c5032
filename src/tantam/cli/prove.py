"""Did it help: a round's proof, what it could show beforehand, and any experiment on file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tantam.cli.door import home_option, json_option
from tantam.cli.engine import engine_options

if TYPE_CHECKING:
    from tantam.cli.engine import Start
    from tantam.proof.round import Proof

Row = dict[str, Any]


@click.command()
@click.argument("name", metavar="ROUND", required=False)
@click.option(
    "--outcomes",
    type=click.Path(path_type=Path),
    help="CSV or Parquet: key, on, active, spend_dong, plan_kind.",
)
@click.option("--power", is_flag=True, help="What the round could show, asked before any outcome.")
@click.option("--experiment", type=click.Path(path_type=Path), help="Prove any experiment on file instead.")
@click.option("--arm", help="The experiment's column that says who got what.")
@click.option("--control", help="The value of --arm that got nothing.")
@click.option("--outcome", "outcome", multiple=True, help="A column to compare; may be said again.")
@click.option(
    "--before", multiple=True, help="A column known before, the most telling first; may be said again."
)
@engine_options
@home_option
@json_option
def prove(
    name: str | None,
    outcomes: Path | None,
    power: bool,
    experiment: Path | None,
    arm: str | None,
    control: str | None,
    outcome: tuple[str, ...],
    before: tuple[str, ...],
    engine: Start,
    home: Path,
    as_json: bool,
) -> None:
    """Did it help: what those left out by lot say.

    \b
    tantam prove first --outcomes outcomes.parquet
    tantam prove first --power
    tantam prove --experiment mail.csv --arm segment --control "No E-Mail" --outcome visit --before history
    """
    if experiment is not None:
        rows = _experiment(experiment, name, arm, control, outcome, before)
        _print(rows, as_json, [f"{row['sentence_vi']}\n  {row['sentence_en']}" for row in rows])
    elif name is not None and power:
        rows = _power(home, name, engine)
        _print(rows, as_json, list(dict.fromkeys(row["sentence_vi"] for row in rows)))
    elif name is not None and outcomes is not None:
        proof = _round(home, name, outcomes, engine)
        _print(proof.rows, as_json, told(proof))
    else:
        raise click.UsageError("Say ROUND with --outcomes FILE or --power, or --experiment FILE.")


def told(proof: Proof) -> list[str]:
    """A proof in words: what the file held, what was found, how much is not known yet."""
    from tantam import money

    found = [row for row in proof.rows if row["enough"]]
    stands = [row for row in found if row["p_adjusted"] <= 0.05]
    waiting = len(proof.rows) - len(found)
    lines = [
        f"Số liệu tới ngày {proof.reach}. {money.digits(len(found))} phép so sánh đủ dữ liệu, "
        f"{money.digits(len(stands))} thấy khác biệt; {money.digits(waiting)} chưa đủ dữ liệu.",
    ]
    lines += [f"  {row['sentence_vi']}" for row in stands]
    lines += [f"  {row['sentence_vi']}" for row in _latest(proof.pooled) if "group" in row]
    lines.append(f"Sau ưu đãi: {proof.afterlife['sentence_vi']}")
    if proof.unknown_keys:
        lines.append(
            f"{money.digits(proof.unknown_keys)} thuê bao trong tệp không ở phép so sánh nào của đợt."
        )
    if proof.people_unseen:
        lines.append(f"{money.digits(proof.people_unseen)} người của đợt không có dòng nào trong tệp.")
    if proof.rows_twice:
        lines.append(f"{money.digits(proof.rows_twice)} dòng gửi hai lần, chỉ tính một.")
    if not proof.with_history:
        lines.append("Không còn số liệu trước đợt, nên khoảng tin cậy rộng hơn và không xét chuyển trả sau.")
    return lines


def _latest(pooled: list[Row]) -> list[Row]:
    """The whole round on the last readable horizon, one row an outcome."""
    whole = [row for row in pooled if row["group"] is None and row["enough"]]
    last = max((row["horizon_days"] for row in whole), default=0)
    return [row for row in whole if row["horizon_days"] == last]


def _round(home: Path, name: str, outcomes: Path, engine: Start) -> Proof:
    from tantam.base.home import Home
    from tantam.care import report
    from tantam.cli.progress import bar
    from tantam.proof.round import prove_round

    at = Home(home)
    stages = {
        "read": "Đọc kết quả · reading outcomes",
        "history": "Đọc số liệu trước đợt · reading what was known before",
        "compare": "So sánh · comparing",
    }
    with bar(stages) as progress:
        proof = prove_round(at, at.round(name), outcomes, engine(), progress)
    report.render(at.round(name))
    return proof


def _power(home: Path, name: str, engine: Start) -> list[Row]:
    from tantam.base.home import Home
    from tantam.proof.power import ask_round

    at = Home(home)
    return ask_round(at.round(name), at, engine())


def _experiment(
    file: Path,
    name: str | None,
    arm: str | None,
    control: str | None,
    outcome: tuple[str, ...],
    before: tuple[str, ...],
) -> list[Row]:
    from tantam import money
    from tantam.proof import experiment

    if name is not None or arm is None or control is None or not outcome:
        raise click.UsageError("An experiment needs --arm, --control and --outcome, and no ROUND.")
    read = experiment.read(file, arm, outcome, before)
    if read.without_arm:
        click.echo(f"{money.digits(read.without_arm, 'en')} rows without an arm are left out.", err=True)
    return experiment.prove(read, control)


def _print(rows: list[Row], as_json: bool, lines: list[str]) -> None:
    click.echo(json.dumps(rows, ensure_ascii=False) if as_json else "\n".join(lines))
