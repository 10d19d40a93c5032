"""Deciding a round, and explaining it to one person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tantam.cli.door import home_option, json_option
from tantam.cli.engine import engine_options

if TYPE_CHECKING:
    from tantam.cli.engine import Start

STAGES = {
    "read": "Đọc thuê bao · reading the base",
    "values": "Ước giá trị từng suất · what each offer is worth to each",
    "prepare": "Chuẩn bị · preparing",
    "prices": "Tìm giá · finding prices",
    "repair": "Giữ mọi giới hạn · keeping every limit",
    "greedy": "So với cách món lời nhất trước · against greedy",
    "certificate": "Lập giấy chứng · the certificate",
    "write": "Ghi quyết định · writing the decisions",
}


@click.command()
@click.argument("offers_file", metavar="OFFERS.toml", type=click.Path(path_type=Path))
@click.option(
    "--budget", required=True, metavar="DONG", help="Whole đồng for commercial offers: 2e9 or 2_000_000_000."
)
@click.option("--floor", "floors", multiple=True, metavar="TEXT", help="A floor or a cap; may be said again.")
@click.option("--most", type=click.IntRange(1, 16), help="At most so many commercial offers a subscriber.")
@click.option("--salt", help="Draws the hold-outs; by default a digest of base, offers and limits.")
@click.option(
    "--on", "day", metavar="DATE", help="The day decided for; by default the day the base describes."
)
@click.option("--out", required=True, metavar="ROUND", help="A name (lies in HOME/rounds) or a folder.")
@click.option(
    "--instance", type=click.Path(path_type=Path), help="Also write the solver's instance to this folder."
)
@engine_options
@home_option
@json_option
def decide(
    offers_file: Path,
    budget: str,
    floors: tuple[str, ...],
    most: int | None,
    salt: str | None,
    day: str | None,
    out: str,
    engine: Start,
    instance: Path | None,
    home: Path,
    as_json: bool,
) -> None:
    """Give each subscriber the care that fits, within money, seats and fairness.

    \b
    tantam sample offers > offers.toml
    tantam decide offers.toml --budget 2e9 --floor "low_income spend >= 30%" --out first
    Floors: low_income spend >= 30%  ·  seats cafe_meeting per province >= 6  ·  offer X spend <= 2e8
    """
    from tantam import clock, money
    from tantam.base.home import Home
    from tantam.care import decide as care
    from tantam.care import offers, report
    from tantam.care import round as rounds
    from tantam.cli.progress import bar
    from tantam.proof import power

    opened, works = Home(home), engine()
    terms = care.terms(
        opened,
        offers.read(offers_file),
        budget=money.parse(budget),
        floors=floors,
        most=most,
        salt=salt,
        on=clock.parse_day(day) if day else None,
    )
    directory = opened.round(out)
    with rounds.alone(directory):
        with bar(STAGES) as progress:
            decided = care.decide(opened, terms, progress, engine=works, work=rounds.work(directory))
            if instance:
                care.export(decided, instance)
            rounds.write(decided, directory, progress)
        power.ask_round(directory, opened, works)
        report.render(directory)
    certificate = json.loads((directory / "certificate.json").read_text())
    click.echo(json.dumps(certificate, ensure_ascii=False) if as_json else story(directory))


def story(directory: Path) -> str:
    """What a round came to, in six lines."""
    from tantam import money

    summary: dict[str, Any] = json.loads((directory / "summary.json").read_text())
    low, certificate = summary["low_income"], summary["certificate"]
    holdout = summary["holdout"]
    lines = [
        f"{money.words(summary['spend_dong'])} cho {money.digits(summary['decisions'])} suất, tới "
        f"{money.digits(summary['reached'])} trong {money.digits(summary['subscribers'])} thuê bao.",
        f"Tới người thu nhập thấp: {money.decimal(100 * low['share_of_spend'], 1)} % tiền "
        f"(họ là {money.decimal(100 * low['share_of_subscribers'], 1)} % thuê bao).",
        f"Giá trị {money.words(summary['value'])}; cứ chọn món lời nhất trước thì mất "
        f"{money.decimal(100 * summary['greedy_loss'], 1)} %. Kém mức tốt nhất có thể không quá "
        f"{money.decimal(100 * certificate['gap'], 4)} %.",
        f"{certificate['tight']} trong {len(certificate['constraints'])} giới hạn đang chạm; "
        f"{len(certificate['violated'])} bị phá.",
        f"Cứu trợ {money.digits(summary['relief']['persons'])} người, báo tin "
        f"{money.digits(summary['notices']['persons'])} người, bằng ngân sách riêng.",
        f"Để đối chứng: {money.digits(holdout['round_persons'])} người của cả đợt; "
        f"{money.digits(holdout['control'])} suất lẽ ra được, giữ lại để biết chăm sóc có ích không.",
        f"Báo cáo · report: {directory / 'report.html'}",
    ]
    return "\n".join(lines)


@click.command()
@click.argument("key")
@click.option("--round", "name", required=True, metavar="ROUND", help="A round's name or folder.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
@home_option
@json_option
def explain(key: str, name: str, lang: str, home: Path, as_json: bool) -> None:
    """Why this subscriber got this, and why not that, recomputed from the round's stored prices.

    \b
    tantam explain TB-7Q4K-20M1-9XC3D --round first
    """
    from tantam import keys
    from tantam.base.home import Home
    from tantam.care import explain as why
    from tantam.care import round as rounds

    opened = Home(home)
    lines = why.explain(opened, rounds.open_round(opened.round(name)), keys.parse(key))
    if as_json:
        click.echo(
            json.dumps(
                [{**line.__dict__, "left_dong": line.left_dong, "why": line.said(lang)} for line in lines]
            )
        )
        return
    click.echo(keys.show(keys.parse(key)))
    for line in lines:
        click.echo(_line(line, lang))


def _line(line: Any, lang: Any) -> str:
    from tantam import money

    mark = "◆" if line.given else "·"
    text = f"{mark} {line.vi if lang == 'vi' else line.en}: {line.said(lang)}"
    if line.worth_dong is None:
        return text
    words = ("giá trị", "giá", "còn lại") if lang == "vi" else ("worth", "price", "left over")
    sums = zip(words, (line.worth_dong, line.price_dong, line.left_dong), strict=True)
    return text + " (" + ", ".join(f"{word} {money.digits(dong, lang)}" for word, dong in sums) + ")"
