"""The whole story on a made-up operator: made, loaded, counted, decided, played for three months, proved, listened to,
told; then its office, with a year of promises kept and broken, served in the browser.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from tantam.cli.door import home_option

BUDGET_A_HEAD = 8_000
FLOOR = "low_income spend >= 30%"
RULE = 'tenure_years > 3 and province = "Khánh Hòa" and not low_income'


@click.command()
@click.option("--subscribers", default=200_000, show_default=True, help="How many the made-up operator has.")
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--serve/--no-serve", default=False, help="Open the office in the browser at the end, until stopped."
)
@home_option
def demo(subscribers: int, seed: int, serve: bool, home: Path) -> None:
    """Make an operator, decide who gets what, play three months, prove, listen, tell; then set up its office.

    The home is made anew each time; a folder that holds something else than a demo is left alone.
    """
    from tantam.base.home import Home
    from tantam.cli import demo_listen

    home = home.absolute()
    if serve:
        _port_is_free()
    _clear(home)
    started = time.monotonic()
    directory = _run(Home(home), subscribers, seed)
    listened = _step("Nghe ý kiến · listening", lambda: demo_listen.listen(Home(home), seed))
    pages = _link(home, "report.html", directory), _link(home, "listening.html", listened)
    _step("Dựng văn phòng · setting up the office", lambda: _office(home, seed))
    click.echo("\n" + tell(directory))
    click.echo("\n  ".join(["Khách nói gì · what people say", *demo_listen.told(listened)]))
    opened = " and ".join(str(_near(page)) for page in pages)
    click.echo("\nHai tin nhắn đến · two messages come in")
    _texts(home)
    click.echo(
        f"\n{time.monotonic() - started:.0f} s. Open {opened}, or ask why one subscriber got what he got:"
    )
    click.echo(f"  tantam explain {_somebody(directory)} --round first --home {_near(home)}")
    if serve:
        click.echo(
            "\nThe office of Sao Mai. The link works once; Ctrl-C stops. People text it while you watch; so may you:"
        )
        click.echo(f'  tantam office receive 0912345678 "Mạng ở xã tôi yếu quá" --home {_near(home)}\n')
        _serve(home)
    click.echo(f"The office: TANTAM_DEMO=yes tantam office serve --sign-in lam --home {_near(home)}")


def _link(home: Path, name: str, folder: Path) -> Path:
    """The page of a folder, under a name of its own beside the home's other pages."""
    link = home / name
    link.symlink_to(folder.relative_to(home) / "report.html")
    return link


def _clear(home: Path) -> None:
    """An empty folder with a note in it; refuses (``not_a_demo``) a folder that holds something else than a demo."""
    from tantam.errors import Refused

    marker = home / "made-up-operator"
    if home.exists() and any(home.iterdir()) and not marker.exists():
        raise Refused(
            "not_a_demo", f"{home} holds something else than a demo.", "Name another folder with --home."
        )
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)
    marker.write_text("This folder was made by `tantam demo`, which makes it anew each time.\n")


def _office(home: Path, seed: int) -> None:
    """Its keys, its databases, and a year of it."""
    from tantam import clock
    from tantam.cli import demo_listen
    from tantam.cli.office_home import open_office

    os.environ.update(TANTAM_DEMO="yes", TANTAM_HTTPS="no")
    os.environ.setdefault("TANTAM_LOG", "warning")
    for name in ("TANTAM_DATABASE_URL", "TANTAM_HEALTH_DATABASE_URL"):
        os.environ.pop(name, None)  # whatever a real office runs on, the demo stays in its own folder
    open_office(home, new=True)
    from tantam.cli.office_tables import bring_up_to_date
    from tantam.cli.progress import bar
    from tantam.sample import office, office_camp_kit

    bring_up_to_date()
    with bar({"year": "Một năm của văn phòng · a year of the office"}) as progress:
        at, year = clock.now(), partial(progress, "year")
        made = office.make(home, seed, at, year, listened=demo_listen.NAME)
    office_camp_kit.pack(home, made.camp, clock.now())


def _texts(home: Path) -> None:
    """An opinion that arrives by SMS, and a STOP."""
    from tantam import clock
    from tantam.sample import office_texting

    office_texting.begin(home, at=clock.now(), show=click.echo)


def _port_is_free() -> None:
    """Say at once that the port is taken, and not after two minutes."""
    from tantam.cli.office_serve import listen, port

    listen("127.0.0.1", port()).close()


def _serve(home: Path) -> None:
    """Become the server, in a process of its own: the engine's threads must not be carried into forks."""
    from django.db import connections

    from tantam.sample.office import DIRECTOR

    connections.close_all()
    sys.stdout.flush()
    words = [sys.executable, "-m", "tantam.cli", "office", "serve", "--and-work", "--sign-in", DIRECTOR]
    os.execv(sys.executable, [*words, "--home", str(home)])  # noqa: S606


def _near(path: Path) -> Path:
    """A path as one would type it here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _run(home: Any, subscribers: int, seed: int) -> Path:
    """Every step by the same functions as the commands of the same names."""
    from tantam import clock, sample
    from tantam.base import intake
    from tantam.care import decide, offers, report
    from tantam.care import round as rounds
    from tantam.proof import power
    from tantam.proof.round import prove_round

    root: Path = home.root
    files = _step(
        "Dựng nhà mạng hư cấu · making", lambda: sample.make_base(root / "made-up", subscribers, seed)
    ).files
    loaded = _step("Nạp thuê bao · loading", lambda: intake.load(home, files, today=clock.today()))
    click.echo(
        f"    {loaded.kept:,} nhận · kept, {loaded.rejected:,} trả lại có lý do · rejected with reasons"
    )
    counted = _step("Đếm một nhóm · counting a group", lambda: _count(home))
    click.echo(f"    {counted}")
    file = root / "offers.toml"
    file.write_text(sample.offers_text(), encoding="utf-8")
    terms = decide.terms(home, offers.read(file), budget=BUDGET_A_HEAD * subscribers, floors=(FLOOR,))
    decided = _step("Quyết định · deciding", lambda: decide.decide(home, terms))
    directory = rounds.write(decided, home.round("first"))
    power.ask_round(directory, home)
    played = root / "outcomes.parquet"
    _step("Chơi ba tháng · playing three months", lambda: sample.play(home, directory, seed, 3, played))
    _step("Chứng minh · proving", lambda: prove_round(home, directory, played))
    _step("Viết báo cáo · writing the report", lambda: report.render(directory))
    return directory


def _step(words: str, act: Callable[[], Any]) -> Any:
    start = time.monotonic()
    result = act()
    click.echo(f"  {words:44} {time.monotonic() - start:5.1f} s")
    return result


def _count(home: Any) -> str:
    from tantam import engines, money
    from tantam.base.store import open_base
    from tantam.segments import compile as compiled
    from tantam.segments import rule, words

    base = open_base(home, engines.start())
    node = rule.parse(RULE)
    found = compiled.thresholds(base.frame, base.on, [node])
    chosen = base.frame.filter(compiled.predicate(node, base.on, found)).select("key")
    return f"{money.digits(engines.collect(chosen).num_rows)} người {words.sentence(node, 'vi')}"


def tell(directory: Path) -> str:
    """The round and its proof, in one screen of text."""
    from tantam.cli.decide import story

    rows = json.loads((directory / "proof.json").read_text())
    enough = [r for r in rows if r["enough"]]
    told = [f"  {row['sentence_vi']}" for row in _clearest(enough)] or ["  Chưa đủ dữ liệu cho món nào."]
    return "\n".join(
        [
            "Ai nhận gì · who got what",
            *("  " + line for line in story(directory).splitlines()),
            "Có ích không · did it help",
            f"  {len(enough)} trong {len(rows)} phép so sánh đủ dữ liệu; phần còn lại nói thẳng là chưa đủ.",
            *told,
        ]
    )


def _clearest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Whether people stayed after 90 days: the clearest gain, the clearest loss, and one where nothing is seen."""
    stayed = [r for r in rows if r["outcome"] == "active" and r["horizon_days"] == 90]
    stayed.sort(key=lambda r: r["effect"] / (r["high"] - r["low"]))
    losses = [r for r in stayed if r["adjusted_high"] < 0]
    gains = [r for r in stayed if r["adjusted_low"] > 0]
    told = gains[-1:] + losses[:1]
    names = {r["offer"] for r in told}
    unseen = [r for r in stayed if r["low"] < 0 < r["high"] and r["offer"] not in names]
    return told + unseen[:1]


def _somebody(directory: Path) -> str:
    import pyarrow.parquet as pq

    from tantam import keys

    return keys.show(pq.read_table(directory / "decisions.parquet", columns=["key"])["key"][0].as_py())
