"""The export for the health authority: who may, what the journal keeps of it, the page and the terminal."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.urls import reverse
from uuid_utils.compat import uuid7

from tantam.cli import camp_export
from tantam.errors import Refused
from tantam.office.camps import exporting, merging
from tantam.office.journal.models import Entry
from tests.office.camps.after import PERSON, SECRET, VILLAGE, Camped, camped, planted
from tests.office.world import AT

pytestmark = pytest.mark.django_db(databases=["default", "health"])


@pytest.fixture
def it(camp_world: Any, camps_home: Path, tmp_path: Path) -> Camped:
    held = camped(camp_world, camps_home)
    planted(held)
    merging.take_in(held.file(tmp_path), actor=None, at=AT)
    return held


def test_it_goes_out_and_the_journal_names_how_much_and_nothing_else(it: Camped, camp_world: Any) -> None:
    done = exporting.export(it.camp, actor=camp_world.head, at=AT)
    text = done.content.decode()
    assert SECRET in text and PERSON in text and VILLAGE in text
    line = Entry.objects.get(act="camp.exported")
    assert (line.count, line.digest) == (done.resources, hashlib.sha256(done.content).hexdigest())
    assert line.actor == camp_world.head.pk
    every = json.dumps(list(Entry.objects.values()), default=str, ensure_ascii=False)
    assert not any(word in every for word in (SECRET, PERSON, VILLAGE))


def test_a_second_time_it_is_the_same_file_and_another_line(it: Camped, camp_world: Any) -> None:
    both = [exporting.export(it.camp, actor=camp_world.head, at=AT).content for _ in range(2)]
    assert both[0] == both[1]
    assert Entry.objects.filter(act="camp.exported").count() == 2


@pytest.mark.parametrize("who", ["stranger", "pharmacist", "hoa", "auditor"])
def test_nobody_else_exports(it: Camped, camp_world: Any, who: str) -> None:
    with pytest.raises(Refused) as refused:
        exporting.export(it.camp, actor=getattr(camp_world, who), at=AT)
    assert refused.value.code == "not_your_duty"
    assert not Entry.objects.filter(act="camp.exported").exists()


def test_a_deleted_camp_exports_nothing(it: Camped, camp_world: Any) -> None:
    type(it.camp).objects.filter(pk=it.camp.pk).update(state="deleted")
    with pytest.raises(Refused) as refused:
        exporting.export(it.camp, actor=camp_world.head, at=AT)
    assert refused.value.code == "camp_deleted"


def test_the_page_says_what_goes_and_gives_the_file(it: Camped, camp_world: Any, page: Any) -> None:
    asked = page(camp_world.head)
    address = reverse("camp-export", args=[it.camp.pk])
    shown = asked.get(address)
    assert shown.status_code == 200
    assert not any(word in shown.content.decode() for word in (SECRET, PERSON, VILLAGE))
    assert "Hồ sơ khám của 1 người" in shown.content.decode()
    asked.cookies["django_language"] = "en"
    assert "The records of 1 person, in one file" in asked.get(address).content.decode()
    assert not Entry.objects.filter(act="camp.exported").exists()
    answer = asked.post(address)
    assert answer["Content-Type"].startswith("application/fhir+json")
    assert answer["Content-Disposition"].endswith('.fhir.json"') and answer["Cache-Control"] == "no-store"
    assert SECRET in answer.content.decode()
    assert Entry.objects.filter(act="camp.exported").count() == 1


def test_the_page_opens_for_the_duty_alone(it: Camped, camp_world: Any, page: Any) -> None:
    address = reverse("camp-export", args=[it.camp.pk])
    for who in ("stranger", "pharmacist", "lam", "hoa", "policy", "auditor", "admin", "privacy"):
        for ask in ("get", "post"):
            answer = getattr(page(getattr(camp_world, who)), ask)(address)
            assert answer.status_code == 403, who
            assert SECRET not in answer.content.decode()
    assert page(None).post(address).status_code == 302
    assert page(camp_world.head).get(reverse("camp-export", args=[uuid7()])).status_code == 404


def test_where_nobody_came_the_page_says_so(camp_world: Any, camps_home: Path, page: Any) -> None:
    held = camped(camp_world, camps_home)
    address = reverse("camp-export", args=[held.camp.pk])
    assert "Chưa có ai để gửi" in page(camp_world.head).get(address).content.decode()
    answer = page(camp_world.head).post(address)
    assert answer.status_code == 409 and "nobody_came" in answer.content.decode()


def test_the_terminal_writes_a_file_for_its_owner_alone(
    it: Camped, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tantam.cli.office_home.open_office", lambda home: None)
    out = tmp_path / "camp.fhir.json"
    asked = [str(it.camp.pk), "--out", str(out), "--home", str(it.home)]
    ran = CliRunner().invoke(camp_export.export, asked, catch_exceptions=False)
    assert ran.exit_code == 0 and "in the clear" in ran.output
    assert out.stat().st_mode & 0o777 == 0o600
    assert json.loads(out.read_bytes())["resourceType"] == "Bundle"
    again = CliRunner().invoke(camp_export.export, asked)
    assert getattr(again.exception, "code", "") == "file_exists"


def test_the_template_and_a_filled_file_at_the_terminal(tmp_path: Path) -> None:
    out = tmp_path / "formulary.csv"
    made = CliRunner().invoke(
        camp_export.formulary, ["--template", "--out", str(out)], catch_exceptions=False
    )
    assert made.exit_code == 0 and out.read_bytes().startswith("\ufeffMã / code".encode())
    with out.open("a", encoding="utf-8") as file:
        file.write("x1,Thuốc X,hoạt chất x,,,viên,,,,,,,,,,,Dược thư quốc gia trang 1\n")
    read = CliRunner().invoke(camp_export.formulary, ["--check", str(out)], catch_exceptions=False)
    assert "1 medicines; 1 without any bound" in read.output
