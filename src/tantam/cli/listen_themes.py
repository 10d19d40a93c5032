"""``tantam listen themes``: what many people say, and what the themes are called."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tantam.cli.door import home_option, json_option

if TYPE_CHECKING:
    from tantam.listen.themes import Themes

Row = Mapping[str, Any]

_SHOWN = 90
"""Letters of a quote in the table."""


class _Listed(click.Group):
    """Without the name of a command, the themes are listed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Listed)
def themes() -> None:
    """What many people say, and what those themes are called.

    \b
    tantam listen themes                    the themes of the home
    tantam listen themes sms-t11            what was said of each in a listened folder
    tantam listen themes rename T03 "Mất sóng ở nhà"
    tantam listen themes retell sms-t11     bring new names into its themes.json and its report

    Names stand in HOME/themes/names.toml, a small file that can be edited by hand as well.
    """


@themes.command("list")
@click.argument("folder", required=False)
@home_option
@json_option
def listed(folder: str | None, home: Path, as_json: bool) -> None:
    """The themes of a listened FOLDER as they were told there; without it those of the home."""
    if folder is None:
        rows: Sequence[Row] = _of_home(_load(home))
        cells, heads = _home_cells, _HOME_HEADS
    else:
        rows = _told(_folder(home, folder))
        cells, heads = _folder_cells, _FOLDER_HEADS
        rows = [row for row in rows if as_json or not (row["hidden"] or row["merged_into"])]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
    elif rows:
        _print(heads, [cells(row) for row in rows])
    else:
        click.echo("Chưa thấy chủ đề nào · no theme was found.")


@themes.command()
@click.argument("theme")
@click.argument("name")
@home_option
def rename(theme: str, name: str, home: Path) -> None:
    """Call a THEME by a NAME: tantam listen themes rename T03 "Mất sóng ở nhà"."""
    _edit(home, theme, name=name.strip())


@themes.command()
@click.argument("theme")
@click.argument("into")
@home_option
def merge(theme: str, into: str, home: Path) -> None:
    """Count the opinions of a THEME as those of another: tantam listen themes merge T03 T07."""
    _edit(home, theme, into=into.upper(), split=None)


@themes.command()
@click.argument("theme")
@click.option("--parts", type=int, default=2, show_default=True, help="How many themes to make of it.")
@home_option
def split(theme: str, parts: int, home: Path) -> None:
    """Make several themes of a THEME at the next listening; they get new ids."""
    _edit(home, theme, split=parts)


@themes.command()
@click.argument("theme")
@home_option
def pin(theme: str, home: Path) -> None:
    """Never give up a THEME, also when nobody says it any more."""
    _edit(home, theme, pin=True)


@themes.command()
@click.argument("theme")
@home_option
def hide(theme: str, home: Path) -> None:
    """Keep a THEME and count it, but do not show it."""
    _edit(home, theme, hide=True)


@themes.command()
@click.argument("theme")
@home_option
def show(theme: str, home: Path) -> None:
    """Show a hidden THEME again."""
    _edit(home, theme, hide=False)


@themes.command()
@click.argument("theme")
@home_option
def undo(theme: str, home: Path) -> None:
    """Take back all that was done with a THEME: its name, merging, splitting, pinning, hiding."""
    _edit(home, theme, name=None, into=None, split=None, pin=False, hide=False)


@themes.command()
@click.argument("folder")
@home_option
def retell(folder: str, home: Path) -> None:
    """Bring what people did with the themes since into the themes.json and the report of a listened FOLDER."""
    from tantam.base.writing import write_json
    from tantam.errors import Refused
    from tantam.listen import report
    from tantam.listen.themes import Readings, tell

    out, kept = _folder(home, folder), _load(home)
    lost = sorted({row["id"] for row in _told(out)} - set(kept.ids))
    if lost:
        raise Refused(
            "other_themes",
            f"{out} was listened to with themes that are no more ({', '.join(lost)}), or in another home.",
            "Listen to its files again: tantam listen run FILE… --again.",
        )
    with Readings.of(out) as readings:
        write_json(out / "themes.json", tell(readings, kept, on=None))
        page = report.render(out, readings=readings)
    click.echo(f"Xem · open {page}")


@themes.command()
@click.argument("folder")
@click.option(
    "--afresh",
    is_flag=True,
    help="Make all themes anew; each keeps the id and the name of the old one it is like.",
)
@home_option
def learn(folder: str, afresh: bool, home: Path) -> None:
    """Learn the home's themes from a listened FOLDER, without listening to it again.

    What people asked to split is split, and what no theme holds proposes new ones; the next listening reads with them.
    """
    import pyarrow as pa

    from tantam.base.home import Home
    from tantam.listen import themes as theming
    from tantam.listen.clean import tokenize

    out, known = _folder(home, folder), _load(home)
    _told(out)
    texts, people, days = theming.sample(sorted((out / "readings").glob("*.parquet")))
    tokens = tokenize(pa.array(texts, pa.large_string()))
    learnt = theming.learn(texts, tokens, people, days=days, before=known, afresh=afresh)
    learnt.save(Home(home).themes)
    _print(_HOME_HEADS, [_home_cells(row) for row in _of_home(learnt)])


def _folder(home: Path, folder: str) -> Path:
    from tantam.base.home import Home

    return Home(home).listening(folder)


def _load(home: Path) -> Themes:
    from tantam.base.home import Home
    from tantam.listen.themes import Themes

    return Themes.load(Home(home).themes)


def _edit(home: Path, theme: str, **said: Any) -> None:
    """Do something with one theme, and say what it is now."""
    from tantam.base.home import Home

    kept = _load(home).edited(theme.upper(), **said)
    kept.save_names(Home(home).themes)
    (row,) = (row for row in _of_home(kept) if row["id"] == theme.upper())
    click.echo("  ".join(filter(None, _home_cells(row))))


def _told(folder: Path) -> list[Row]:
    """The rows of a listened folder; refuses ``not_listened``."""
    from tantam.errors import BadInput

    try:
        rows = json.loads((folder / "themes.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(
            "not_listened",
            f"{folder} holds no themes.json that can be read.",
            "Name a folder that was listened to: tantam listen run FILE… --out DIR.",
        ) from error
    return list(rows)


def _of_home(kept: Themes) -> list[dict[str, Any]]:
    columns = (kept.ids, kept.names, kept.labels, kept.hidden, kept.proposed, kept.pinned, kept.merged_into)
    keys = ("id", "label", "phrases", "hidden", "proposed", "pinned", "merged_into")
    splits = [kept.edit(theme).split for theme in kept.ids]
    return [
        {**dict(zip(keys, row, strict=True)), "split": parts}
        for row, parts in zip(zip(*columns, strict=True), splits, strict=True)
    ]


_HOME_HEADS: tuple[str, ...] = ("", "tên · name", "cụm từ · phrases", "đã làm · done")


def _home_cells(row: Row) -> tuple[str, ...]:
    done = [
        f"gộp vào · into {row['merged_into']}" if row["merged_into"] else "",
        f"sẽ tách {row['split']} · to split" if row["split"] else "",
        "ghim · pinned" if row["pinned"] else "",
        "ẩn · hidden" if row["hidden"] else "",
        "mới · proposed" if row["proposed"] else "",
    ]
    phrases = row["phrases"] if row["phrases"] != row["label"] else ""
    return row["id"], row["label"], phrases, ", ".join(filter(None, done))


_FOLDER_HEADS = ("", "chủ đề · theme", "ý kiến", "người", "phàn nàn", "tăng", "có người nói · somebody said")


def _folder_cells(row: Row) -> tuple[str, ...]:
    from tantam import money

    share = row["share_complaint"]
    test, rising = row["rising_test"] or {}, row["rising"]
    times = f" ×{money.decimal(test['ratio'], 1)}" if rising and test.get("ratio") else ""
    return (
        row["id"],
        row["label"] + (" (mới · proposed)" if row["proposed"] else ""),
        money.digits(row["count"]),
        money.digits(row["people"]),
        "" if share is None else f"{100 * share:.0f} %",
        "chưa đủ" if rising is None else f"có{times}" if rising else "không",
        _short(row["quotes"][0]["text"]) if row["quotes"] else "",
    )


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"


def _print(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.HORIZONTALS, show_edge=False, pad_edge=False)
    for head in heads:
        table.add_column(
            head,
            justify="right" if head in _FOLDER_HEADS[2:5] else "left",
            no_wrap=head in _FOLDER_HEADS[2:6],
        )
    for row in rows:
        table.add_row(*map(escape, row))
    Console(highlight=False).print(table)
