"""``tantam office machine``: which other systems may use the API, and their tokens."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tantam.cli.door import home_option, json_option
from tantam.errors import BadInput

if TYPE_CHECKING:
    from tantam.office.people.models import Machine

_until = click.option(
    "--until", metavar="DAY", help="The last day on which it is let in, a year ahead at most (the default)."
)


@click.group()
def machine() -> None:
    """Other systems that use the API: let one in, list them, give a new token, end one."""


@machine.command("add")
@click.argument("name")
@click.option("--office", "code", required=True, metavar="CODE", help="Where its duties hold, and below.")
@click.option("--duty", "duties", multiple=True, required=True, metavar="DUTY", help="agent sends opinions; any duty "
              "reads themes and promises. One of director, officer, policy, agent, executive, privacy, auditor; may be "
              "given more than once.")  # fmt: skip
@_until
@home_option
def add_machine(name: str, code: str, duties: tuple[str, ...], until: str | None, home: Path) -> None:
    """Let the system NAME use the API, and print its token, which is kept nowhere.

    \b
    tantam office machine add "Tổng đài 18001090" --office hq --duty agent
    """
    _open(home)
    from tantam import clock
    from tantam.cli.office_staff import office_of
    from tantam.office.people import machines

    at = clock.now()
    made, token = machines.add(name, office_of(code), duties, ends_on=_last_day(until), actor=None, at=at)
    _show(made, token)


@machine.command("list")
@json_option
@home_option
def list_machines(as_json: bool, home: Path) -> None:
    """Each system, whether it is let in, where, for what, until when, and the last day on which it came."""
    _open(home)
    from tantam import clock
    from tantam.office.people import machines
    from tantam.office.people.models import Machine

    kept = Machine.objects.select_related("staff__office").order_by("pk")
    at, duties = clock.now(), machines.duties_of(kept)
    rows = [
        {
            "number": one.pk,
            "name": one.staff.name,
            "open": machines.is_open(one, at),
            "office": one.staff.office.code,
            "duties": duties[one.pk],
            "ends_on": one.ends_on.isoformat(),
            "last_used_on": one.last_used_on.isoformat() if one.last_used_on else None,
        }
        for one in kept
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        state = f"until {row['ends_on']}" if row["open"] else "ended"
        used = f"last used {row['last_used_on']}" if row["last_used_on"] else "never used"
        click.echo(
            f"{row['number']:>4} {row['name']} · {row['office']} · {', '.join(row['duties'])} · {state} · {used}"
        )
    if not rows:
        click.echo("No other system uses the API yet.")


@machine.command("rotate")
@click.argument("number", type=int)
@_until
@home_option
def rotate_machine(number: int, until: str | None, home: Path) -> None:
    """End the system of that NUMBER and let it in anew, with another token, which is printed."""
    _open(home)
    from tantam import clock
    from tantam.office.people import machines

    _show(*machines.rotate(_of_number(number), ends_on=_last_day(until), actor=None, at=clock.now()))


@machine.command("end")
@click.argument("number", type=int)
@home_option
def end_machine(number: int, home: Path) -> None:
    """Let the system of that NUMBER in no longer, from this moment on."""
    _open(home)
    from tantam import clock
    from tantam.office.people import machines

    ended = machines.end(_of_number(number), actor=None, at=clock.now())
    click.echo(f"{ended.staff.name} is let in no longer.")


def _open(home: Path) -> None:
    from tantam.cli.office_home import open_office

    open_office(home)
    from tantam.cli.office_tables import refuse_unready

    refuse_unready()


def _of_number(number: int) -> Machine:
    from tantam.office.people.models import Machine

    found = Machine.objects.select_related("staff__office").filter(pk=number).first()
    if found is None:
        raise BadInput(
            "no_such_machine", f"No system has the number {number}.", "See: tantam office machine list."
        )
    return found


def _last_day(until: str | None) -> date:
    from tantam import clock
    from tantam.office.people.rules import MACHINE_LASTS

    days = clock.parse_day(until) if until else clock.today() + MACHINE_LASTS // timedelta(days=1)
    return clock.to_date(days)


def _show(made: Machine, token: str) -> None:
    click.echo(
        f"{made.staff.name} is number {made.pk}, let in to the end of {made.ends_on}. Its token, shown once:"
    )
    click.echo(token)
