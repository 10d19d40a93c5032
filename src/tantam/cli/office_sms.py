"""``tantam office sms`` and ``receive``: the link to the SMS centre, and a message that came another way."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from tantam.cli.door import home_option
from tantam.cli.office_serve import our_name, wanted_until


@click.command()
@click.option("--beside", type=int, hidden=True, help="End when this process is no longer our parent.")
@home_option
def sms(beside: int | None, home: Path) -> None:
    """Keep the link to the SMS centre until stopped: send what is due and may go, take in what people write.

    TANTAM_SMS=smpp://system_id@host:port says where it is, TANTAM_SMS_PASSWORD the password. Started twice, on one
    machine or two, the second waits and takes over when the first is gone. docs/how-to/connect-a-gateway.md
    """
    from tantam.cli.office_home import open_office

    open_office(home)
    from django.conf import settings

    from tantam import clock
    from tantam.cli.office_tables import refuse_unready
    from tantam.errors import Refused
    from tantam.office.channels.smpp.place import place
    from tantam.office.worker import link

    refuse_unready()
    if settings.SMS in ("no", "console"):
        raise Refused(
            "no_sms_centre",
            "No SMS centre is set.",
            "Give its address: TANTAM_SMS=smpp://system_id@host:port and TANTAM_SMS_PASSWORD.",
        )
    centre = place(settings.SMS, settings.SMS_PASSWORD)
    link.keep(centre, holder=our_name(), wanted=wanted_until(beside), now=clock.now)


@click.command()
@click.argument("number")
@click.argument("text")
@click.option("--gateway", default="terminal", show_default=True, help="Through what it came: its name.")
@click.option("--ref", metavar="ID", help="The gateway's own id; the same one twice is one message.")
@home_option
def receive(number: str, text: str, gateway: str, ref: str | None, home: Path) -> None:
    """Write down an SMS of NUMBER that came another way than over the link, or to try things: it is safe when this
    returns.

    The worker makes of it what it is within seconds: a STOP, an answer to an invitation, an opinion.

    \b
    tantam office receive 0912345678 "Mạng ở xã tôi yếu quá"
    tantam office receive 0912345678 TC
    """
    from tantam.cli.office_home import open_office

    open_office(home)
    from tantam import clock
    from tantam.cli.office_tables import refuse_unready
    from tantam.office.channels import actions as channels

    refuse_unready()
    known = ref or secrets.token_hex(16)
    channels.receive(at=clock.now(), gateway=gateway[:16], ref=known, number=number, text=text)
    click.echo("Đã ghi · written down.")


@click.command(hidden=True)
@click.option("--beside", type=int, hidden=True)
@home_option
def phones(beside: int | None, home: Path) -> None:
    """In a demo: people text the office now and then."""
    from tantam.cli.office_home import open_office

    open_office(home)
    from django.conf import settings
    from django.db import close_old_connections

    from tantam import clock
    from tantam.errors import Refused
    from tantam.sample import office_texting

    if not settings.DEMO:
        raise Refused("not_a_demo", "People text a real office by themselves.", "Only for TANTAM_DEMO=yes.")
    wanted = wanted_until(beside)
    for number in range(1, len(office_texting.SAID) * 10):
        if not wanted(office_texting.EVERY.total_seconds()):
            return
        close_old_connections()
        office_texting.text(home, number, at=clock.now())
