"""Which subscribers we mean: count a rule, explain it, profile groups, and see where they overlap."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tantam.cli.door import home_option, json_option
from tantam.cli.engine import engine_options

if TYPE_CHECKING:
    from tantam.base.store import Base
    from tantam.cli.engine import Start
    from tantam.money import Language
    from tantam.segments.quick import Count
    from tantam.segments.shipped import Segment

lang_option = click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
segments_option = click.option(
    "--segments",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="Groups of your own: [name] with rule, vi, en. By default the groups that come with Tận Tâm.",
)


@click.group()
def segment() -> None:
    """Count, explain and compare groups of subscribers.

    \b
    A RULE is a short text, or the name of a group that comes with Tận Tâm (see `segment profile`):
      tenure_years > 3 and province = "Khánh Hòa" and not low_income
      top_percent(spend_6m, 2, by=province)
      birthday_within(7) · promotion_ended_within(30) · falling(20)
    """


def _opened(home: Path, engine: Start) -> Base:
    from tantam.base.home import Home
    from tantam.base.store import open_base

    return open_base(Home(home), engine())


@segment.command()
@click.argument("rule")
@click.option("--quick", is_flag=True, help="Only the answer of a sample, with its 95 % interval.")
@lang_option
@engine_options
@home_option
@json_option
def count(rule: str, quick: bool, lang: Language, engine: Start, home: Path, as_json: bool) -> None:
    """How many subscribers fit a RULE.

    At a terminal the answer of a sample comes at once, with its 95 % interval, and then the exact one.

    \b
    tantam segment count 'tenure_years > 3 and not low_income'
    tantam segment count elderly --json
    """
    from tantam.segments import quick as counting
    from tantam.segments.compile import thresholds
    from tantam.segments.shipped import find
    from tantam.segments.words import sentence

    node = find(rule).node
    base = _opened(home, engine)
    found = thresholds(base.frame, base.on, [node])
    said = sentence(node, lang)
    if quick or (sys.stdout.isatty() and not as_json):
        first = counting.sampled(base, node, found)
        if quick or first.exact:
            _print_count(first, said, lang, as_json)
            return
        _print_count(first, said, lang, as_json)
    _print_count(counting.exactly(base, node, found), said, lang, as_json)


def _print_count(found: Count, said: str, lang: Language, as_json: bool) -> None:
    from tantam.money import digits

    if as_json:
        click.echo(
            json.dumps({"count": found.count, "low": found.low, "high": found.high, "exact": found.exact})
        )
        return
    number = digits(found.count, lang)
    if found.exact:
        click.echo(f"{number} {'người' if lang == 'vi' else 'subscribers'}: {said}")
        return
    low, high, asked = (digits(n, lang) for n in (found.low, found.high, found.looked_at))
    if lang == "vi":
        click.echo(f"Trên mẫu {asked} người: khoảng {number} (khoảng tin cậy 95 %: {low} – {high})")
    else:
        click.echo(f"On a sample of {asked}: about {number} (95% interval: {low} – {high})")


@segment.command()
@click.argument("rule")
@click.option("--for", "key", metavar="KEY", help="Explain it for one subscriber, condition by condition.")
@lang_option
@engine_options
@home_option
@json_option
def explain(rule: str, key: str | None, lang: Language, engine: Start, home: Path, as_json: bool) -> None:
    """A RULE in one sentence, or why one fits it.

    Without --for also how many are left after each condition, where there is a base.

    \b
    tantam segment explain 'tenure_years > 3 and falling(20)' --lang en
    tantam segment explain privilege --for TB-7Q4K-20M1-9XC3D
    """
    from tantam.segments.shipped import find

    group = find(rule)
    facts = _for_one(group, key, lang, home, engine) if key else _for_all(group, home, engine)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
    elif key:
        _print_one(facts, lang)
    else:
        _print_all(facts, lang)


def _for_all(group: Segment, home: Path, engine: Start) -> dict[str, Any]:
    from tantam.base.home import Home
    from tantam.segments import quick, tree
    from tantam.segments.words import sentence

    said: tuple[Language, Language] = ("vi", "en")
    facts: dict[str, Any] = {
        "rule": tree.text(group.node),
        **{tongue: sentence(group.node, tongue) for tongue in said},
        "reads": sorted(tree.columns(group.node)),
        "leaves_out_who_refuses_profiling": tree.reads_usage(group.node),
        "left": None,
    }
    if Home(home).facts.exists():
        facts["left"] = [
            {"rule": tree.text(part), **{tongue: sentence(part, tongue) for tongue in said}, "left": left}
            for part, left in quick.funnel(_opened(home, engine), group.node)
        ]
    return facts


def _print_all(facts: dict[str, Any], lang: Language) -> None:
    from tantam.money import digits

    click.echo(facts[lang][0].upper() + facts[lang][1:])
    click.echo(facts["rule"])
    if facts["leaves_out_who_refuses_profiling"]:
        vi, en = "Không tính người từ chối chấm điểm tự động.", "Whoever refuses profiling is left out."
        click.echo(vi if lang == "vi" else en)
    before = None
    for step in facts["left"] or []:
        fell = "" if before is None else f"−{digits(before - step['left'], lang)}"
        click.echo(f"{digits(step['left'], lang):>14} {fell:>14}  {step[lang]}")
        before = step["left"]


def _for_one(group: Segment, key: str, lang: Language, home: Path, engine: Start) -> dict[str, Any]:
    from tantam import keys
    from tantam.base.home import Home
    from tantam.base.store import read_one
    from tantam.errors import BadInput
    from tantam.segments import plain
    from tantam.segments.compile import thresholds

    row = read_one(Home(home), keys.parse(key))
    if row is None:
        raise BadInput(
            "unknown_key", "No subscriber of this base has that key.", "It may have asked to be forgotten."
        )
    base = _opened(home, engine)
    found = thresholds(base.frame, base.on, [group.node])
    lines = plain.conditions(group.node, row, base.on, found, lang)
    return {
        "key": keys.show(row["key"]),
        "holds": plain.shown(group.node, row, base.on, found),
        "conditions": [{"condition": said, "value": value, "holds": holds} for said, value, holds in lines],
    }


def _print_one(facts: dict[str, Any], lang: Language) -> None:
    marks = {True: "✓", False: "✗", None: "–"}
    verdicts = {
        "vi": {
            True: "Thuộc nhóm.",
            False: "Không thuộc nhóm.",
            None: "Không nêu: tùy vào điều chỉ ước lượng về người này.",
        },
        "en": {
            True: "In the group.",
            False: "Not in the group.",
            None: "Not shown: it rests on an estimate about her.",
        },
    }
    click.echo(f"{facts['key']}  {verdicts[lang][facts['holds']]}")
    for line in sorted(facts["conditions"], key=lambda line: line["holds"] is not False):
        click.echo(
            f"  {marks[line['holds']]} {line['condition']}"
            + (f"  ({line['value']})" if line["value"] else "")
        )


@segment.command()
@segments_option
@lang_option
@engine_options
@home_option
@json_option
def profile(file: Path | None, lang: Language, engine: Start, home: Path, as_json: bool) -> None:
    """What each group is like, and each province.

    Persons, share, the middle and mean spend of six months, and how many have low income.

    \b
    tantam segment profile
    tantam segment profile --segments mine.toml --json
    """
    from tantam.segments import profile as profiles
    from tantam.segments import tables

    base = _opened(home, engine)
    with _working(lang):
        found = profiles.profile(base, _groups(file))
    if as_json:
        click.echo(json.dumps(tables.profile_json(found), ensure_ascii=False))
    else:
        click.echo(tables.profile_text(found, lang))


def _groups(file: Path | None) -> tuple[Segment, ...]:
    from tantam.segments.shipped import read, shipped

    return read(file) if file else shipped()


def _working(lang: Language) -> Any:
    """A sign of life on stderr while the base is read, only at a terminal."""
    from rich.console import Console

    return Console(stderr=True).status("Đang đọc thuê bao" if lang == "vi" else "Reading the subscribers")


@segment.command()
@segments_option
@lang_option
@engine_options
@home_option
@json_option
def overlap(file: Path | None, lang: Language, engine: Start, home: Path, as_json: bool) -> None:
    """How many subscribers each two groups share.

    \b
    tantam segment overlap --lang en
    """
    from tantam.segments import cube, tables

    base = _opened(home, engine)
    groups = _groups(file)
    with _working(lang):
        cells = cube.count(base, groups)
    click.echo(
        json.dumps(tables.overlap_json(cells)) if as_json else tables.overlap_text(cells, groups, lang)
    )
