"""``tantam sample``: a made-up operator, its offers and what became of its subscribers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tantam.cli.door import home_option, json_option

if TYPE_CHECKING:
    from tantam.base.home import Home
    from tantam.sample.outcomes import Given


@click.group()
def sample() -> None:
    """A made-up operator from a seed, to try everything without a real subscriber.

    \b
    tantam sample base --subscribers 200_000 --seed 1 --out files
    tantam sample offers > offers.toml
    tantam sample outcomes --round first --seed 1 --months 3 --out outcomes.parquet
    """


@sample.command("base")
@click.option(
    "--subscribers", metavar="N", required=True, help="How many rows, dirty ones included: 200_000 or 1e6."
)
@click.option("--seed", type=int, required=True, help="The same seed makes the same bytes.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to write."
)
@click.option(
    "--csv", is_flag=True, help="CSV with days as dd/mm/yyyy, as a billing system exports, not Parquet."
)
@json_option
def base_command(subscribers: str, seed: int, out: Path, csv: bool, as_json: bool) -> None:
    """Write a made-up subscriber file, and truth.json with its hidden effects.

    About one row in two hundred is spoiled on purpose (no phone, an unknown province, …), as in every real
    export.

    \b
    tantam sample base --subscribers 200_000 --seed 1 --out files
    tantam base load files/*.parquet --home demo
    """
    from tantam import money
    from tantam.sample import base

    n = money.parse(subscribers)
    with _progress("making subscribers", n) as tick:
        made = base.write(out, n, seed, csv=csv, tick=tick)
    dirty = sum(made.dirty.values())
    if as_json:
        figures = {
            "rows": made.rows,
            "dirty": dirty,
            "by_kind": made.dirty,
            "files": [str(f) for f in made.files],
        }
        click.echo(json.dumps(figures))
    else:
        counts = f"{money.digits(made.rows, 'en')} made-up rows, {money.digits(dirty, 'en')} dirty on purpose"
        click.echo(f"{counts}, in {out}. Next: tantam base load {out}/*{made.files[0].suffix}")


@sample.command("offers")
def offers_command() -> None:
    """Print a ready offers file, to be changed to your own.

    \b
    tantam sample offers > offers.toml
    tantam decide offers.toml --budget 1e9 --out first
    """
    from importlib.resources import files

    click.echo((files("tantam.sample") / "offers.toml").read_text(encoding="utf-8"), nl=False)


@sample.command("outcomes")
@click.option("--round", "name", metavar="ROUND", required=True, help="The round's folder or name.")
@click.option(
    "--seed", type=int, required=True, help="The seed that made the base: its hidden effects are played."
)
@click.option("--months", type=int, default=3, show_default=True, help="How many months to play.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A .parquet or .csv file."
)
@click.option(
    "--truth", type=click.Path(path_type=Path, dir_okay=False), help="Also write the true effects, as JSON."
)
@home_option
@json_option
def outcomes_command(
    *, name: str, seed: int, months: int, out: Path, truth: Path | None, home: Path, as_json: bool
) -> None:
    """Play what every subscriber did in the months after a round.

    Who left and when, what each spent, who became postpaid: from hidden effects that the seed gives, so that
    a proof can be held against the truth. Relief and notices have no effect on these outcomes.

    \b
    tantam sample outcomes --round first --seed 1 --months 3 --out outcomes.parquet --truth truth.json
    tantam prove first --outcomes outcomes.parquet
    """
    from tantam.base.home import Home
    from tantam.sample import outcomes

    at = Home(home)
    given = outcomes.read_given(at.round(name))
    with _progress("playing months", _rows(at)) as tick:
        rows = outcomes.write(at, given, seed=seed, months=months, out=out, tick=tick)
    if truth is not None:
        _write_truth(at, at.round(name), given, truth, seed=seed, months=months)
    if as_json:
        click.echo(json.dumps({"rows": rows, "months": months, "file": str(out)}))
    else:
        click.echo(f"{rows} rows of {months} months in {out}. Next: tantam prove {name} --outcomes {out}")


def _rows(home: Home) -> int:
    from tantam import engines
    from tantam.base.store import open_base

    return open_base(home, engines.connect(threads=1)).rows


def _write_truth(home: Home, directory: Path, given: Given, file: Path, *, seed: int, months: int) -> None:
    from tantam import engines
    from tantam.base.store import open_base
    from tantam.care.round import open_round
    from tantam.sample import outcomes

    base = open_base(home, engines.connect())
    true = outcomes.truth(base, given, seed=seed, months=months, next_set=open_round(directory).next_best)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(true, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr, only where it is a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda rows: bar.advance(task, rows)
