"""Quality at the terminal: files of measurements in, months judged, levels that nobody keeps and what they cost."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from tantam.cli.door import home_option, json_option
from tantam.cli.office_home import open_office

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
    from tantam.errors import BadInput

    mapped = _renames(renames)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput("no_file", f"{file} cannot be read.", "Name a CSV or XLSX file.") from error
    open_office(home)
    from tantam import clock
    from tantam.cli.office_tables import refuse_unready
    from tantam.office.quality import loading
    from tantam.office.quality.rows import REJECTS

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
    if as_json:
        click.echo(json.dumps(asdict(done), ensure_ascii=False))
        return
    if not done.new:
        click.echo("Đã nhận từ trước · taken in before.")
    click.echo(f"{done.rows} dòng · rows: {done.kept} nhận · kept, {done.rejected} không nhận · rejected")
    for code, count in done.codes.items():
        click.echo(f"  {count:>7} {code}: {' · '.join(REJECTS[code])}")


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


def _renames(texts: tuple[str, ...]) -> dict[str, str]:
    from tantam.errors import BadInput
    from tantam.office.quality.rows import COLUMNS

    renames = {}
    for text in texts:
        theirs, _, ours = text.rpartition("=")
        if not theirs.strip() or ours.strip() not in COLUMNS:
            raise BadInput(
                "map_unknown",
                f"“{text[:60]}” does not name one of our columns.",
                f"Write --map theirs=ours. Ours: {', '.join(COLUMNS)}.",
            )
        renames[theirs.strip()] = ours.strip()
    return renames


def _month(text: str) -> date:
    from tantam.errors import BadInput

    try:
        return date.fromisoformat(f"{text.strip()}-01")
    except ValueError as error:
        raise BadInput("bad_month", f"“{text[:20]}” is not a month.", "Write it as 2026-10.") from error
