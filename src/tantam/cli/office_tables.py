"""Whether both databases have the tables that this version needs, and making them so. Needs an opened office."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from tantam.errors import Refused

CACHE_TABLE = "cache"


def missing() -> dict[str, int]:
    """How many steps each database lacks; the table of the cache, which Django makes apart, counts as one."""
    lacking = {}
    for alias in connections:
        executor = MigrationExecutor(connections[alias])
        lacking[alias] = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    lacking["default"] += CACHE_TABLE not in connections["default"].introspection.table_names()
    return lacking


def refuse_unready() -> None:
    """Refuse (``office_not_migrated``) to work on tables of another version."""
    _refuse(sum(missing().values()))


def refuse_without(table: str) -> None:
    """Refuse (``office_not_migrated``) where even this table is not there yet; what else is old does not matter."""
    _refuse(0 if table in connections["default"].introspection.table_names() else sum(missing().values()))


def _refuse(steps: int) -> None:
    if steps:
        raise Refused(
            "office_not_migrated",
            f"The databases are {steps} steps behind this version.",
            "Bring them up to date: tantam office migrate.",
            vi=f"Cơ sở dữ liệu còn thiếu {steps} bước so với phiên bản này. Chạy: tantam office migrate.",
        )


def bring_up_to_date() -> dict[str, int]:
    """Run the steps that are missing; gives how many were done in each database."""
    done = missing()
    for alias in connections:
        _make_private(alias)
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    call_command("createcachetable", database="default", verbosity=0)
    return done


def _make_private(alias: str) -> None:
    """Nobody else on the machine may read the file: it holds names and what people said."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        file.touch(mode=0o600)
        file.chmod(0o600)
