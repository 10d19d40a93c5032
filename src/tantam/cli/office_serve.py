"""``tantam office serve`` and ``work``: the office in a browser, and what happens because time passes."""

from __future__ import annotations

import os
import secrets
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tantam.cli.door import home_option
from tantam.errors import BadInput, Refused

LONGEST_NAP_S = 5.0
THREADS = 8
PATIENCE_S = 60


@click.command()
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
@click.option("--and-work", is_flag=True, help="Run the worker (and the SMS link) beside it.")
@click.option("--sign-in", metavar="LOGIN", help="Print a one-use link that signs in; TANTAM_DEMO=yes only.")
@home_option
def serve(workers: int, and_work: bool, sign_in: str | None, home: Path) -> None:
    """Serve the office until stopped (Ctrl-C or SIGTERM), at PORT (8000) of this machine alone.

    TANTAM_BIND=0.0.0.0 lets other machines in; put a proxy with HTTPS before it and set TANTAM_HTTPS=yes and
    TANTAM_HOSTS.
    """
    from tantam.cli.office_home import open_office

    open_office(home)
    from django.conf import settings
    from django.db import connections

    from tantam.cli.office_tables import refuse_unready
    from tantam.office.camps import demo

    refuse_unready()
    host = os.environ.get("TANTAM_BIND", "127.0.0.1")
    listener = listen(host, settings.PORT)
    path = _one_use(sign_in) if sign_in else "/"
    connections.close_all()  # a connection must not be carried into another process
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 (read, not bound)
    beside = [
        "work",
        *(["sms"] if settings.SMS.startswith("smpp") else []),
        *(["phones"] if settings.DEMO else []),
        *(["kit"] if settings.DEMO and demo.has_kit(home) else []),
    ]
    _gunicorn(
        listener,
        workers,
        f"http://{shown}:{settings.PORT}{path}",
        [_command(b, home) for b in beside if and_work],
    )


def _command(name: str, home: Path) -> list[str]:
    """Another command of the office, beside this one."""
    return [sys.executable, "-m", "tantam.cli", "office", name, "--home", str(home.absolute())]


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; refuses ``port_taken``, ``bad_setting`` where the address is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno in (98, 48, 13):  # in use on Linux, on macOS; not ours to take
            raise Refused(
                "port_taken",
                f"Port {port} is in use by another program, or not for us.",
                f"Stop that one, or choose another port: PORT={port + 1 if port < 65535 else 8000}.",
            ) from None
        raise BadInput(
            "bad_setting", f"TANTAM_BIND is “{host}”, which is no address of this machine.", "Try 127.0.0.1."
        ) from None
    listener.listen(2048)
    listener.set_inheritable(True)
    return listener


def port() -> int:
    """PORT, or 8000; BadInput ``bad_setting``. For those who have not opened an office yet."""
    text = os.environ.get("PORT", "8000")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise BadInput("bad_setting", f"PORT is “{text}”.", "Give a whole number from 1 to 65535.")
    return int(text)


def _one_use(login: str) -> str:
    """The path of a link that signs a member of staff in once; refuses ``not_a_demo``, ``no_such_staff``."""
    from django.conf import settings
    from django.urls import reverse

    from tantam import clock
    from tantam.cli.office_staff import staff_named
    from tantam.office.people import passes

    if not settings.DEMO:
        raise Refused(
            "not_a_demo", "Such a link is for demos only.", "Invite with: tantam office staff invite LOGIN."
        )
    secret = passes.invite(staff_named(login), "demo", actor=None, at=clock.now())
    return reverse("demo", args=[secret])


def _gunicorn(listener: socket.socket, workers: int, address: str, beside: list[list[str]]) -> None:
    """Run the web server here until a signal ends it; leaves by SystemExit."""
    from gunicorn.app.base import BaseApplication

    children: list[subprocess.Popen[bytes]] = []

    def ready(server: Any) -> None:
        for words in beside:
            command = [*words, "--beside", str(os.getpid())]
            children.append(subprocess.Popen(command))  # noqa: S603 (our own command)
        click.echo(f"Open: {address}")
        sys.stdout.flush()

    def stop(server: Any) -> None:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()

    options = {
        "bind": f"fd://{listener.fileno()}",
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "timeout": PATIENCE_S,
        "graceful_timeout": 5,
        "keepalive": 5,
        "loglevel": "warning",
        "control_socket_disable": True,
        "proc_name": "tantam-office",
        "when_ready": ready,
        "on_exit": stop,
    }

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from tantam.office.wsgi import application

            return application

    Server().run()


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and end; exit 1 if a chore failed.")
@click.option("--beside", type=int, hidden=True, help="End when this process is no longer our parent.")
@home_option
def work(once: bool, beside: int | None, home: Path) -> None:
    """Do what time brings until stopped: seal the journal, make the promises of each rhythm, clear what ran out.

    Any number may run at once, on any machine that reaches the databases: a chore is done by one of them.
    """
    from tantam.cli.office_home import open_office

    open_office(home)
    from tantam.cli.office_tables import refuse_unready

    refuse_unready()
    holder = our_name()
    if once:
        done = _round(holder)
        click.echo(
            ", ".join(f"{name} {'done' if well else 'FAILED'}" for name, well in done.items())
            or "Nothing due."
        )
        if not all(done.values()):
            raise click.exceptions.Exit(1)
        return
    _rounds(holder, wanted_until(beside))


def our_name() -> str:
    """Who holds a chore: this process on this machine, and no later one that gets its number."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


def wanted_until(beside: int | None) -> Callable[[float], bool]:
    """Waits for so many seconds, or until SIGTERM or SIGINT; gives whether to go on: no signal came, and the process
    that started us (``beside``) is still there. What is being done when a signal comes is finished first."""
    woken = _woken_by_signals()

    def wanted(seconds: float) -> bool:
        stopped = select.select([woken], [], [], seconds)[0]
        return not stopped and (beside is None or os.getppid() == beside)

    return wanted


def _rounds(holder: str, wanted: Callable[[float], bool]) -> None:
    """Round after round, with a nap until the next chore is due; a database that is away is waited for."""
    import structlog
    from django.db import Error

    nap = 0.0
    while wanted(nap):
        try:
            _round(holder)
            nap = _nap()
        except Error as error:
            structlog.get_logger("tantam").error("worker_waits", code=type(error).__name__)
            nap = LONGEST_NAP_S


def _woken_by_signals() -> int:
    """A pipe that can be read once SIGTERM or SIGINT came."""
    out, into = os.pipe()
    os.set_blocking(into, False)
    signal.set_wakeup_fd(into)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return out


def _round(holder: str) -> dict[str, bool]:
    from django.db import close_old_connections

    from tantam.office.worker.actions import run_due
    from tantam.office.worker.chores import CHORES

    close_old_connections()  # a database that went away is asked anew
    return run_due(CHORES, holder=holder)


def _nap() -> float:
    from tantam import clock
    from tantam.office.worker.actions import next_due
    from tantam.office.worker.chores import CHORES

    due = next_due(CHORES)
    wait = (due - clock.now()).total_seconds() if due else LONGEST_NAP_S
    return min(max(wait, 0.2), LONGEST_NAP_S)
