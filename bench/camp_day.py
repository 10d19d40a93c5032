"""A day of 600 people at a camp on one kit with twelve devices: twelve real pages in Chromium that write their own
stations' facts through their outboxes for ten minutes (`TANTAM_BENCH_CAMP_MINUTES`), and the rest of the day replayed
at 60 times its speed by twelve clients, one after another, on a kit whose database writes every commit to the disk. A
step is from the post of a device to the answer that it is stored; a limit of 300 ms for the median was set. `lost`
counts facts that a device was told are stored and that the kit's own copy does not hold, which is none. The pages and
the kit share one machine of two cores, on its loopback without TLS.

Packing and opening, each as its own command from start to end, for 10,000 more people that the commune expects; a
limit of 60 s was set.

python -m bench camp_day
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

MINUTES = float(os.environ.get("TANTAM_BENCH_CAMP_MINUTES", "10"))
PEOPLE, MORE, SPEED = 600, 10_000, 60.0
PATIENCE_S = 30
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
KEEP = """async ([id, said]) => {
  const { station } = await import("/static/camp-station.js");
  const { keptKey, seal } = await import("/static/camp-sealed.js");
  const { keep } = await import("/static/outbox.js");
  const { camp, device, member } = station.say;
  const sealed = await seal(await keptKey(`${camp}:${device}:${member}`), id, said);
  await keep({ id, box: "camp:" + camp, said_at: "", device, member, sealed });
  await station.sendNow();
}"""
WATCH = """() => {
  globalThis.posts = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.name.endsWith("/facts/")) globalThis.posts.push(one.duration);
  }).observe({ type: "resource", buffered: true });
}"""
Rows = dict[str, list[dict[str, Any]]]


def run() -> dict[str, Any]:
    """Milliseconds a step, seconds to pack and to open."""
    with tempfile.TemporaryDirectory() as folder:
        return _day(Path(folder) / "day") | _large(Path(folder) / "large")


def _large(folder: Path) -> dict[str, Any]:
    from tests.ways.a_camp import Headquarters, Kit

    office = Headquarters(folder / "hq", people=PEOPLE, more=MORE)
    start = time.perf_counter()
    kit = Kit(office, folder / "laptop")
    packed = time.perf_counter() - start
    try:
        start = time.perf_counter()
        kit.open()
        return {
            "expected_people": MORE,
            "pack_s": packed,
            "open_s": time.perf_counter() - start,
            "target_s": 60,
        }
    finally:
        kit.kill()


def _day(folder: Path) -> dict[str, Any]:
    from tests.ways.a_camp import Headquarters, Kit

    office = Headquarters(folder / "hq", people=PEOPLE)
    kit = Kit(office, folder / "laptop")
    facts = _facts(office.home.parent / "day-1.jsonl")
    until = facts[0]["at"] + MINUTES * 60
    # The start of the day has nobody at the later stations: the pages take the busiest minutes, the clients the rest.
    begins = facts[len(facts) // 3]["at"]
    live = [one for one in facts if begins <= one["at"] < begins + (until - facts[0]["at"])]
    before = [one for one in facts if one["at"] < begins]
    after = [one for one in facts if one["at"] >= begins + (until - facts[0]["at"])]
    try:
        kit.open()
        replayed = _replay(office, kit, before)
        told, posts, late = _pages(office, kit, live)
        replayed += late + _replay(office, kit, after)
        told += [fact for fact, _ in replayed]
        held = _held(office, kit)
    finally:
        kit.kill()
    return {
        "people": PEOPLE,
        "facts": len(facts),
        "target_median_ms": 300,
        "pages_minutes": MINUTES,
        **_said("pages", posts),
        **_said("replayed", [ms for _, ms in replayed]),
        "stored": len(told),
        "lost": len(set(told) - held) + len(facts) - len(told),
    }


def _facts(file: Path) -> list[dict[str, Any]]:
    """What the kit's devices will write, in order; ``at``: seconds."""
    rows = []
    for line in file.read_bytes().splitlines():
        row = json.loads(line)
        said = row["said"]
        if said["kind"] != "closed":
            at = datetime.fromisoformat(row["kit_at"]).timestamp()
            rows.append({"at": at, **said})
    return rows


def _by_device(facts: list[dict[str, Any]]) -> Rows:
    found: Rows = defaultdict(list)
    for one in facts:
        found[one["device"]].append(one)
    return found


def _said_in(one: dict[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("kind", "body", "device_at", "corrects", "paper") if one.get(name)}


def _replay(office: Any, kit: Any, facts: list[dict[str, Any]]) -> list[tuple[str, float]]:
    """Every device in a thread of its own, each fact at its moment of a day that is 60 times as fast."""
    if not facts:
        return []
    done: list[tuple[str, float]] = []
    begins, start = facts[0]["at"], time.perf_counter()

    def device(rows: list[dict[str, Any]]) -> None:
        line = _Line(office, kit, rows[0]["device"])
        for one in rows:
            time.sleep(max(0.0, start + (one["at"] - begins) / SPEED - time.perf_counter()))
            done.append((one["id"], line.send(one)))

    threads = [threading.Thread(target=device, args=(rows,)) for rows in _by_device(facts).values()]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return done


class _Line:
    """One device's connection: let in by its link, closing rows as its page does."""

    def __init__(self, office: Any, kit: Any, device: str) -> None:
        self.office, self.device = office, device
        host = kit.url.removeprefix("http://")
        self.line = http.client.HTTPConnection(host, timeout=PATIENCE_S)
        self.line.request("GET", f"/enter/{office.told['entries'][device]}")
        answer = self.line.getresponse()
        answer.read()
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]

    def send(self, one: dict[str, Any]) -> float:
        """Milliseconds until the kit said that it is stored."""
        from tantam.office.camps import locks

        key = locks.derived(bytes.fromhex(self.office.told["key"]), f"outbox:{self.device}:{one['author']}")
        plain = json.dumps(_said_in(one)).encode()
        sealed = locks.seal(key, plain, about=one["id"].encode(), random=os.urandom)
        row = {"id": one["id"], "device": self.device, "member": one["author"]}
        body = json.dumps({"rows": [{**row, "sealed": base64.b64encode(sealed).decode()}]})
        start = time.perf_counter()
        headers = {"Content-Type": "application/json", "Cookie": self.cookie}
        try:
            self.line.request("POST", "/facts/", body, headers)
            told = json.loads(self.line.getresponse().read())
        except ConnectionError:
            # The kit closed a line that said nothing for a while: it is said on a new one, as pages do.
            self.line.close()
            self.line.request("POST", "/facts/", body, headers)
            told = json.loads(self.line.getresponse().read())
        if told.get("stored") != [one["id"]]:
            raise RuntimeError(f"{one['kind']} was not stored: {told}")
        return (time.perf_counter() - start) * 1000


def _pages(
    office: Any, kit: Any, facts: list[dict[str, Any]]
) -> tuple[list[str], list[float], list[tuple[str, float]]]:
    """Twelve pages, each signed in at its own station; each fact at its own moment, as it was written. Gives the facts
    they wrote and the milliseconds of their posts; then what the lead copied from paper meanwhile, by a client."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    rows = _by_device([one for one in facts if one["author"] == one["device"]])
    others = [one for one in facts if one["author"] != one["device"]]
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=list(QUIET))
        pages = {device: _station(browser, office, kit, device) for device in office.told["entries"]}
        told, begins, start = [], facts[0]["at"], time.perf_counter()
        for one in sorted((one for some in rows.values() for one in some), key=lambda one: one["at"]):
            wait = start + one["at"] - begins - time.perf_counter()
            if wait > 0:
                pages[one["device"]].wait_for_timeout(wait * 1000)
            pages[one["device"]].evaluate(KEEP, [one["id"], _said_in(one)])
            told.append(one["id"])
        for page in pages.values():
            page.wait_for_function("document.querySelector('[data-waits]').hidden")
        posts = [ms for page in pages.values() for ms in page.evaluate("globalThis.posts")]
        browser.close()
    return told, posts, _replay(office, kit, others)


def _station(browser: Any, office: Any, kit: Any, device: str) -> Any:
    from tests.ways.a_camp import PIN

    page = browser.new_context(viewport={"width": 360, "height": 760}, locale="vi").new_page()
    page.add_init_script(f"({WATCH})()")
    page.goto(kit.entry(device))
    member = "lead" if device.endswith("-lead") else device
    page.locator(f"input[name=member][value='{member}']").check(force=True)
    page.fill("#pin", PIN)
    page.locator(".sign-in button.main").click()
    page.wait_for_url("**/station*/**")
    page.goto(f"{kit.url}/station/{device.split('-')[1]}/")
    page.locator("#station[data-ready=yes]").wait_for(state="attached")
    return page


def _held(office: Any, kit: Any) -> set[str]:
    """The facts in the kit's own copy, made after it was killed and opened again."""
    before = set(kit.usb.glob("*.camp"))
    kit.kill()
    kit.open()
    deadline = time.monotonic() + PATIENCE_S
    while not (fresh := set(kit.usb.glob("*.camp")) - before) and time.monotonic() < deadline:
        time.sleep(0.2)
    words = [sys.executable, "-m", "tests.ways.asked", "file", office.camp, max(fresh)]
    return {row["id"] for row in json.loads(office.run(*words))}


def _said(name: str, steps: list[float]) -> dict[str, Any]:
    if not steps:
        return {}
    ordered = sorted(steps)
    high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return {
        f"{name}_steps": len(steps),
        f"{name}_median_ms": statistics.median(ordered),
        f"{name}_p95_ms": high,
    }
