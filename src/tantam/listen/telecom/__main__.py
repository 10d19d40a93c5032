"""``python -m tantam.listen.telecom``: trains the shipped model anew from the opinions beside it."""

from __future__ import annotations

from tantam.listen.telecom import MODEL, trained

if __name__ == "__main__":
    trained().save(MODEL)
    print(f"{MODEL}: {MODEL.stat().st_size:,} bytes")
