"""Quality at the terminal: files of measurements in, months judged, levels that nobody keeps and what they cost."""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tantam.cli.door import home_option, json_option
from tantam.cli.office_home import open_office

if TYPE_CHECKING:
    from tantam.office.quality.loading import TakenIn

MEASURERS = ("self", "ministry", "third")


@click.group()
def quality() -> None:
    """Quality as committed: what was measured, and whether each pledge was kept."""


@quality.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", type=click.Choice(MEASURERS), required=True, help="Who measured.")
@click.option(
    "--map", "renames", multiple=True, metavar="THEIRS=OURS", help="A heading of theirs is our column."
)
@json_option
@home_option
def load(file: Path, by: str, renames: tuple[str, ...], as_json: bool, home: Path) -> None:
    """Take in a FILE of measurements: CSV or XLSX.

    Columns: indicator; month, or from and to; place (a province old or new, or empty for the whole country); value; n;
    good (how many of n the indicator counts); spread; method; source. Rows that cannot be taken are kept with their
    reason. The same file a second time is nothing new; one that was stopped goes on where it was.

    Example: tantam quality load do-thang-10.xlsx --by self --map 'Kết quả=value'
    """
    from tantam.cli.progress import bar
    from tantam.office.quality.rows import COLUMNS, REJECTS

    mapped, content = _renames(renames, COLUMNS), _read(file)
    open_office(home)
    from tantam import clock
    from tantam.cli.office_tables import refuse_unready
    from tantam.office.quality import loading

    refuse_unready()
    with bar({"rows": "Đọc số đo · reading", "months": "Tính từng tháng · months"}) as progress:
        done = loading.take_in(
            content,
            name=file.name,
            measured_by=by,
            actor=None,
            at=clock.now(),
            renames=mapped,
            progress=progress,
        )
    _tell(done, REJECTS, as_json)


@quality.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map", "renames", multiple=True, metavar="THEIRS=OURS", help="A heading of theirs is our column."
)
@json_option
@home_option
def calls(file: Path, renames: tuple[str, ...], as_json: bool, home: Path) -> None:
    """Take in a FILE of calls to the call centre: CSV or XLSX.

    Single calls (on, at, answered, wait_s) or half hours of them (on, at, offered, answered, in_60s, hung_up). Each
    month's share answered within 60 seconds becomes a measurement. A later file counts for the half hours it has.

    Example: tantam quality calls tong-dai-10.xlsx --map 'Thời gian chờ=wait_s'
    """
    from tantam.office.quality.call_rows import COLUMNS, REJECTS

    mapped, content = _renames(renames, COLUMNS), _read(file)
    open_office(home)
    from tantam import clock
    from tantam.cli.office_tables import refuse_unready
    from tantam.office.quality import calls as act

    refuse_unready()
    done = act.take_in(content, name=file.name, actor=None, at=clock.now(), renames=mapped)
    _tell(done, REJECTS, as_json)


@quality.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--kind", type=click.Choice(["nps", "csat"]), default="nps", show_default=True, help="0–10, or 1–5."
)
@click.option("--score", required=True, metavar="COLUMN", help="What was answered.")
@click.option("--when", required=True, metavar="COLUMN", help="The day, or any day of the month.")
@click.option("--where", default="", metavar="COLUMN", help="The place.")
@json_option
def votes(file: Path, kind: str, score: str, when: str, where: str, as_json: bool) -> None:
    """Count a FILE of votes cast elsewhere: the score of each month with its 95 % interval, the months that left their
    own past, the places of the last month that stand apart. Needs no office and keeps nothing.

    Example: tantam quality votes nps-2024.csv --score nps --when thang --where tinh
    """
    from tantam.base.tables import table
    from tantam.office.quality import voting
    from tantam.office.quality.vote_rows import count

    found = count(table(_read(file)), voting.SCALES[kind], score=score, when=when, where=where)
    months = voting.by_month(kind, found.votes)
    moved = {one.month: one for one in voting.moves(months)}
    last = {place: n for (month, place), n in found.votes.items() if months and month == months[-1][0]}
    apart = voting.apart(kind, last) if where else {}
    if as_json:
        click.echo(
            json.dumps(
                {
                    "months": [{"month": f"{month:%Y-%m}", **asdict(one)} for month, one in months],
                    "moves": [asdict(one) | {"month": f"{month:%Y-%m}"} for month, one in moved.items()],
                    "apart": {place: asdict(one) for place, one in apart.items()},
                    "rejected": dict(found.rejected),
                },
                ensure_ascii=False,
            )
        )
        return
    for month, one in months:
        mark = "  ← khác hẳn các tháng trước · unlike the months before" if month in moved else ""
        click.echo(f"{month:%m/%Y} {one.value:8.1f}  ({one.low:.1f} … {one.high:.1f})  n = {one.n}{mark}")
    for place, one in sorted(apart.items()):
        click.echo(
            f"  {place}: {one.value:.1f} ({one.low:.1f} … {one.high:.1f}), khác các nơi khác · stands apart"
        )
    for code, n in found.rejected.items():
        click.echo(f"  {n:>7} {code}")


@quality.command()
@click.argument("month", required=False)
@json_option
@home_option
def judge(month: str | None, as_json: bool, home: Path) -> None:
    """Judge the pledges of a MONTH, as 2026-10; without it, of the closed months of the last year.

    A pledge that was broken becomes a promise of its remedy. Judged again, nothing changes.
    """
    on = None if month is None else _month(month)
    open_office(home)
    from tantam import clock
    from tantam.cli.office_tables import refuse_unready
    from tantam.office.quality import judging

    refuse_unready()
    at = clock.now()
    done = [judging.judge(one, actor=None, at=at) for one in ([on] if on else judging.closed_months(at))]
    if as_json:
        click.echo(json.dumps([asdict(one) | {"month": f"{one.month:%Y-%m}"} for one in done]))
        return
    for one in done:
        states = ", ".join(f"{count} {state}" for state, count in one.states.items() if count)
        owed = f"; {one.promises} lời hứa mới · new promises" if one.promises else ""
        click.echo(f"{one.month:%m/%Y}: {states or 'không có cam kết · no pledge'}{owed}")


def _read(file: Path) -> bytes:
    from tantam.errors import BadInput

    try:
        octets = file.read_bytes()
        return gzip.decompress(octets) if file.suffix == ".gz" else octets
    except (OSError, EOFError) as error:
        raise BadInput("no_file", f"{file} cannot be read.", "Name a CSV or XLSX file.") from error


def _tell(done: TakenIn, reasons: Mapping[str, tuple[str, str]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(done), ensure_ascii=False))
        return
    if not done.new:
        click.echo("Đã nhận từ trước · taken in before.")
    click.echo(f"{done.rows} dòng · rows: {done.kept} nhận · kept, {done.rejected} không nhận · rejected")
    for code, count in done.codes.items():
        click.echo(f"  {count:>7} {code}: {' · '.join(reasons[code])}")


def _renames(texts: tuple[str, ...], columns: Collection[str]) -> dict[str, str]:
    from tantam.errors import BadInput

    renames = {}
    for text in texts:
        theirs, _, ours = text.rpartition("=")
        if not theirs.strip() or ours.strip() not in columns:
            raise BadInput(
                "map_unknown",
                f"“{text[:60]}” does not name one of our columns.",
                f"Write --map theirs=ours. Ours: {', '.join(columns)}.",
            )
        renames[theirs.strip()] = ours.strip()
    return renames


def _month(text: str) -> date:
    from tantam.errors import BadInput

    try:
        return date.fromisoformat(f"{text.strip()}-01")
    except ValueError as error:
        raise BadInput("bad_month", f"“{text[:20]}” is not a month.", "Write it as 2026-10.") from error
