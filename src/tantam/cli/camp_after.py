"""``tantam camp merge``: what the kits of a camp bring home is joined at headquarters."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tantam.cli.door import home_option, json_option


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
@home_option
def merge(files: tuple[Path, ...], as_json: bool, home: Path) -> None:
    """Join FILES that kits brought home to their camps at headquarters.

    In any order, any number of times: nothing is lost and nothing doubled. One that was stopped goes on where it was.
    With --json one line a file: camp, kit, new, known, total, digest, unread, closed.

    Example: tantam camp merge /media/usb/*.camp
    """
    from tantam.cli.office_home import open_office
    from tantam.cli.progress import bar
    from tantam.errors import BadInput

    missing = next((file for file in files if not file.is_file()), None)
    if missing is not None:
        raise BadInput("no_such_file", f"There is no file {missing}.", "Look at its name and folder.")
    open_office(home)
    from tantam import clock
    from tantam.cli.office_tables import refuse_unready
    from tantam.office.camps import merging

    refuse_unready()
    for file in files:
        with bar({"facts": "Gộp dữ liệu · joining"}) as progress:
            done = merging.take_in(file, actor=None, at=clock.now(), progress=progress)
        if as_json:
            click.echo(
                json.dumps(
                    {
                        "camp": str(done.camp.id),
                        "kit": done.kit,
                        "new": done.new,
                        "known": done.known,
                        "total": done.total,
                        "digest": done.digest,
                        "unread": done.unread,
                        "closed": done.closed,
                    }
                )
            )
            continue
        click.echo(
            f"{file.name}: máy · kit {done.kit}: {done.new} mới · new, {done.known} đã có · known; "
            f"cả trại · camp {done.total}, {done.digest[:16]}…"
        )
        if not done.closed:
            click.echo("  Máy này chưa chốt ngày trong tệp · this kit had not closed its day in the file.")
