"""``tantam office``: set it up, serve it, keep it healthy, copy it, prove its journal."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tantam.cli import (
    demo_camp,
    office_copy,
    office_doctor,
    office_machines,
    office_serve,
    office_sms,
    office_staff,
    office_take_in,
    office_tickets,
)
from tantam.cli.door import home_option, json_option


@click.group()
def office() -> None:
    """The office: promises, opinions, gatherings, in a browser. First `migrate`, then `serve`."""


@office.command()
@home_option
def migrate(home: Path) -> None:
    """Make or bring up to date the office's keys and both databases; done twice, it changes nothing."""
    from tantam.cli.office_home import open_office

    keys = home.absolute() / "secret" / "django-key"
    had_keys = keys.exists()
    open_office(home, new=True)
    from tantam.cli.office_tables import bring_up_to_date

    done = bring_up_to_date()
    if not had_keys:
        click.echo(f"Keys were made in {keys.parent}: back them up apart from the databases.")
    for alias, steps in done.items():
        click.echo(f"{alias:8} {f'{steps} steps done' if steps else 'up to date'}")
    if any(done.values()) and not had_keys:
        click.echo(
            'Next: tantam office add hq "Trụ sở", tantam office staff add, and tantam office serve; '
            "docs/how-to/run-the-office.md"
        )


@office.command()
@click.option("--against", metavar="HEAD", help="A head printed earlier on a page or a backup, as 12:7f3a….")
@json_option
@home_option
def prove(against: str | None, as_json: bool, home: Path) -> None:
    """Prove that nothing in the journal was changed, removed or put in; exit 1 if something was.

    Without --against it proves that what is there belongs together; with a head that was written down elsewhere, also
    that the whole chain was not made anew since.
    """
    from tantam.cli.office_home import open_office
    from tantam.cli.progress import bar

    open_office(home)
    from django.utils import translation

    from tantam.cli.office_tables import refuse_without
    from tantam.office.journal import proving

    refuse_without("journal_seal")
    # The terminal speaks English; the journal's page says the same in Vietnamese first.
    with bar({"prove": "Đọc nhật ký · reading the journal"}) as progress, translation.override("en"):
        proof = proving.prove(against, progress=lambda done, total: progress("prove", done / max(total, 1)))
        lines = [proof.sentence, *(f"  {finding.sentence}" for finding in proof.findings)]
        figures = proof.figures()
    if proof.ok and proof.unsealed:
        lines[0] += f" {proof.unsealed} not sealed yet."
    click.echo(json.dumps(figures) if as_json else "\n".join([*lines, f"Head: {proof.head}"]))
    if not proof.ok:
        raise click.exceptions.Exit(1)


for _command in (
    office_serve.serve,
    office_serve.work,
    office_sms.sms,
    office_sms.receive,
    office_sms.phones,
    demo_camp.kit,
    office_take_in.take_in,
    office_tickets.tickets,
    office_doctor.doctor,
    office_copy.backup,
    office_copy.restore,
    office_staff.add,
    office_staff.staff,
    office_machines.machine,
):
    office.add_command(_command)
