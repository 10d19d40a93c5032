"""The queue and the stock, until they are here."""

# mypy: ignore-errors
from types import SimpleNamespace

try:
    from tantam.office.camps import queue, stock
except ImportError:
    queue = SimpleNamespace(
        ticket_class=lambda held: "E" if "child" in held else "U" if held else "",
        ordered_for=lambda day, station, at: [one for one in day.came if one.waits_for == station],
        board=lambda day, at: [],
    )
    stock = SimpleNamespace(
        offer=lambda day, medicine, units, on: [],
        left=lambda day, medicine: sum(lot.held for lot in day.lots.values() if lot.medicine == medicine),
        people_left=lambda day, medicine: None,
        differences=lambda day: {
            lot.id: lot.counted - lot.held
            for lot in day.lots.values()
            if lot.counted is not None and lot.counted != lot.held
        },
    )
