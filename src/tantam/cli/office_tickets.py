"""``tantam office tickets``: questions and complaints that another system has kept come in from a file."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from tantam.cli.door import home_option, json_option
from tantam.errors import BadInput


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--office", "code", required=True, help="Code of the office that answers them.")
@click.option(
    "--owner", "login", help="Sign-in name of who answers the open ones; else whoever has that duty."
)
@click.option(
    "--map", "maps", multiple=True, metavar="THEIRS=OURS", help="A heading of theirs and our column."
)
@click.option(
    "--dates",
    "order",
    type=click.Choice(["dmy", "mdy", "swapped"]),
    help="Day first, month first, or swapped where the day is 1 to 12; only where the file itself does not tell.",
)
@click.option(
    "--from", "system", default="tickets", show_default=True, help="The system whose numbers these are."
)
@json_option
@home_option
def tickets(
    file: Path, code: str, login: str | None, maps: tuple[str, ...], order: str | None, system: str,
    as_json: bool, home: Path,
) -> None:  # fmt: skip
    """Take in FILE (CSV or XLSX): open tickets get the law's clocks from the day they were received, closed ones are
    history. Whether day and month are swapped is found out from the dates themselves and said. The same file twice is
    nothing new; what was stopped goes on when it is given again.

    \b
    tantam office tickets khieu-nai.xlsx --office kh --map "Mã phiếu=ref" --map "Ngày tạo=received"
    """
    from tantam.cli.office_home import open_office
    from tantam.cli.progress import bar

    open_office(home)
    from tantam import clock
    from tantam.cli.office_tables import refuse_unready
    from tantam.office.cases import ticket_rows
    from tantam.office.cases import tickets as act
    from tantam.office.people.models import Office, Staff

    refuse_unready()
    office = Office.objects.filter(code=code).first()
    owner = Staff.objects.filter(username=login, is_active=True).first() if login else None
    if office is None or (login and owner is None):
        raise BadInput(
            "nobody_there",
            f"There is no {'office' if office is None else 'member of staff'} “{code if office is None else login}”.",
            "See the office's list of staff.",
        )
    with bar({"tickets": "Nhận phiếu · taking in tickets"}) as progress:
        done = act.take_in(
            file.read_bytes(), name=file.name, system=system, office=office, owner=owner, actor=None, at=clock.now(),
            renames=ticket_rows.check_renames(maps), order=order or "", progress=progress,
        )  # fmt: skip
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    for sentence in act.sentences(done):
        click.echo(sentence)
