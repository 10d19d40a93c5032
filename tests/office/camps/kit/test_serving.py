"""A kit as a process: killed at once while devices send, opened again, nothing that was acknowledged is lost; and over
TLS, where only the authority of this kit is trusted.
"""

from __future__ import annotations

import http.client
import json
import signal
import ssl
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tantam.office.camps import container, made_up
from tantam.office.camps.facts import Fact
from tantam.office.camps.kit import tls
from tests.office.camps.kit import serving
from tests.office.camps.kit.rows import sealed


@pytest.fixture(scope="module")
def day() -> made_up.MadeUp:
    return made_up.play(1, 1, people=20)


def asked(address: str, method: str, path: str, **more: Any) -> http.client.HTTPResponse:
    line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    line.request(method, path, **more)
    answer = line.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    line.close()
    return answer


def cookie_of(kit: serving.Kit, device: str) -> str:
    answer = asked(kit.address, "GET", kit.enter(device))
    return str(answer.headers["Set-Cookie"]).partition(";")[0]


def post(kit: serving.Kit, cookie: str, *rows: Any) -> list[str]:
    headers = {"Content-Type": "application/json", "Cookie": cookie}
    answer = asked(kit.address, "POST", "/facts/", body=json.dumps({"rows": rows}), headers=headers)
    return list(json.loads(answer.body)["stored"])  # type: ignore[attr-defined]


class Device(threading.Thread):
    """Sends measurements one after the other until the line breaks; ``stored``: what the kit acknowledged."""

    def __init__(self, kit: serving.Kit, name: str, visit: str) -> None:
        super().__init__(daemon=True)
        self.kit, self.device, self.visit = kit, name, visit
        self.cookie = cookie_of(kit, name)
        self.sent: list[dict[str, Any]] = []
        self.stored: list[str] = []
        self.several = threading.Event()

    def run(self) -> None:
        while len(self.sent) < 2_000:
            body = {"visit": self.visit, "pulse": 60 + len(self.sent) % 60}
            row = sealed(self.kit.day.key, "measured", body, member="k1-triage-1", device=self.device)
            self.sent.append(row)
            try:
                self.stored += post(self.kit, self.cookie, row)
            except (OSError, http.client.HTTPException, ValueError):
                return
            if len(self.stored) > 5:
                self.several.set()


def home_facts(kit: serving.Kit, tmp_path: Path) -> list[Fact]:
    """All that lies on a USB copy of the kit."""
    [*_, last] = sorted(tmp_path.glob("usb/*.camp"))
    return container.read(last, lambda _: kit.day.key).facts


def test_killed_while_devices_send_and_opened_again(day: made_up.MadeUp, tmp_path: Path) -> None:
    kit = serving.start(serving.packed(tmp_path, day))
    visit = str(next(fact.body.visit for fact in day.kits[1] if fact.kind == "registered"))  # type: ignore[attr-defined]
    devices = [Device(kit, f"k1-{name}", visit) for name in ("triage-1", "triage-2", "doctor-1")]
    for one in devices:
        one.start()
    assert all(one.several.wait(30) for one in devices)
    serving.stop(kit, signal.SIGKILL)
    for one in devices:
        one.join(30)
    usb = tmp_path / "usb"
    usb.mkdir()
    serving.start(kit, "--no-tls", "--port", "0", "--usb", str(usb))
    try:
        # What waits on a device is sent again, also what the kit had stored and could not say any more.
        again = [post(kit, cookie_of(kit, one.device), *one.sent[-100:]) for one in devices]
        assert [len(rows) for rows in again] == [len(one.sent[-100:]) for one in devices]
        for _ in range(200):
            if list(usb.glob("*.camp")):
                break
            threading.Event().wait(0.1)
    finally:
        serving.stop(kit)
    # The folder itself is asked, as `tantam camp close` would.
    facts = stored(kit)
    ids = [str(fact.id) for fact in facts]
    acknowledged = {number for one in devices for number in one.stored}
    assert acknowledged and acknowledged <= set(ids)
    assert len(ids) == len(set(ids))
    on_the_stick = {fact.mark for fact in home_facts(kit, tmp_path)}
    assert {fact.mark for fact in day.facts} <= on_the_stick <= {fact.mark for fact in facts}


def stored(kit: serving.Kit) -> list[Fact]:
    """The facts in the kit's own encrypted file, read without Django."""
    from sqlcipher3 import dbapi2  # type: ignore[import-untyped]

    from tantam.office.camps import locks
    from tantam.office.camps.facts import from_line

    line = dbapi2.connect(str(kit.folder / "health.sqlite3"))
    line.execute(f"""PRAGMA key = "x'{locks.derived(kit.day.key, "sqlite").hex()}'" """)
    rows = line.execute("SELECT sealed FROM camps_storedfact").fetchall()
    line.close()
    about = kit.day.camp.bytes
    return [from_line(locks.unseal(kit.day.key, bytes(row[0]), about=about)) for row in rows]


def test_over_tls_with_the_authority_and_beside_it_the_board(day: made_up.MadeUp, tmp_path: Path) -> None:
    options = ("--address", "127.0.0.1", "--port", "0", "--board-port", "0")
    with serving.served(tmp_path, day, *options) as kit:
        authority = asked(kit.board, "GET", "/ca.crt").body.decode()  # type: ignore[attr-defined]
        assert "BEGIN CERTIFICATE" in authority
        assert asked(kit.board, "GET", "/board/").status == 200
        name, port = tls.name_of(day.camp, 1), urlsplit(kit.open).port
        trusting = ssl.create_default_context(cadata=authority)
        line = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=_named(trusting, name))
        line.request("GET", kit.enter("k1-triage-1"), headers={"Host": name})
        answer = line.getresponse()
        answer.read()
        assert answer.status == 302 and "Secure" in answer.headers["Set-Cookie"]
        with pytest.raises(ssl.SSLCertVerificationError):
            wrong = http.client.HTTPSConnection(
                "127.0.0.1", port, timeout=20, context=ssl.create_default_context()
            )
            wrong.request("GET", "/")
        with pytest.raises(ssl.SSLCertVerificationError):
            other = _named(ssl.create_default_context(cadata=authority), "bank.example")
            http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=other).request("GET", "/")
        laptop = asked(kit.laptop, "GET", urlsplit(kit.laptop).path)
        assert laptop.status == 302  # the laptop itself is a device
    on_disk = b"".join(file.read_bytes() for file in kit.folder.rglob("*") if file.is_file())
    words = [
        day.key,
        b"PRIVATE KEY",
        *(one.body.name.encode() for one in day.kits[1] if one.kind == "registered"),
    ]  # type: ignore[attr-defined]
    assert not [word for word in words if word in on_disk]


def _named(context: ssl.SSLContext, name: str) -> ssl.SSLContext:
    """A context that asks for this name, whatever address it connects to: the kit's Wi-Fi is not here."""
    wrap = context.wrap_socket
    context.wrap_socket = lambda sock, server_hostname=None, **more: wrap(sock, server_hostname=name, **more)  # type: ignore[method-assign]
    return context


def test_wrong_words_open_nothing(
    day: made_up.MadeUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit = serving.packed(tmp_path, day)
    monkeypatch.setattr(serving, "WORDS", "ba con cua di choi nui xa gan")
    with pytest.raises(RuntimeError, match="exit code 2"):
        serving.start(kit)


def test_one_folder_is_open_once_and_of_one_kit(day: made_up.MadeUp, tmp_path: Path) -> None:
    with serving.served(tmp_path, day) as kit:
        twin = serving.Kit(kit.pack, day)
        with pytest.raises(RuntimeError, match="exit code 2"):
            serving.start(twin)
    other = made_up.play(2, 1, people=5)
    (tmp_path / "other").mkdir()
    foreign = serving.packed(tmp_path / "other", other)
    kit.folder.rename(foreign.folder)
    with pytest.raises(RuntimeError, match="exit code 2"):
        serving.start(foreign)
