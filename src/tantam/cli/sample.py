"""``tantam sample``: a made-up operator, its offers, what became of its subscribers, and what they say."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tantam.cli.door import home_option, json_option


@click.group()
def sample() -> None:
    """A made-up operator from a seed, to try everything without a real subscriber.

    \b
    tantam sample base --subscribers 200_000 --seed 1 --out files
    tantam sample offers > offers.toml
    tantam sample outcomes --round first --seed 1 --months 3 --out outcomes.parquet
    tantam sample opinions --base home -n 60_000 --seed 1 --out opinions.parquet
    """


@sample.command("base")
@click.option(
    "--subscribers", metavar="N", required=True, help="How many rows, dirty ones included: 200_000 or 1e6."
)
@click.option("--seed", type=click.IntRange(min=0), required=True, help="The same seed makes the same bytes.")
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
    from tantam.cli.progress import bar
    from tantam.sample import make_base

    with bar({"make": "Dựng thuê bao hư cấu · making subscribers"}) as progress:
        made = make_base(out, money.parse(subscribers), seed, csv=csv, progress=progress)
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
    from tantam.sample import offers_text

    click.echo(offers_text(), nl=False)


@sample.command("outcomes")
@click.option("--round", "name", metavar="ROUND", required=True, help="The round's folder or name.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    required=True,
    help="The seed that made the base: its hidden effects are played.",
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
    from tantam.cli.progress import bar
    from tantam.sample import play

    at = Home(home)
    with bar({"play": "Chơi các tháng · playing the months"}) as progress:
        rows = play(at, at.round(name), seed, months, out, truth, progress=progress)
    if as_json:
        click.echo(json.dumps({"rows": rows, "months": months, "file": str(out)}))
    else:
        click.echo(f"{rows} rows of {months} months in {out}. Next: tantam prove {name} --outcomes {out}")


@sample.command("opinions")
@click.option(
    "--base",
    "home",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="HOME",
    help="The folder whose subscribers speak.",
)
@click.option("-n", "count", metavar="N", required=True, help="How many opinions: 60_000 or 2e6.")
@click.option(
    "--seed", type=click.IntRange(min=0), required=True, help="The same seed gives the same opinions."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A .parquet or .csv file."
)
@click.option(
    "--truth",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write what each is about and what was planted in it: .parquet or .csv.",
)
@json_option
def opinions_command(
    *, home: Path, count: str, seed: int, out: Path, truth: Path | None, as_json: bool
) -> None:
    """Write made-up opinions that fit their speakers.

    What somebody says follows from his province, plan, promotion and age; how he says it, from who he is. With the
    dirt of real ones: no accents, slips, copies that many people send, adverts, and numbers and names to be masked.

    \b
    tantam sample opinions --base home -n 60_000 --seed 1 --out opinions.parquet
    tantam listen run opinions.parquet --text text --id id --key key --when when --where where --out first
    """
    from tantam import money, places
    from tantam.base.home import Home
    from tantam.cli.progress import bar
    from tantam.sample import make_opinions

    with bar({"say": "Viết ý kiến hư cấu · writing opinions"}) as progress:
        made = make_opinions(Home(home), money.parse(count), seed, out, truth, progress=progress)
    if as_json:
        figures = {"rows": made.rows, "rising": made.rising, "provinces": made.provinces, "file": str(out)}
        click.echo(json.dumps(figures))
        return
    where = ", ".join(places.today(code).name for code in made.provinces)
    click.echo(f"{money.digits(made.rows, 'en')} made-up opinions in {out}; {made.rising} rises in {where}.")
    columns = "--text text --id id --key key --when when --where where --channel channel"
    click.echo(f"Next: tantam listen run {out} {columns} --out first --home {home}")
