"""``tantam camp export`` and ``tantam camp formulary``: files of a camp for people outside it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from tantam.cli.camp_kit import camp_of
from tantam.cli.door import home_option
from tantam.errors import BadInput

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("camp", metavar="CAMP")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
@home_option
def export(camp: str, out: Path, home: Path) -> None:
    """Export one camp as a FHIR R4 bundle for the health authority.

    \b
    tantam camp export 019a… --out camp.fhir.json
    The file holds names and findings in the clear: hand it over in person, or encrypted, and delete it here.
    """
    from tantam.cli.office_home import open_office

    open_office(home)
    from tantam import clock
    from tantam.office.camps import exporting

    done = exporting.export(camp_of(camp), actor=None, at=clock.now())
    _save(out, done.content)
    click.echo(f"{out}: {done.patients:,} people, {done.resources:,} resources, {len(done.content):,} bytes.")
    if done.undecided:
        click.echo(f"{done.undecided:,} differences are not decided yet: both sides are in the file.")
    click.echo("Names and findings in the clear: hand it over in person or encrypted, then delete it here.")


@click.command()
@click.option("--template", is_flag=True, help="Write an empty file to fill in.")
@click.option("--draft", type=_FILE, help="A list of medicines to make one of, without bounds and sources.")
@click.option("--check", type=_FILE, help="Read a filled one.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where the file to fill in goes."
)
def formulary(template: bool, draft: Path | None, check: Path | None, out: Path | None) -> None:
    """A camp's formulary: a file to fill in, or a filled one read as the camp will read it.

    \b
    tantam camp formulary --template --out formulary.csv
    tantam camp formulary --draft hospital-list.xlsx --out formulary.csv
    tantam camp formulary --check formulary.csv
    """
    from tantam.office.camps import drug_lists, formulary_file
    from tantam.office.camps import formulary as rules

    if template + (draft is not None) + (check is not None) != 1:
        raise BadInput("one_of_three", "Say one of --template, --draft LIST, --check FILE.", "See --help.")
    if template:
        _give(rules.template(), out)
    if draft:
        made = drug_lists.draft(draft.read_bytes())
        _give(made.content, out)
        click.echo(f"{len(made.taken):,} medicines; {len(made.left):,} lines were handed back:", err=True)
        for line, code in made.left:
            click.echo(f"  line {line}: {drug_lists.LEFT[code][1]} [{code}]", err=True)
    if check:
        read = formulary_file.read(check)
        bare = sum(not one.bounds for one in read.medicines)
        click.echo(f"{len(read.medicines):,} medicines; {bare:,} without any bound. SHA-256 {read.digest}")
        if read.demo:
            click.echo("It holds lines of the made-up sample: a camp with a real permit refuses it.")


def _give(content: bytes, out: Path | None) -> None:
    """A file to fill in: to a file, or to the terminal without its mark."""
    if out is None:
        click.echo(content.decode("utf-8-sig"), nl=False)
    else:
        _save(out, content, mode=0o644)
        click.echo(f"{out}: fill in one line a medicine, each with its source.")


def _save(out: Path, content: bytes, mode: int = 0o600) -> None:
    """A new file whole or not at all; what stands there already is refused."""
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise BadInput(
            "file_exists", f"{out} is there already.", "Name another file, or remove it first."
        ) from error
    with os.fdopen(handle, "wb") as file:
        file.write(content)
