"""The office's tests: a database of their own and a small world of named people."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import django
import pytest

from tests.office import pg

HOME = Path(tempfile.mkdtemp(prefix="tantam-office-"))
for name in [n for n in os.environ if n.startswith("TANTAM_DATABASE") or n.startswith("TANTAM_HEALTH")]:
    del os.environ[name]
os.environ.update(
    TANTAM_HOME=str(HOME), TANTAM_SECOND_FACTOR="no", TANTAM_LOG="error", TANTAM_HOSTS="testserver,127.0.0.1"
)
os.environ["DJANGO_SETTINGS_MODULE"] = "tantam.office.settings"
if os.environ.get("TANTAM_TEST_DATABASE") == "postgres":
    urls = pg.urls()
    if urls is None:
        raise RuntimeError("TANTAM_TEST_DATABASE=postgres, and no PostgreSQL was found")
    os.environ["TANTAM_DATABASE_URL"], os.environ["TANTAM_HEALTH_DATABASE_URL"] = urls
django.setup()  # now, since the tests import models while they are collected
if os.environ.get("TANTAM_TEST_DATABASE") != "postgres":
    from django.conf import settings

    # The encrypted one is a file also in tests; Django would put "test_" before its whole path.
    settings.DATABASES["health"].setdefault("TEST", {})["NAME"] = str(HOME / "health-test.sqlite3")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs many writers at once is for the run on PostgreSQL: SQLite has one at a time."""
    if os.environ.get("TANTAM_TEST_DATABASE") != "postgres":
        left = [item for item in items if item.get_closest_marker("postgres")]
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=left)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Where Django would migrate a new test database, step by step for ten seconds, a migrated one is copied."""
    from django.core import management

    from tests.office import migrated

    def call(name: str, *words: object, **options: object) -> object:
        if name == "migrate" and options.get(
            "run_syncdb"
        ):  # none but Django's maker of test databases says so
            return migrated.fill(str(options["database"]))
        return real(name, *words, **options)

    real = management.call_command
    with pytest.MonkeyPatch.context() as patch:
        if os.environ.get("TANTAM_TEST_DATABASE") != "postgres":
            patch.setattr(management, "call_command", call)
        yield


@pytest.fixture
def world(db: None) -> object:
    """The named people of tests/office/world.py; `world.stranger` works here and has no duty."""
    from tests.office.world import a_world

    return a_world()


@pytest.fixture
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands still at the world's moment, on whatever day and at whatever hour the tests run."""
    from tantam.clock import day_of, to_days
    from tests.office.world import AT

    monkeypatch.setattr("tantam.clock.now", lambda: AT)
    monkeypatch.setattr("tantam.clock.today", lambda: to_days(day_of(AT)))


@pytest.fixture
def page() -> Callable[[object], object]:
    """``page(staff)``: a browser that has signed in as somebody (``page(None)``: nobody)."""
    from django.test import Client

    def sign_in(staff: object | None) -> object:
        client = Client()
        if staff is not None:
            client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Argon2 still, at its least cost: at its real one each sign-in takes a fifth of a second, on eight threads."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    with pytest.MonkeyPatch.context() as patch:
        for name, least in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
            patch.setattr(Argon2PasswordHasher, name, least)
        yield


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    """Screens speak Vietnamese first."""
    from django.utils import translation

    with translation.override("vi"):
        yield
