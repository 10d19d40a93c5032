"""The kept-promise rate at the terminal."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tantam.cli.door import home_option, json_option
from tantam.cli.office_home import open_office

if TYPE_CHECKING:
    from tantam.office.promises.rules import Rate

BY = {"branch": "office", "owner": "owner", "kind": "kind"}


@click.group()
def promises() -> None:
    """Everything we owe somebody, and whether it was kept."""


@promises.command()
@click.option("--from", "first", metavar="DATE", help="Only first due dates from this day on.")
@click.option("--to", "last", metavar="DATE", help="Only first due dates up to this day.")
@click.option("--by", type=click.Choice(list(BY)), help="The same for each branch, owner or kind.")
@json_option
@home_option
def rate(first: str | None, last: str | None, by: str | None, as_json: bool, home: Path) -> None:
    """How many promises were kept in time, of all whose first due date has come.

    due = kept_on_time + kept_late + broken + open_late. A promise whose date was moved counts by its first date; a
    released one stands apart. Without --from and --to: every first due date up to now.

    Example: tantam promises rate --from 2026-07-01 --to 2026-09-30 --by branch
    """
    from tantam.clock import parse_day, to_date, today

    period = {
        name: None if text is None else to_date(parse_day(text))
        for name, text in (("first", first), ("last", last))
    }
    open_office(home)
    from tantam.office.promises import models

    when: dict[str, Any] = {"today": to_date(today()), **period}
    whole = models.rate(**when)
    parts = _parts(by, when) if by else []
    if as_json:
        said: dict[str, Any] = dict(whole.figures())
        if by:
            said["by"] = [{by: name, "id": code, **part.figures()} for code, name, part in parts]
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        _print(whole, parts, when)


def _parts(by: str, when: dict[str, Any]) -> list[tuple[Any, str, Rate]]:
    """Id or code, name and figures of each, the least kept first."""
    from tantam.office.people.models import Office, Staff
    from tantam.office.promises import models, rules

    if by == "owner":
        found: dict[Any, Rate] = models.rate_by_owner(**when)
        names: dict[Any, tuple[Any, str]] = {
            s.pk: (s.username, s.name) for s in Staff.objects.filter(pk__in=found)
        }
    else:
        found = models.rate_by(BY[by], **when)
        if by == "branch":
            names = {o.pk: (o.code, o.name) for o in Office.objects.filter(pk__in=found)}
        else:
            names = {code: (code, rules.KINDS.get(code, (code, code))[0]) for code in found}
    rows = [(*names[place], part) for place, part in found.items()]
    return sorted(
        rows, key=lambda row: (2.0 if row[2].rate is None else row[2].rate, -row[2].due, str(row[0]))
    )


def _print(whole: Rate, parts: list[tuple[Any, str, Rate]], when: dict[str, date | None]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from tantam.office import words
    from tantam.office.promises.sentences import sentence

    console = Console(highlight=False)
    console.print(sentence(whole))
    table = Table(box=box.HORIZONTALS, show_edge=False, pad_edge=False)
    heads = ("giữ đúng ngày", "giữ muộn", "không giữ", "đang trễ", "đến hạn", "tỉ lệ", "đã miễn")
    for n, head in enumerate(("", *heads)):
        table.add_column(head, justify="right" if n else "left")
    for name, part in [*((name, part) for _, name, part in parts), ("tất cả", whole)]:
        counts = (part.kept_on_time, part.kept_late, part.broken, part.open_late, part.due)
        share = "" if part.rate is None else words.percent(part.rate)
        table.add_row(name, *map(words.number, counts), share, words.number(part.released))
    console.print(table)
