"""The demo's camp in progress: its kit, open beside the office for as long as that is."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from pathlib import Path
from threading import Thread

import click

from tantam.cli.door import home_option
from tantam.errors import Refused

PORTS = 20


@click.command(hidden=True)
@click.option("--beside", type=int, hidden=True)
@home_option
def kit(beside: int | None, home: Path) -> None:
    """In a demo: open the camp's kit at the first free port after PORT, for this machine alone."""
    from tantam.cli.office_serve import port
    from tantam.office.camps.kit import opening

    folder = home.absolute() / "camp"
    pack, words = folder / "kit1.camp", folder / "words.txt"
    if os.environ.get("TANTAM_DEMO") != "yes" or not pack.exists():
        raise Refused("not_a_demo", "There is no made-up camp here.", "Run: tantam demo")
    own = opening.folder_of(pack)
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    opening.only_one(own)
    opened = opening.open_kit(pack, words.read_text(), usb=folder / "usb")
    from django.db import connections

    from tantam.office.camps.kit import demo, serving

    listener, number = _free(port() + 1)
    address = f"http://127.0.0.1:{number}"

    def ready() -> None:
        told = {"camp": str(opened.held.camp), "address": address, "secret": demo.secret()}
        half = folder / ".where.part"
        half.write_text(json.dumps(told))
        half.replace(folder / "where.json")
        other = "" if number == port() + 1 else f" (cổng {port() + 1} đang bận · is in use)"
        click.echo(f"Trại khám · the camp: {address}/board/{other}")

    connections.close_all()
    if beside:
        Thread(target=_end_with, args=(beside,), daemon=True).start()
    serving.serve(listener, None, [], ready)


def _free(first: int) -> tuple[socket.socket, int]:
    """A socket at the first port that nobody uses, and its number."""
    from tantam.cli.office_serve import listen

    for number in range(first, min(first + PORTS, 65536)):
        try:
            return listen("127.0.0.1", number), number
        except Refused:
            continue
    raise Refused("port_taken", f"No port from {first} on is free.", "Choose another with PORT.")


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
