"""The dated rules at the terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tantam.cli.door import home_option, json_option

if TYPE_CHECKING:
    from rich.table import Table

    from tantam.law import Row


@click.group()
def law() -> None:
    """The dated rules that care is checked against, and where each is written."""


@law.command()
@click.argument("code", required=False)
@click.option(
    "--on", metavar="DATE", help="Only what is in force on a day, like 2026-11-21; else every dated row."
)
@json_option
@home_option
def show(code: str | None, on: str | None, as_json: bool, home: Path) -> None:
    """Print the dated rules, unverified ones first.

    An unverified rule warns and asks for a named person's yes; it never refuses by itself. The rules come
    with the program and are the same for every home.

    Example: tantam law show promotion_prepaid_share --on 2026-11-21
    """
    from tantam import law as rules
    from tantam.clock import parse_day

    day = None if on is None else parse_day(on)
    found = rules.rows() if code is None else rules.of(code)
    if code is not None and day is not None:
        found = (rules.ask(code, day),)
    listed = rules.unverified_first(row for row in found if day is None or row.holds(day))
    if as_json:
        click.echo(json.dumps([_plain(row) for row in listed], ensure_ascii=False, indent=2))
    else:
        _print(listed)


def _plain(row: Row) -> dict[str, object]:
    """A row as the table writes it: ``from`` is the first day in force, ``to`` the first day no longer."""
    from tantam.clock import to_date

    return {
        "code": row.code,
        "value": row.value,
        "unit": row.unit,
        "from": to_date(row.since).isoformat(),
        "to": None if row.until is None else to_date(row.until).isoformat(),
        "source": row.source,
        "article": row.article,
        "verify": row.verify,
        "vi": row.vi,
        "en": row.en,
    }


_TITLES = {
    True: (
        "Quy định chưa kiểm chứng: cần một người có tên đồng ý",
        "Unverified rules: a named person must say yes",
    ),
    False: ("Quy định đã đọc trong văn bản", "Rules read in the text of the statute"),
}


def _print(listed: Sequence[Row]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    for verify, (vi, en) in _TITLES.items():
        rows = [row for row in listed if row.verify is verify]
        if rows:
            console.print(f"\n[bold]{vi} ({len(rows)})[/bold]\n[dim]{en}[/dim]")
            console.print(_table(rows))
    if not listed:
        console.print("Ngày ấy chưa có quy định nào trong bảng · No rule of the table was in force that day")


def _table(rows: Sequence[Row]) -> Table:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from tantam.law import in_force

    table = Table(box=box.HORIZONTALS, show_header=False, show_edge=False, pad_edge=False, show_lines=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for row in rows:
        where = f"{row.source}, {row.article}, {in_force(row, 'từ')}"
        said = f"{escape(row.vi)}\n{escape(row.en)}\n[dim]{escape(where)}[/dim]"
        table.add_row(f"{row.code}\n[bold]{escape(row.written())}[/bold]", said)
    return table
