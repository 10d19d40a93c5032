"""After a deletion no byte that is left can be opened: databases with their WAL, backups, what kits brought home."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tantam.errors import TantamError
from tantam.office.camps import container, deleting, keys, ledger, locks, merging, referrals
from tantam.office.camps.models import StoredFact
from tests.office.camps.after import SECRET, camped, planted
from tests.office.world import AT

pytestmark = pytest.mark.django_db(databases=["default", "health"])


def test_every_copy_is_noise_once_the_key_is_destroyed(
    camp_world: Any, camps_home: Path, tmp_path: Path
) -> None:
    it = camped(camp_world, camps_home)
    planted(it)
    file = it.file(tmp_path)
    merging.take_in(file, actor=None, at=AT)
    by: dict[str, Any] = {"actor": camp_world.head, "at": AT}
    referrals.follow(it.camp, referrals.all_of(it.camp)[0].root, outcome="declined", on=it.camp.on, **by)
    sealed = [bytes(box) for box in StoredFact.objects.values_list("sealed", flat=True)]
    key = keys.of_camp(camps_home, it.camp.id)
    assert any(SECRET.encode() in locks.unseal(key, box, about=it.camp.id.bytes) for box in sealed)
    kept = (camps_home / "secret" / "camps" / f"{it.camp.id}.key").read_bytes()

    deleting.ask(it.camp, reason="hết hạn", **by)
    deleting.confirm(it.camp, actor=camp_world.second, at=AT, digest=ledger.digest(it.camp)[1])

    left = {path: path.read_bytes() for path in camps_home.rglob("*") if path.is_file()}
    assert not [path for path, content in left.items() if kept in content or key in content]
    private = keys.headquarters(camps_home)
    for guess in (private, locks.public_of(private), b"\0" * 32):
        for box in sealed:  # what an old backup of the database still holds
            with pytest.raises(TantamError, match="camp_key_wrong"):
                locks.unseal(guess, box, about=it.camp.id.bytes)
    with pytest.raises(TantamError, match="camp_key_wrong"):
        container.read(file, lambda _: private)
    with pytest.raises(TantamError):
        merging.take_in(file, actor=None, at=AT)
