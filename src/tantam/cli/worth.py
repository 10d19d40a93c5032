"""Learning what offers are worth from past rounds, scoring the base, and checking that it tells people apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tantam.cli.door import home_option, json_option
from tantam.cli.engine import engine_options

if TYPE_CHECKING:
    from tantam.cli.engine import Start

Row = dict[str, Any]
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def worth() -> None:
    """What each offer brings to whom, learned from past rounds and their hold-outs.

    \b
    tantam worth fit first second --outcomes first.parquet --outcomes second.parquet --out worth.json
    tantam worth check worth.json
    tantam worth score worth.json
    Then write value = "learned" in the offers file.
    """


@worth.command()
@click.argument("rounds", metavar="ROUND…", nargs=-1, required=True)
@click.option(
    "--outcomes", multiple=True, type=_FILE, required=True, help="A file a round, in the same order."
)
@click.option("--out", type=_FILE, required=True, metavar="MODEL", help="The model file to write.")
@click.option(
    "--outcome",
    type=click.Choice(["spend", "active", "became_postpaid"]),
    default="spend",
    show_default=True,
    help="What is to be learned: spend up to the horizon, or a yes worth --dong.",
)
@click.option("--dong", metavar="DONG", help="What one subscriber who stays, or moves to postpaid, is worth.")
@click.option(
    "--horizon", type=click.Choice(["30", "60", "90"]), help="Days; by default the longest reached."
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Draws the halves.")
@home_option
@json_option
def fit(
    *,
    rounds: tuple[str, ...],
    outcomes: tuple[Path, ...],
    out: Path,
    outcome: str,
    dong: str | None,
    horizon: str | None,
    seed: int,
    home: Path,
    as_json: bool,
) -> None:
    """Learn the worth of every offer of past rounds, in đồng, from who got it and who was left out by lot.

    The same rounds give the same model, byte by byte. An offer with fewer than 500 people on either side is left
    without: that is an answer, not an error.
    """
    from tantam import money
    from tantam.base.home import Home
    from tantam.base.writing import whole
    from tantam.cli.progress import bar
    from tantam.proof import worth as learning

    if (outcome == "spend") == (dong is not None):
        raise click.UsageError("Say --dong with --outcome active or became_postpaid, and only there.")
    asked = learning.Asked(
        outcome, int(horizon) if horizon else None, 1 if dong is None else money.parse(dong), seed
    )
    at = Home(home)
    with bar({"read": "Đọc các đợt · reading rounds", "learn": "Học · learning"}) as progress:
        model = learning.fit(at, _pairs(at, rounds, outcomes), asked, progress)
    with whole(out) as half:
        half.write_text(model.text(), encoding="utf-8")
    _print(learning.told(model), as_json, f"{len(model.enough)}/{len(model.offers)} → {out}")


@worth.command()
@click.argument("model", type=_FILE)
@click.option(
    "--offers", "offers_file", type=_FILE, help="Who is eligible; by default as in the rounds learned from."
)
@engine_options
@home_option
@json_option
def score(*, model: Path, offers_file: Path | None, engine: Start, home: Path, as_json: bool) -> None:
    """Say what each offer is worth to everybody it may go to, and keep it with the base.

    Only eligible pairs are scored: in the offer's group, consent given, advertising not refused where the offer is
    a contact, profiling not refused. A second run scores again only whose columns have changed, and ends at once
    where base, model and rules are those of the scores that stand. What stood before stays until all is done; a run
    that was stopped goes on where it was.
    """
    from tantam import money
    from tantam.base.home import Home
    from tantam.care import offers
    from tantam.care.learned.model import read
    from tantam.care.learned.scoring import score as score_all
    from tantam.cli.progress import bar

    rules = offers.read(offers_file) if offers_file else None
    with bar({"score": "Chấm giá trị · scoring"}) as progress:
        done = score_all(Home(home), read(model), rules, progress, engine=engine())
    if as_json:
        click.echo(json.dumps(done.figures()))
        return
    click.echo(
        f"{money.digits(done.rows)} thuê bao, {money.digits(done.pairs)} cặp có giá trị; chấm mới "
        f"{money.digits(done.scored)} cặp của {money.digits(done.changed)} thuê bao."
    )
    click.echo(
        f"{money.digits(done.rows, 'en')} subscribers, {money.digits(done.pairs, 'en')} pairs have a worth; "
        f"{money.digits(done.scored, 'en')} pairs of {money.digits(done.changed, 'en')} subscribers scored anew."
    )
    if not done.scored:
        click.echo("Không có gì phải chấm lại. Nothing had to be scored.")


@worth.command()
@click.argument("model", type=_FILE, required=False)
@click.argument("rounds", metavar="[ROUND]…", nargs=-1)
@click.option("--outcomes", multiple=True, type=_FILE, help="A file a round, in the same order.")
@click.option("--experiment", type=_FILE, help="Check on any experiment on file instead.")
@click.option("--arm", help="The experiment's column that says who got what.")
@click.option("--control", help="The value of --arm that got nothing.")
@click.option("--outcome", "outcome", multiple=True, help="A column to learn; may be said again.")
@click.option("--before", multiple=True, help="A column known before; may be said again.")
@home_option
@json_option
def check(
    *,
    model: Path | None,
    rounds: tuple[str, ...],
    outcomes: tuple[Path, ...],
    experiment: Path | None,
    arm: str | None,
    control: str | None,
    outcome: tuple[str, ...],
    before: tuple[str, ...],
    home: Path,
    as_json: bool,
) -> None:
    """Does the learned worth tell who is helped more: out-of-sample Qini beside a random column, and tenths.

    \b
    tantam worth check worth.json                                     people its trees had not seen
    tantam worth check worth.json third --outcomes third.parquet      a round it did not learn from
    tantam worth check --experiment mail.csv --arm segment --control "No E-Mail" --outcome visit --before history
    """
    if experiment is not None:
        if model is not None or arm is None or control is None or not outcome:
            raise click.UsageError("An experiment needs --arm, --control and --outcome, and no MODEL.")
        _print(_experiment(experiment, arm, control, outcome, before), as_json, dong=False)
        return
    if model is None:
        raise click.UsageError("Say MODEL, or --experiment FILE.")
    from tantam.base.home import Home
    from tantam.care.learned.model import read
    from tantam.proof import worth as learning

    learned, at = read(model), Home(home)
    pairs = _pairs(at, rounds, outcomes)
    _print(learning.check(at, learned, pairs) if pairs else learning.told(learned), as_json)


def _pairs(home: Any, rounds: tuple[str, ...], outcomes: tuple[Path, ...]) -> list[tuple[Path, Path]]:
    if len(rounds) != len(outcomes):
        raise click.UsageError(f"{len(rounds)} rounds need {len(rounds)} --outcomes, in the same order.")
    return [(home.round(name), file) for name, file in zip(rounds, outcomes, strict=True)]


def _experiment(
    file: Path, arm: str, control: str, outcome: tuple[str, ...], before: tuple[str, ...]
) -> list[Row]:
    from tantam.proof import experiment, worth_experiment

    rows = worth_experiment.check(experiment.read(file, arm, outcome, before), control)
    for row in rows:
        row["vi"] = row["en"] = f"{row['offer']}, {row['outcome']}"
    return rows


def _print(rows: list[Row], as_json: bool, last: str = "", *, dong: bool = True) -> None:
    from tantam.proof import worth_words

    for row in rows:
        row["sentence_vi"], row["sentence_en"] = worth_words.sentences(row, dong=dong)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['sentence_vi']}\n  {row['sentence_en']}")
        for line in worth_words.bars(row):
            click.echo(line)
    if last:
        click.echo(last)
