"""Messages in both directions for a long time, while everything goes wrong by lot: the link is killed, the centre drops
the connection before or after an answer, turns messages away as too much, answers nothing for a while, or sends
nonsense. In the end the centre's own log is held against the office's rows: nothing that was acknowledged is lost, and
nothing goes out or counts twice. Not among the figures of ``make bench``.

python -m bench.soak --minutes 10 --seed 1
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.office.channels.smpp.an_office import OfficeOnALink
from tests.smsc.peer import eventually, peer

PEOPLE = 30_000
OPEN = "select count(*) from channels_message where state in ('sent', 'waiting')"
FAULTS = (
    {"drop": "before_answer"},
    {"drop": "after_answer"},
    {"throttle": 60},
    {"refuse": 8},
    {"malformed": "00000010000000ff0000000000000001"},
    {"close": True},
    {"enquire": True},
)


def soak(minutes: float, seed: int) -> dict[str, int]:
    """What was counted on both sides; ``twice_*`` and ``lost_in`` must be 0."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, peer(Path(folder) / "centre.jsonl") as centre:
        office = OfficeOnALink(Path(folder), centre, PEOPLE)
        end, kills, faults, said = time.monotonic() + 60 * minutes, 0, 0, 0
        while time.monotonic() < end:
            with office.working() as link:
                for _ in range(chance.randrange(1, 12)):
                    time.sleep(chance.uniform(0.2, 3))
                    for _ in range(chance.randrange(0, 80)):
                        said += 1
                        centre.tell(
                            say={
                                "from": f"+8491{chance.randrange(200):07d}",
                                "text": f"Lời thứ {said} " * chance.choice((1, 20)),
                            }
                        )
                    if chance.random() < 0.5:
                        centre.tell(**chance.choice(FAULTS))
                        faults += 1
                if chance.random() < 0.6:
                    link.send_signal(signal.SIGKILL)
                    kills += 1
        with office.working():
            eventually(lambda: office.asked(OPEN) == [(0,)], 900)
            eventually(lambda: len(office.asked("select id from channels_incoming")) >= said, 300)
            time.sleep(5)
        office.later()
        sent = Counter(event["to"] for event in centre.saw("submit", status=0))
        came = Counter(
            text.split(" Lời")[0].strip() for (text,) in office.asked("select text from channels_incoming")
        )
        states = office.asked("select 'state_' || state, count(*) from channels_message group by 1")
        return {
            "kills": kills,
            "faults": faults,
            "sent": len(sent),
            "twice_out": sum(times > 1 for times in sent.values()),
            "said": said,
            "lost_in": said - len(came),
            "twice_in": sum(times > 1 for times in came.values()),
            **dict(states),
        }  # fmt: skip


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--seed", type=int, default=1)
    words = asked.parse_args()
    print(json.dumps(soak(words.minutes, words.seed), indent=1))
