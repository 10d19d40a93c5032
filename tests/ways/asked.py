"""``python -m tests.ways.asked WHAT CAMP [FILE]``: what a headquarters knows of a camp, as JSON."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
from uuid import UUID

DAY = ("registered", "measured", "examined", "dispensed", "left", "voiced", "closed")


def main(what: str, camp_id: str, file: str = "") -> None:
    """Print the answer."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tantam.office.settings"
    import django

    django.setup()
    from tantam.office.camps.models import Camp

    camp = Camp.objects.get(pk=UUID(camp_id))
    print(json.dumps(globals()[f"_{what}"](camp, *([file] if file else []))))


def _counts(camp: Any) -> dict[str, int]:
    from tantam.office.camps import ledger

    counted = Counter(fact.kind for fact in ledger.facts_of(camp))
    return {kind: counted[kind] for kind in DAY if counted[kind]}


def _marks(camp: Any) -> list[str]:
    from tantam.office.camps.models import StoredFact

    return list(StoredFact.objects.filter(camp=camp).values_list("mark", flat=True))


def _ids(camp: Any) -> list[str]:
    from tantam.office.camps.models import StoredFact

    return [str(one) for one in StoredFact.objects.filter(camp=camp).values_list("fact", flat=True)]


def _file(camp: Any, file: str) -> list[dict[str, str]]:
    from django.conf import settings

    from tantam.office.camps import container, keys

    opened = container.read(Path(file), lambda told: keys.of_camp(settings.HOME, told.camp))
    return [{"mark": fact.mark, "id": str(fact.id), "kind": fact.kind} for fact in opened.facts]


def _promises(camp: Any) -> dict[str, list[str]]:
    from tantam.office.promises.models import Promise

    found: dict[str, list[str]] = defaultdict(list)
    for kind, state in Promise.objects.filter(kind__in=("referral", "camp_day")).values_list("kind", "state"):
        found[kind].append(state)
    return found


def _impact(camp: Any) -> int:
    from tantam.office.camps import ledger

    return len(ledger.day_of(camp).came)


def _stock(camp: Any) -> list[str]:
    """Lots of which what came in is not what was given, is held and was written off."""
    from tantam.office.camps import ledger, stock

    return [lot.id for lot in ledger.day_of(camp).lots.values() if not stock.identity_holds(lot)]


def _lots(camp: Any) -> dict[str, dict[str, int]]:
    """Units of each lot: what came in, was given and should be there."""
    from tantam.office.camps import ledger

    lots = ledger.day_of(camp).lots.values()
    return {lot.id: {"came": lot.came, "given": lot.given, "held": lot.held} for lot in lots}


def _differences(camp: Any) -> list[str]:
    from tantam.office.camps import differing, ledger

    return [one.kind for one in differing.differences(ledger.facts_of(camp), ledger.day_of(camp))]


if __name__ == "__main__":
    main(*sys.argv[1:])
