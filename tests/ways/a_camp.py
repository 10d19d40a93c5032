"""A camp planned at a headquarters of its own and packed, and its kit as a process of its own.

``python -m tests.ways.a_camp HOME KITS PEOPLE ADDRESS MORE`` plans and opens the camp of
:mod:`tantam.sample.office_camp`, whose commune expects so many MORE people, and prints ids, links of devices, lots and
the camp's key as JSON; what each kit will write lies in ``HOME/../day-N.jsonl``,
outside what the wall is searched for in.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.ways.faults import needed

TANTAM = [sys.executable, "-m", "tantam.cli"]
TLS, PLAIN = 8443, 8080
PIN = "1234"


class Headquarters:
    """A home with one open camp that nobody has packed yet; ``told``: what :func:`main` prints."""

    def __init__(
        self, home: Path, *, kits: int = 1, people: int = 40, address: str = "10.77.0.1", more: int = 0
    ) -> None:
        self.home = home
        home.mkdir(parents=True)
        self.env = {
            **os.environ,
            "TANTAM_HOME": str(home),
            "TANTAM_DEMO": "yes",
            "TANTAM_LOG": "error",
            "TANTAM_TRACEBACK": "1",
        }
        self.env["PYTHONPATH"] = str(Path(__file__).parents[2])
        self.run(*TANTAM, "office", "migrate", "--home", home)
        made = self.run(sys.executable, "-m", "tests.ways.a_camp", home, kits, people, address, more)
        self.told: dict[str, Any] = json.loads(made)
        self.camp: str = self.told["camp"]

    def run(self, *words: object) -> str:
        """One command; its output."""
        done = subprocess.run(
            [*map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            env=self.env,
            cwd=self.env["PYTHONPATH"],
        )
        assert done.returncode == 0, done.stderr or done.stdout
        return done.stdout

    def pack(self, kit: int, out: Path, address: str) -> str:
        """Pack a kit; gives the opening words."""
        words = [*TANTAM, "camp", "pack", self.camp, "--kit", kit, "--address", address, "--out", out]
        said = self.run(*words, "--home", self.home)
        return next(line.strip() for line in said.splitlines() if line.startswith("    "))


class Kit:
    """One laptop: its pack, its stick, and the process that serves it; in a network namespace, or on the loopback
    without TLS."""

    def __init__(
        self,
        headquarters: Headquarters,
        folder: Path,
        *,
        number: int = 1,
        address: str = "",
        inside: str = "",
    ):
        folder.mkdir(parents=True)
        self.headquarters, self.folder, self.address, self.inside = headquarters, folder, address, inside
        self.pack, self.usb = folder / f"kit{number}.camp", folder / "usb"
        self.usb.mkdir()
        self.words = folder / "words.txt"
        self.words.write_text(headquarters.pack(number, self.pack, address or "10.77.0.1"))
        self.process: subprocess.Popen[str] | None = None
        self.url = f"https://{address}:{TLS}"

    @property
    def kept(self) -> Path:
        """The kit's own folder."""
        return self.pack.with_suffix(".kit")

    def open(self) -> str:
        """Serve it until killed; gives the address that it prints."""
        source = self.kept if self.kept.exists() else self.pack
        words = ["open", source, "--usb", self.usb, "--words-file", self.words]
        words += ["--address", self.address] if self.inside else ["--no-tls"]
        self.process = subprocess.Popen(
            self._inside(*TANTAM, "camp", *words), stdout=subprocess.PIPE, text=True, start_new_session=True,
            env={**self.headquarters.env, "PYTHONFAULTHANDLER": "1"},
        )  # fmt: skip
        assert self.process.stdout is not None
        opened = self.process.stdout.readline().removeprefix("Open: ").strip()
        assert opened, "the kit did not open"
        if not self.inside:
            self.url = opened.split("/enter/")[0]
        return opened

    def kill(self) -> None:
        """End it as a flat battery would: every process of it, at once."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stacks(self) -> None:
        """End it so that it writes where each of its threads stands: for a test that waits in vain."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGSEGV)  # gunicorn takes SIGABRT for itself
            self.process.wait()

    def run(self, *words: object) -> str:
        """A command of ``tantam camp`` on this laptop."""
        return self.headquarters.run(*self._inside(*TANTAM, "camp", *words, "--words-file", self.words))

    def start(self, *words: object) -> subprocess.Popen[str]:
        """The same, going on."""
        command = self._inside(*TANTAM, "camp", *words, "--words-file", self.words)
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=self.headquarters.env)

    def authority(self) -> Path:
        """The authority, as a phone gets it from the line without TLS."""
        code = f"import urllib.request as u, sys; sys.stdout.buffer.write(u.urlopen('http://{self.address}:{PLAIN}/ca.crt').read())"
        out = self.folder / "ca.pem"
        out.write_bytes(
            subprocess.run(self._inside(sys.executable, "-c", code), check=True, capture_output=True).stdout
        )
        return out

    def entry(self, device: str) -> str:
        """The link that lets a device of the plan in."""
        return f"{self.url}/enter/{self.headquarters.told['entries'][device]}"

    def _inside(self, *words: object) -> list[str]:
        enter = [needed("ip")[0], "netns", "exec", self.inside] if self.inside else []
        return [*enter, *map(str, words)]


def main(home: str, kits: str, people: str, address: str, more: str) -> None:
    """Plan and open the camp."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tantam.office.settings"
    import django

    django.setup()
    from tantam import clock
    from tantam.office.camps import facts, keys, kinds, made_up_plan
    from tantam.office.people import actions
    from tantam.sample import office_camp
    from tantam.sample.office_camp_words import SATURDAYS

    at = clock.now()
    hq = actions.open_office("hq", "Trụ sở", "headquarters", actor=None, at=at)
    staff = {}
    for login, name, duty in (("lam", "Trương Ngọc Lâm", "camp"), ("lua", "Đinh Thị Lụa", "pharmacist")):
        staff[login] = actions.hire(login, name, hq, title="chị", actor=None, at=at)
        actions.give_duty(staff[login], duty, hq, actor=None, at=at)
    team = office_camp.Team(hq, staff["lam"], staff["lua"])
    made = office_camp.MadeUpCamp(
        team, SATURDAYS[0], clock.day_of(at), seed=7, people=int(people), kits=int(kits)
    )
    office_camp.whole(made, at, address=address, more=int(more))
    key = keys.of_camp(Path(home), made.camp.id)
    for kit in made.drawn:
        (Path(home).parent / f"day-{kit}.jsonl").write_bytes(
            b"\n".join(facts.to_line(one) for one in made.day(kit))
        )
    devices = [one.id for one in made_up_plan.team(int(kits), key) if isinstance(one, kinds.Device)]
    told = {
        "camp": str(made.camp.id),
        "key": key.hex(),
        "entries": {device: made_up_plan.entry_secret(key, device) for device in devices},
        "lots": [lot.model_dump(mode="json") for lots in made.stocks.values() for lot in lots],
        "medicines": [one.model_dump(mode="json") for one in made.medicines.medicines],
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
