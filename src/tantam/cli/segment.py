"""Which subscribers we mean: count a rule, explain it, profile groups, and see where they overlap."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tantam.cli.door import home_option, json_option

if TYPE_CHECKING:
    from tantam.base.store import Base
    from tantam.money import Language
    from tantam.segments.profile import Line, Profile
    from tantam.segments.quick import Count
    from tantam.segments.shipped import Segment

FEW = 30
"""Below this a share is said as "7 trong 11", and below five people no number is shown on screen."""

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


def _opened(home: Path) -> Base:
    from tantam import engines
    from tantam.base.home import Home
    from tantam.base.store import open_base

    return open_base(Home(home), engines.connect())


@segment.command()
@click.argument("rule")
@click.option("--quick", is_flag=True, help="Only the answer of a sample, with its 95 % interval.")
@lang_option
@home_option
@json_option
def count(rule: str, quick: bool, lang: Language, home: Path, as_json: bool) -> None:
    """How many subscribers fit a RULE: at once from a sample with its interval, then exactly.

    \b
    tantam segment count 'tenure_years > 3 and not low_income'
    tantam segment count elderly --json
    """
    from tantam.segments import quick as counting
    from tantam.segments.compile import thresholds
    from tantam.segments.shipped import find
    from tantam.segments.words import sentence

    node = find(rule).node
    base = _opened(home)
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
@home_option
@json_option
def explain(rule: str, key: str | None, lang: Language, home: Path, as_json: bool) -> None:
    """Say a RULE as one sentence, and who falls out at each condition; or why one subscriber is in or not.

    \b
    tantam segment explain 'tenure_years > 3 and falling(20)' --lang en
    tantam segment explain privilege --for TB-7Q4K-20M1-9XC3D
    """
    from tantam.segments.shipped import find

    group = find(rule)
    facts = _for_one(group, key, lang, home) if key else _for_all(group, home)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
    elif key:
        _print_one(facts, lang)
    else:
        _print_all(facts, lang)


def _for_all(group: Segment, home: Path) -> dict[str, Any]:
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
            for part, left in quick.funnel(_opened(home), group.node)
        ]
    return facts


def _print_all(facts: dict[str, Any], lang: Language) -> None:
    from tantam.money import digits

    click.echo(facts[lang].capitalize() if facts[lang][0].islower() else facts[lang])
    click.echo(facts["rule"])
    if facts["leaves_out_who_refuses_profiling"]:
        vi, en = "Không tính người từ chối chấm điểm tự động.", "Whoever refuses profiling is left out."
        click.echo(vi if lang == "vi" else en)
    before = None
    for step in facts["left"] or []:
        fell = "" if before is None else f"−{digits(before - step['left'], lang)}"
        click.echo(f"{digits(step['left'], lang):>14} {fell:>14}  {step[lang]}")
        before = step["left"]


def _for_one(group: Segment, key: str, lang: Language, home: Path) -> dict[str, Any]:
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
    base = _opened(home)
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
@home_option
@json_option
def profile(file: Path | None, lang: Language, home: Path, as_json: bool) -> None:
    """What each group is like: persons, share, spend, low income; and by province.

    \b
    tantam segment profile
    tantam segment profile --segments mine.toml --json
    """
    from tantam.segments import profile as profiles

    base = _opened(home)
    with _working(lang):
        found = profiles.profile(base, _groups(file))
    if as_json:
        click.echo(json.dumps(_profile_json(found), ensure_ascii=False))
    else:
        _print_profile(found, lang)


def _groups(file: Path | None) -> tuple[Segment, ...]:
    from tantam.segments.shipped import read, shipped

    return read(file) if file else shipped()


def _working(lang: Language) -> Any:
    """A sign of life on stderr while the base is read, only at a terminal."""
    from rich.console import Console

    return Console(stderr=True).status("Đang đọc thuê bao" if lang == "vi" else "Reading the subscribers")


def _profile_json(found: Profile) -> dict[str, Any]:
    from tantam import clock

    whole = found.everybody
    groups = [
        {"name": line.segment.name, "vi": line.segment.vi, "en": line.segment.en, "rule": line.segment.rule}
        | _line_json(line, whole.persons)
        for line in found.groups
        if line.segment
    ]
    return {
        "on": f"{clock.to_date(found.cube.on)}",
        "subscribers": whole.persons,
        "definition": found.cube.definition,
        "everybody": _line_json(whole, whole.persons),
        "groups": groups,
    }


def _line_json(line: Line, of: int) -> dict[str, Any]:
    return {
        "persons": line.persons,
        "share": line.persons / of if of else None,
        "median_spend_6m_dong": line.median_dong,
        "mean_spend_6m_dong": line.mean_dong,
        "low_income": line.low_income,
        "low_income_share": line.low_income / line.persons if line.persons else None,
        "by_province": line.by_province,
    }


def _print_profile(found: Profile, lang: Language) -> None:
    from tantam import places

    heads = {
        "vi": ("nhóm", "người", "tỷ lệ", "chi sáu tháng: giữa", "trung bình", "thu nhập thấp"),
        "en": ("group", "persons", "share", "six-month spend: median", "mean", "low income"),
    }[lang]
    everybody = "Tất cả" if lang == "vi" else "Everybody"
    rows = [_row(everybody, found.everybody, found.everybody.persons, lang)]
    rows += [_row(getattr(line.segment, lang), line, found.everybody.persons, lang) for line in found.groups]
    _table(heads, rows)
    places_heads = (("tỉnh", "province")[lang == "en"], heads[1], heads[2], heads[4], heads[5])
    provinces = [
        _province_row(places.today(code).name, cell, found.everybody.persons, lang)
        for code, cell in found.everybody.by_province.items()
    ]
    _table(places_heads, provinces)


def _row(name: str, line: Line, of: int, lang: Language) -> tuple[str, ...]:
    return (
        name,
        _persons(line.persons, lang),
        _share(line.persons, of, lang),
        _dong(line.median_dong, lang, line.persons),
        _dong(line.mean_dong, lang, line.persons),
        _share(line.low_income, line.persons, lang),
    )


def _province_row(name: str, cell: dict[str, int], of: int, lang: Language) -> tuple[str, ...]:
    mean = round(cell["spend_6m"] / cell["spend_known"]) if cell["spend_known"] else None
    low = _share(cell["low_income"], cell["n"], lang)
    return (name, _persons(cell["n"], lang), _share(cell["n"], of, lang), _dong(mean, lang, cell["n"]), low)


def _persons(n: int, lang: Language) -> str:
    from tantam.money import digits

    return digits(n, lang) if n >= 5 or n == 0 else ("dưới 5" if lang == "vi" else "under 5")


def _share(n: int, of: int, lang: Language) -> str:
    from tantam.money import decimal

    if of < 5:
        return "–"
    if of < FEW:
        return f"{_persons(n, lang)} {'trong' if lang == 'vi' else 'of'} {of}"
    return decimal(100 * n / of, 1, lang) + (" %" if lang == "vi" else "%")


def _dong(dong: int | None, lang: Language, persons: int) -> str:
    from tantam.money import digits

    return "–" if dong is None or persons < 5 else digits(dong, lang)


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Columns under their heads: the first to the left, figures to the right."""
    widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    for row in (heads, *rows):
        cells = [cell.ljust(widths[i]) if i == 0 else cell.rjust(widths[i]) for i, cell in enumerate(row)]
        click.echo("  ".join(cells).rstrip())
    click.echo()


@segment.command()
@segments_option
@lang_option
@home_option
@json_option
def overlap(file: Path | None, lang: Language, home: Path, as_json: bool) -> None:
    """How many subscribers each two groups share.

    \b
    tantam segment overlap --lang en
    """
    from tantam.money import digits
    from tantam.segments import cube

    base = _opened(home)
    groups = _groups(file)
    with _working(lang):
        cells = cube.count(base, groups)
    matrix = cells.overlap()
    if as_json:
        facts = {"names": cells.names, "definition": cells.definition, "persons": matrix.tolist()}
        click.echo(
            json.dumps({**facts, "subscribers": cells.subscribers, "in_any": cells.union(cells.names)})
        )
        return
    heads = ("nhóm" if lang == "vi" else "group", *(str(i + 1) for i in range(len(groups))))
    rows = [
        (f"{i + 1}. {group.name}", *(_persons(int(n), lang) for n in matrix[i]))
        for i, group in enumerate(groups)
    ]
    _table(heads, rows)
    n, of = digits(cells.union(cells.names), lang), digits(cells.subscribers, lang)
    click.echo(
        f"{n} trong {of} người thuộc ít nhất một nhóm."
        if lang == "vi"
        else f"{n} of {of} are in at least one."
    )
