"""``tantam office add`` and ``staff``: the first offices and the first people, before anybody can sign in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tantam.cli.door import home_option
from tantam.errors import BadInput

if TYPE_CHECKING:
    from tantam.office.people.models import Office, Staff


@click.command()
@click.argument("code")
@click.argument("name")
@click.option("--under", metavar="CODE", help="The office it belongs to; none for headquarters.")
@click.option(
    "--province", metavar="NAME", help="Its province, by name or code; makes it a province's or a branch."
)
@home_option
def add(code: str, name: str, under: str | None, province: str | None, home: Path) -> None:
    """Open an office: `add hq "Trụ sở"`, then `add kh "Khánh Hòa" --under hq --province 56`, then its branches.

    What stands under headquarters is a province's office, what stands under that a branch.
    """
    from tantam import clock
    from tantam.cli.office_home import open_office

    open_office(home)
    from tantam.cli.office_tables import refuse_unready
    from tantam.office.people import actions

    refuse_unready()
    parent = office_of(under) if under else None
    level = {None: "headquarters", "headquarters": "province"}.get(parent.level if parent else None, "branch")
    where = _province(province) if province else (parent.province if parent else "")
    actions.open_office(code, name, level, parent=parent, province=where, actor=None, at=clock.now())
    click.echo(f"{code} is open: {name} ({level}).")


@click.group()
def staff() -> None:
    """The people who work here: add somebody, invite him anew."""


@staff.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--office", "code", required=True, metavar="CODE", help="Where he works.")
@click.option("--duty", "duties", multiple=True, metavar="DUTY", help="director, officer, policy, agent, executive, "
              "privacy, auditor or admin; may be given more than once.")  # fmt: skip
@click.option("--title", default="", help="chị, anh, ông, bà: how the screens address him.")
@home_option
def add_staff(login: str, name: str, code: str, duties: tuple[str, ...], title: str, home: Path) -> None:
    """Add somebody with his duties, and print the link, good for one use, with which he sets his password."""
    from tantam import clock
    from tantam.cli.office_home import open_office

    open_office(home)
    from django.db import transaction

    from tantam.cli.office_tables import refuse_unready
    from tantam.office.people import actions

    refuse_unready()
    office, at = office_of(code), clock.now()
    with transaction.atomic():  # a wrong duty leaves nobody half-hired
        hired = actions.hire(login, name, office, title=title, actor=None, at=at)
        for duty in duties:
            actions.give_duty(hired, duty, office, actor=None, at=at)
    _invite(hired)


@staff.command("invite")
@click.argument("login")
@home_option
def invite_staff(login: str, home: Path) -> None:
    """Print a new link for somebody whose first one ran out, or who forgot his password."""
    from tantam.cli.office_home import open_office

    open_office(home)
    from tantam.cli.office_tables import refuse_unready

    refuse_unready()
    _invite(staff_named(login))


def staff_named(login: str) -> Staff:
    """A member of staff by sign-in name; BadInput ``no_such_staff``."""
    from tantam.office.people.models import Staff

    found = Staff.objects.filter(username=login, is_active=True).first()
    if found is None:
        raise BadInput(
            "no_such_staff", f"Nobody here signs in as “{login}”.", "Add him: tantam office staff add."
        )
    return found


def office_of(code: str) -> Office:
    """An office by its code; BadInput ``no_such_office``."""
    from tantam.office.people.models import Office

    found = Office.objects.filter(code=code).first()
    if found is None:
        codes = ", ".join(Office.objects.order_by("path").values_list("code", flat=True)[:12])
        raise BadInput(
            "no_such_office", f"There is no office “{code}”.", f"There are: {codes or 'none yet'}."
        )
    return found


def _province(text: str) -> str:
    from tantam import places

    found = places.find(text)
    if found is None:
        raise BadInput(
            "no_such_province", f"“{text}” is no province.", "Give its name or its code of two digits."
        )
    return found.into or found.code


def _invite(hired: Staff) -> None:
    from django.conf import settings
    from django.urls import reverse

    from tantam import clock
    from tantam.office.people import passes

    secret = passes.invite(hired, "invite", actor=None, at=clock.now())
    host = f"https://{settings.ALLOWED_HOSTS[0]}" if settings.HTTPS else f"http://127.0.0.1:{settings.PORT}"
    click.echo(f"{hired.name} signs in as {hired.username}. One use, three days, for him alone:")
    click.echo(f"{host}{reverse('pass', args=[secret])}")
