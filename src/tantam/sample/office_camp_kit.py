"""Today's camp on its laptop: packed at the made-up headquarters, with what its kit wrote since the morning."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tantam.office.camps import container, demo, keys, packing
from tantam.office.camps.kit import opening
from tantam.sample.office_camp import MadeUpCamp, morning


def pack(home: Path, made: MadeUpCamp, at: datetime) -> int:
    """Write the pack, its words and an empty stick where the demo looks for them; gives how many facts it holds."""
    folder = demo.folder(home)
    (folder / "usb").mkdir(parents=True, exist_ok=True)
    camp = made.camp
    camp.refresh_from_db()
    file = folder / demo.PACK
    packed = packing.pack(camp, 1, address=None, out=file, home=home, at=at)
    key = keys.of_camp(home, camp.id)
    opened = container.read(file, lambda _: key)
    facts = [*opened.facts, *morning(made, at)]
    opening.write_pack(file, opened.header, key, facts, words=packed.words, secrets=opened.secrets)
    words = folder / demo.WORDS
    words.touch(0o600)
    words.write_text(packed.words)
    return len(facts)
