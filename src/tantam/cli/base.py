"""Getting subscribers in, describing them, forgetting them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tantam.cli.door import home_option, json_option
from tantam.cli.engine import engine_options

if TYPE_CHECKING:
    from tantam.base.intake import Loaded
    from tantam.cli.engine import Start

STAGES = {
    "read": "Đọc và chuẩn hóa · reading and normalising",
    "write": "Xếp và ghi · sorting and writing",
    "move": "Đưa vào chỗ · moving into place",
}


@click.group()
def base() -> None:
    """Load, describe and forget subscribers."""


@base.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--map", "renames", multiple=True, metavar="THEIRS=OURS", help="Their heading means our column."
)
@click.option(
    "--on", "day", metavar="DATE", help="The day the base describes; by default the latest day in it."
)
@click.option("--operator", metavar="NAME", help="Whose subscribers these are.")
@engine_options
@home_option
@json_option
def load(
    files: tuple[Path, ...],
    renames: tuple[str, ...],
    day: str | None,
    operator: str | None,
    engine: Start,
    home: Path,
    as_json: bool,
) -> None:
    """Load subscriber files: CSV or Parquet, or folders of Parquet part files.

    \b
    tantam base load subscribers.csv --map "Số ĐT=phone" --on 2026-11-21
    Needed: phone, joined_on, plan_kind, province. docs/reference/columns.md lists every column.
    A row whose number is there already is replaced; loading a file twice changes nothing.
    """
    from tantam import clock
    from tantam.base import headings, intake
    from tantam.base.home import Home
    from tantam.cli.progress import bar

    with bar(STAGES) as progress:
        done = intake.load(
            Home(home),
            files,
            today=clock.today(),
            renames=headings.check_renames(renames),
            on=None if day is None else clock.parse_day(day),
            operator=operator,
            progress=progress,
            engine=engine(),
        )
    if as_json:
        from dataclasses import asdict

        click.echo(json.dumps(asdict(done) | {"on": str(clock.to_date(done.on))}, ensure_ascii=False))
    else:
        click.echo(_loaded(done, Home(home)))


def _loaded(done: Loaded, home: Any) -> str:
    """What was kept, what was not and why, and what to look after."""
    from tantam.base.rejects import SAID
    from tantam.clock import to_date
    from tantam.money import digits

    lines = [
        f"Giữ {digits(done.kept)} trong {digits(done.rows_in)} dòng, loại {digits(done.rejected)}, "
        f"trong {done.seconds:.1f} giây · kept {done.kept:,} of {done.rows_in:,} rows, rejected {done.rejected:,}.",
        f"Kho thuê bao nay có {digits(done.rows)} người, vào ngày {to_date(done.on):%d/%m/%Y} · "
        f"the base now holds {done.rows:,} subscribers as of {to_date(done.on)}.",
    ]
    for code, n in done.codes.items():
        vi, en = SAID[code]
        lines.append(f"  {digits(n):>12}  {code}: {vi} · {en}")
    for column, n in done.unreadable.items():
        lines.append(
            f"  {digits(n):>12}  {column}: giá trị không đọc được, để trống · unreadable, left empty"
        )
    if done.rejected or done.unreadable:
        lines.append(
            f"Dòng bị loại: {home.rejects} · rejected rows: where and why. Raw, for 30 days: {home.raw_rejects}"
        )
    if done.unused:
        lines.append(f"Cột không dùng · columns not used: {', '.join(done.unused[:20])}")
    old = {name: encoding for name, encoding in done.encodings.items() if encoding != "utf-8"}
    lines += [f"{name}: đọc theo bảng mã · read as {encoding.upper()}" for name, encoding in old.items()]
    if done.new_secret:
        lines += _keep_the_secret(home)
    return "\n".join(lines)


def _keep_the_secret(home: Any) -> list[str]:
    return [
        "",
        f"Sao lưu khóa bí mật ngay: {home.key_secret} · back up the secret now, apart from this machine:",
        f"  cp -p {home.key_secret} /media/safe/tantam-key",
        "Mất khóa là mất kho: mã thuê bao không còn nối lại được với số máy. Losing the secret is losing the base.",
    ]


@base.command()
@click.option("--for", "key", metavar="KEY", help="Everything held on one subscriber.")
@home_option
@json_option
def describe(key: str | None, home: Path, as_json: bool) -> None:
    """Say what the base holds, or everything held on one subscriber.

    \b
    tantam base describe
    tantam base describe --for TB-7Q4K-20M1-9XC3D
    """
    from tantam.base import describe as told
    from tantam.base.home import Home

    if key is None:
        figures = told.describe(Home(home))
        click.echo(json.dumps(figures, ensure_ascii=False) if as_json else _described(figures))
        return
    from tantam import keys

    number = keys.parse(key)
    held = {"key": keys.show(number)} | told.held_on(Home(home), number)
    click.echo(json.dumps(held, ensure_ascii=False) if as_json else _held(held))


def _described(figures: Mapping[str, Any]) -> str:
    """The figures as a page of text."""
    from tantam import places
    from tantam.money import decimal, digits

    rows = figures["rows"]

    def table(title: str, counts: Mapping[str, int], name: Mapping[str, str] | None = None) -> list[str]:
        lines = ["", title]
        for value, n in counts.items():
            share = decimal(100 * n / rows, 1) if rows else "–"
            lines.append(f"  {digits(n):>12}  {share:>5} %  {(name or {}).get(value, value) or '–'}")
        return lines

    names = {province.code: province.name for province in places.PROVINCES}
    empty = {column: n for column, n in figures["nulls"].items() if n}
    text = [
        f"{figures['operator'] or 'Kho thuê bao'}: {digits(rows)} thuê bao, ngày {figures['on']} · "
        f"{rows:,} subscribers",
        *table("Trả trước, trả sau · plan kind", figures["by_plan_kind"]),
        *table("Thu nhập thấp theo căn cứ · low income by basis", figures["low_income_by_basis"]),
        *table("Đồng ý và từ chối · consents and refusals", figures["consents"]),
        *table("Tỉnh · province", figures["by_province"], names),
        *table("Để trống · empty values by column", empty),
    ]
    if figures["rejects"]:
        text += ["", "Dòng bị loại · rejected rows"]
        text += [f"  {digits(n):>12}  {code}" for code, n in figures["rejects"].items()]
    if figures["forgotten"]:
        text += ["", f"Đã quên theo yêu cầu · forgotten on request: {digits(figures['forgotten'])}"]
    return "\n".join(text)


def _held(held: Mapping[str, Any]) -> str:
    """What is held on one subscriber, as text."""
    lines = [f"{held['key']}, ngày {held['on']}"]
    lines += [f"  {name}: {value}" for name, value in held["base"].items()]
    lines.append(
        f"  Số điện thoại giữ riêng · number kept apart: {'có · yes' if held['phone_held'] else 'không · no'}"
    )
    for file, rows in held["elsewhere"].items():
        lines += ["", file]
        lines += ["  " + ", ".join(f"{name} {value}" for name, value in row.items()) for row in rows]
    return "\n".join(lines)


@base.command()
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@home_option
@json_option
def forget(keys: tuple[str, ...], home: Path, as_json: bool) -> None:
    """Forget subscribers who ask for it, and print the proof.

    \b
    tantam base forget TB-7Q4K-20M1-9XC3D
    The number is removed at once and no command sees the subscriber again; the files are rewritten at the next load.
    """
    from dataclasses import asdict

    from tantam import clock
    from tantam.base import forget as act
    from tantam.base.home import Home
    from tantam.keys import parse

    traces = act.forget(Home(home), [parse(key) for key in keys], today=clock.today())
    if as_json:
        click.echo(json.dumps({"forgotten": len(set(keys)), "traces": [asdict(trace) for trace in traces]}))
        return
    click.echo("Đã quên. Từ bây giờ không lệnh nào thấy nữa · forgotten: no command sees them from now on.")
    for trace in traces:
        state = (
            "ẩn, viết lại khi nạp lần tới · hidden, rewritten at the next load"
            if trace.after
            else "sạch · clean"
        )
        click.echo(f"  {trace.before:>6} → {trace.after:<6} {trace.file}  {state}")
