"""``tantam office sms``: the link to the SMS centre."""

from __future__ import annotations

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
