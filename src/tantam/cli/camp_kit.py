"""``tantam camp pack, open, device, close``: a camp's laptop is packed at headquarters, opened at the camp, signed at
dusk."""

from __future__ import annotations

import socket
import sys
import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from tantam.cli.door import home_option
from tantam.errors import BadInput, Refused

if TYPE_CHECKING:
    from tantam.office.camps.kit.opening import Kit

TLS_PORT, PLAIN_PORT = 8443, 8080
LOOPBACK = ("127.0.0.1", "::1")
words_option = click.option(
    "--words-file",
    type=click.File(),
    help="A file with the opening words, - for stdin; else they are asked for.",
)


@click.command()
@click.argument("camp", metavar="CAMP")
@click.option("--kit", type=click.IntRange(1, 99), default=1, show_default=True, help="Which laptop.")
@click.option("--address", help="Its address on the camp's Wi-Fi; by default the one planned.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write, *.camp.")
@home_option
def pack(camp: str, kit: int, address: str | None, out: Path, home: Path) -> None:
    """Pack a camp for one laptop: one encrypted file, and the opening words, printed once.

    \b
    tantam camp pack 019a… --kit 1 --address 10.77.0.1 --out kit1.camp
    The words open the file. Write them down, and carry them apart from it.
    """
    from tantam.cli.office_home import open_office

    open_office(home)
    from tantam import clock
    from tantam.office.camps import packing

    done = packing.pack(camp_of(camp), kit, address=address, out=out, home=home.absolute(), at=clock.now())
    click.echo(f"{out}: {done.facts:,} facts, {done.size:,} bytes, for kit {kit} at {done.addresses}.")
    click.echo("Câu mở, chỉ hiện một lần · the opening words, shown once:")
    click.echo(f"\n    {done.words}\n")
    click.echo("Ghi ra giấy, cất riêng khỏi tệp · write them down; carry them apart from the file.")


@click.command("open")
@click.argument("source", metavar="FILE|FOLDER", type=click.Path(exists=True, path_type=Path))
@click.option("--address", help="Where to listen; by default the address in the pack.")
@click.option("--port", type=click.IntRange(0, 65535), help=f"With TLS; {TLS_PORT} by default.")
@click.option(
    "--board-port", type=click.IntRange(0, 65535), default=PLAIN_PORT, show_default=True, help="Without TLS."
)
@click.option("--usb", type=click.Path(path_type=Path), help="The folder of a USB stick, for the copies.")
@click.option("--no-tls", is_flag=True, help="Plain http, on this machine alone; for trying out.")
@words_option
def open_(
    source: Path, address: str | None, port: int | None, board_port: int, usb: Path | None, no_tls: bool,
    words_file: Any,
) -> None:  # fmt: skip
    """Open a packed camp on this laptop and serve its stations until stopped; a folder goes on where it stopped.

    \b
    tantam camp open kit1.camp --usb /media/usb
    Devices join the camp's Wi-Fi, install the authority, and are let in with: tantam camp device
    """
    if no_tls and address not in (None, *LOOPBACK):
        raise Refused(
            "no_tls",
            "Without TLS a kit listens on this machine alone.",
            "Leave out --no-tls, or give --address 127.0.0.1.",
        )
    from tantam.office.camps.kit import opening

    folder = opening.folder_of(source)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    opening.only_one(folder)  # the handle stays open for as long as this process, and the server it starts
    kit = opening.open_kit(source, _words(words_file), usb=usb)
    _serve(kit, address, port, board_port, no_tls=no_tls)


def _serve(kit: Kit, address: str | None, port: int | None, board_port: int, *, no_tls: bool) -> None:
    from django.db import connections

    from tantam.cli.office_serve import listen
    from tantam.office.camps.kit import door, laptop, serving

    own = laptop.device()
    entry = f"/enter/{door.entry_of(own.id)}"
    connections.close_all()
    if no_tls:
        listener = _listen(listen, address or "127.0.0.1", port or 0)
        here = f"http://127.0.0.1:{listener.getsockname()[1]}"
        lines = [f"Open: {here}{entry}", f"Board: {here}/board/"]
        serving.serve(listener, None, [], lambda: click.echo("\n".join(lines)))
        return
    at = _address(kit, address)
    listener = _listen(listen, at, TLS_PORT if port is None else port)
    plain = [_listen(listen, at, board_port)]
    number = plain[0].getsockname()[1]
    if at not in LOOPBACK and at != "0.0.0.0":  # noqa: S104 (compared, not bound)
        plain.append(_listen(listen, "127.0.0.1", number))
    shown = kit.addresses[0] if at == "0.0.0.0" and kit.addresses else at  # noqa: S104
    lines = [
        f"Open: https://{shown}:{listener.getsockname()[1]}/",
        f"This laptop: http://127.0.0.1:{number}{entry}",
        f"Board: http://{shown}:{number}/board/",
        f"Authority: http://{shown}:{number}/ca.crt",
    ]
    serving.serve(listener, serving.context(kit), plain, lambda: click.echo("\n".join(lines)))


def _listen(listen: Any, host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except BadInput:
        raise Refused(
            "address_not_here",
            f"This laptop does not have the address {host}.",
            "Give its Wi-Fi that address first, or choose another of the pack's with --address.",
        ) from None


def _address(kit: Kit, wanted: str | None) -> str:
    """Where to listen: an address that the certificate names, or this machine alone."""
    if not kit.server or not kit.addresses:
        raise Refused(
            "pack_without_tls",
            "This pack has no certificate.",
            "Open it with --no-tls, on this machine alone.",
        )
    at = wanted or kit.addresses[0]
    if at not in (*kit.addresses, *LOOPBACK, "0.0.0.0"):  # noqa: S104
        raise Refused(
            "address_not_in_pack",
            f"The pack was made for {', '.join(kit.addresses)}, not for {at}.",
            "Use that address, or pack again with --address.",
        )
    return at


@click.command()
@click.argument("kit", metavar="KIT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--name", required=True, help="What the device is called: “Máy bác sĩ 2”.")
@click.option("--port", type=int, default=TLS_PORT, show_default=True)
@click.option("--board-port", type=int, default=PLAIN_PORT, show_default=True)
@click.option("--wait", type=float, default=600.0, show_default=True, help="Seconds to wait for its report.")
@words_option
def device(kit: Path, name: str, port: int, board_port: int, wait: float, words_file: Any) -> None:
    """Let one phone or tablet in: prints its QR and the steps, then waits for what it reports of itself.

    \b
    tantam camp device kit1.kit --name "Máy bác sĩ 2"
    The kit may be open in another window meanwhile.
    """
    from tantam.office.camps.kit import opening

    opened = opening.open_kit(kit, _words(words_file))
    from tantam.office.camps.kit import checking, laptop

    made = laptop.another(name)
    where = opened.addresses[0] if opened.addresses else "127.0.0.1"
    began = datetime.now().astimezone()
    click.echo(laptop.steps(where, port, board_port, made))
    sys.stdout.flush()
    deadline = time.monotonic() + wait
    while time.monotonic() < deadline:
        said = checking.last(opened.held.folder, made.id)
        if said and datetime.fromisoformat(said["at"]) >= began - timedelta(seconds=1):
            lines, well = laptop.judged(said)
            click.echo("\n".join(lines))
            if well:
                return
            began = datetime.now().astimezone()
        time.sleep(0.5)
    raise Refused(
        "device_not_ready",
        f"{name} is let in, and has not reported that it is ready.",
        "Open its page /check/ and do what it says; or run this again.",
    )


@click.command()
@click.argument("kit", metavar="KIT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to bring home, *.camp.")
@words_option
def close(kit: Path, out: Path, words_file: Any) -> None:
    """Write what comes home, after the day was signed on the page of the day: one encrypted file, read back.

    \b
    tantam camp close kit1.kit --out /media/usb/home1.camp
    """
    from tantam.office.camps.kit import opening

    opening.open_kit(kit, _words(words_file))
    from tantam.office.camps.kit import closing, door

    count, digest = closing.write_home(door.camp(), out)
    click.echo(f"{out}: {count:,} facts. Digest {digest}")


def _words(file: Any) -> str:
    if file is not None:
        return str(file.read())
    return str(click.prompt("Câu mở · opening words"))


def camp_of(text: str) -> Any:
    """A camp by its id. Refuses ``no_such_camp``."""
    from tantam.office.camps.models import Camp

    with suppress(ValueError):
        found = Camp.objects.filter(pk=UUID(text)).first()
        if found is not None:
            return found
    raise BadInput("no_such_camp", f"There is no camp “{text[:60]}”.", "Copy its id from the camp's page.")
