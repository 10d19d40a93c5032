"""``tantam office take-in``: what a listening found becomes themes of the office."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from tantam.cli.door import home_option, json_option


@click.command("take-in")
@click.argument("run")
@json_option
@home_option
def take_in(run: str, as_json: bool, home: Path) -> None:
    """Take what the listening RUN found into the office: its themes with their figures and quotes, and who may be told.

    RUN is the name after --out of `tantam listen run`. Taken in twice, it counts once.

    \b
    tantam listen run sms.csv --text words --key key --out sms-t11
    tantam office take-in sms-t11
    """
    from tantam.base.home import Home
    from tantam.cli.office_home import open_office
    from tantam.cli.progress import bar

    open_office(home)
    from tantam import clock
    from tantam.cli.office_tables import refuse_unready
    from tantam.money import digits
    from tantam.office.opinions import taking_in

    refuse_unready()
    names = {
        "speakers": "Tìm người đã đồng ý được báo · who may be told",
        "themes": "Ghi chủ đề · writing the themes",
    }
    with bar(names) as progress:
        done = taking_in.take_in(Home(home.absolute()), run, actor=None, at=clock.now(), progress=progress)
    if as_json:
        click.echo(json.dumps(asdict(done)))
    elif done.themes:
        click.echo(
            f"{digits(done.themes)} chủ đề · themes, {digits(done.opinions)} lời · opinions, "
            f"{digits(done.speakers)} lượt người báo lại được · speakers who may be told"
        )
    else:
        click.echo("Đã nhận từ trước · taken in before.")
