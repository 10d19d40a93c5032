"""The made-up operator's offices and staff, opened and hired through the office's own acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tantam import places
from tantam.office.people import actions
from tantam.office.people.models import Office, Staff
from tantam.sample.office_agenda import Lots
from tantam.sample.office_table import BRANCHES, HEADQUARTERS, NAMED, STEADY, WORST, name_of


@dataclass
class Branch:
    """A branch, who leads it and who works there, and how steadily it keeps its promises."""

    name: str
    office: Office
    director: Staff
    officer: Staff
    steady: float


@dataclass
class Operator:
    """Everybody and everything that the year is played with."""

    hq: Office
    staff: dict[str, Staff] = field(default_factory=dict)
    branches: dict[str, Branch] = field(default_factory=dict)


def people_of(lots: Lots, at: datetime) -> Operator:
    """Open every office and hire everybody; about two people a branch."""
    hq = actions.open_office("hq", "Trụ sở", "headquarters", actor=None, at=at)
    operator = Operator(hq)
    for login, name, title, duty in HEADQUARTERS:
        operator.staff[login] = _hire(login, name, title, duty, hq, at)
    for code, names in BRANCHES.items():
        province = places.today(code)
        slug = _slug(province.name)
        above = actions.open_office(
            slug, province.name, "province", parent=hq, province=code, actor=None, at=at
        )
        _by_lot(operator, lots, f"gd.{slug}", "director", above, at)
        for name in names:
            operator.branches[name] = _branch(operator, lots, name, above, code, at)
    return operator


def _branch(operator: Operator, lots: Lots, name: str, above: Office, province: str, at: datetime) -> Branch:
    slug = _slug(name)
    office = actions.open_office(
        f"cn-{slug}", f"Chi nhánh {name}", "branch", parent=above, province=province, actor=None, at=at
    )
    director = _by_lot(operator, lots, f"gd.cn-{slug}", "director", office, at, NAMED.get((name, "director")))
    officer = _by_lot(operator, lots, f"cv.cn-{slug}", "officer", office, at, NAMED.get((name, "officer")))
    steady = WORST.get(name, min(0.985, STEADY + (lots.share() - 0.5) * 0.08))
    return Branch(name, office, director, officer, steady)


def _by_lot(
    operator: Operator,
    lots: Lots,
    login: str,
    duty: str,
    office: Office,
    at: datetime,
    named: tuple[str, str, str] | None = None,
) -> Staff:
    sex = lots.pick(("female", "male"))
    name, title = (
        name_of(sex, lots.between(0, 999), lots.between(0, 999)),
        "chị" if sex == "female" else "anh",
    )
    if named:
        login, name, title = named
    operator.staff[login] = _hire(login, name, title, duty, office, at)
    return operator.staff[login]


def _hire(login: str, name: str, title: str, duty: str, office: Office, at: datetime) -> Staff:
    staff = actions.hire(login, name, office, title=title, actor=None, at=at)
    actions.give_duty(staff, duty, office, actor=None, at=at)
    return staff


def _slug(name: str) -> str:
    return places.fold(name.removeprefix("TP. ")).replace(" ", "-")
