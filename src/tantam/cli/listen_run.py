"""``tantam listen run`` and ``find``: from files of opinions to readings, and who else said this."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tantam.cli.door import home_option, json_option
from tantam.cli.engine import engine_options

if TYPE_CHECKING:
    from tantam.cli.engine import Start
    from tantam.listen.run.listening import Listened


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option(
    "--text",
    metavar="COL",
    help="The column that holds what was said. Plain text needs none: a line is an opinion.",
)
@click.option("--id", "id_", metavar="COL", help="The sender's own id; without it rows are numbered.")
@click.option("--key", metavar="COL", help="The subscriber's key, TB-… or a number; never a phone number.")
@click.option("--when", metavar="COL", help="The day or the moment: 2026-11-21, 21/11/2026 08:30.")
@click.option("--where", metavar="COL", help="The place; a province, old or new, is recognised.")
@click.option("--channel", metavar="COL", help="How it came: sms, café, app, …")
@click.option("--out", required=True, metavar="DIR", help="A folder; a bare name lies in HOME/listened.")
@click.option(
    "--model",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A model of your own (see `listen train`); by default the one that knows telecom.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=lambda: os.cpu_count() or 1,
    show_default="the machine's cores",
)
@click.option(
    "--after",
    metavar="DIR",
    help="A listened folder that keeps an index: copies of what was said there, and before it, join those groups.",
)
@click.option("--index", is_flag=True, help="Keep an index, so that a later run can be --after this one.")
@click.option("--again", is_flag=True, help="Listen anew into a folder that holds another run.")
@engine_options
@home_option
@json_option
def run(
    *,
    files: tuple[Path, ...],
    text: str | None,
    id_: str | None,
    key: str | None,
    when: str | None,
    where: str | None,
    channel: str | None,
    out: str,
    model: Path | None,
    workers: int,
    engine: Start,
    after: str | None,
    index: bool,
    again: bool,
    home: Path,
    as_json: bool,
) -> None:
    """Listen to FILEs of opinions: CSV, Parquet, or plain text.

    Numbers, addresses and names are taken out before anything is written. Each opinion gets what it is about, how it
    feels, whether it is a complaint and how urgent; copies are folded; themes are found inside complaints and
    negatives, and the names people gave them are kept. Stopped half-way, the same command goes on.

    \b
    tantam listen run sms.csv --text noi_dung --when ngay --where tinh --out sms-t11
    tantam listen run reviews/*.parquet --text content --id review_id --out reviews
    tantam listen run monday.csv --text noi_dung --id so --out monday --index
    tantam listen run tuesday.csv --text noi_dung --id so --out tuesday --after monday
    """
    from tantam.base.home import Home
    from tantam.base.sources import resolve
    from tantam.cli.progress import bar
    from tantam.listen.run import listening
    from tantam.listen.run.sources import Asked

    at, works = Home(home), engine()
    asked = Asked(text, id_, key, when, where, channel)
    stages = {
        "read": "Đọc ý kiến · reading",
        "link": "Gộp lời lặp · folding copies",
        "themes": "Tìm chủ đề · finding themes",
        "write": "Ghi lại · writing",
    }
    with bar(stages) as progress:
        done = listening.listen(
            at,
            resolve(files),
            asked,
            at.listening(out),
            model=model,
            workers=workers,
            again=again,
            after=at.listening(after) if after else None,
            index=index,
            engine=works if works.name == "spark" else None,
            progress=progress,
        )
    if as_json:
        click.echo(json.dumps({**asdict(done), "folder": str(done.folder)}))
    else:
        click.echo(_said(done))


def _said(done: Listened) -> str:
    from tantam import money

    n = money.digits
    left = "".join(f"\n    {count:>9} {code}" for code, count in done.told.items())
    before = " (đã xong từ trước · was done before)" if done.done_before else ""
    return (
        f"{n(done.kept)} ý kiến · opinions{before}, {n(done.copies)} là bản lặp · copies, "
        f"{n(done.themes)} chủ đề · themes.\n"
        f"{n(done.left_out)} dòng bỏ lại · rows left out; {done.folder / 'rejects.parquet'}:{left or ' –'}\n"
        f"Xem · open {done.folder / 'report.html'}"
    )


@click.command()
@click.argument("text")
@click.option(
    "--in",
    "folder",
    required=True,
    metavar="DIR",
    help="A listened folder; a bare name lies in HOME/listened.",
)
@click.option("--most", type=click.IntRange(1, 1000), default=20, show_default=True)
@home_option
@json_option
def find(text: str, folder: str, most: int, home: Path, as_json: bool) -> None:
    """Who else said this: opinions that share the words of TEXT, with or without accents.

    \b
    tantam listen find "mất sóng ở chợ" --in sms-t11
    """
    from tantam.base.home import Home
    from tantam.cli.progress import bar
    from tantam.listen.run import finding

    with bar({"find": "Tìm · looking"}) as progress:
        found = finding.find(Home(home).listening(folder), text, most, progress=progress)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in found], ensure_ascii=False))
        return
    for row in found:
        people = f" ×{row.people}" if row.people > 1 else ""
        click.echo(f"{100 * row.alike:3.0f} %{people}  {row.id}  {row.text}")
    if not found:
        click.echo("Chưa ai nói vậy · nobody said so.")
