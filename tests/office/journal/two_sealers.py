"""Two writers and two sealers at once, in a new home; prints whether the journal holds, and its counts."""

from __future__ import annotations

import threading
from collections.abc import Callable

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from tantam.office.journal import proving  # noqa: E402
from tantam.office.journal.models import Entry  # noqa: E402
from tests.office.journal import some  # noqa: E402


def _fifteen_times(act: Callable[[int], object], n: int) -> Callable[[], None]:
    def work() -> None:
        for _ in range(15):
            act(n)
        connection.close()

    return work


def main() -> None:
    call_command("migrate", "journal", verbosity=0)
    some_work = [_fifteen_times(some.write, 2)] * 2 + [_fifteen_times(some.seal, 4)] * 2
    threads = [threading.Thread(target=work) for work in some_work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    some.seal()
    proof = proving.prove()
    print(proof.ok, proof.entries, Entry.objects.count(), proof.unsealed)


if __name__ == "__main__":
    main()
