"""The allocation: who gets what within what there is, with a proof of how good that is.

``problem`` the instance and its sparse form · ``kernel`` one compiled pass over the values · ``dual`` the
prices · ``moves`` and ``repair`` decisions that keep every limit · ``certificate`` the bound, and everything
read afresh · ``unreachable`` limits that cannot be kept · ``exact`` the last resort of the small · ``greedy``
the obvious way, for comparison · ``export`` the instance on file · ``solve`` all of it in order.
"""

from tantam.care.allocate.blocks import Block, Blocks, Resident, Stored, put, resident
from tantam.care.allocate.export import export_instance
from tantam.care.allocate.problem import Instance, Limit
from tantam.care.allocate.solve import (
    NEVER,
    Allocation,
    Changes,
    Decisions,
    allocate,
    dong,
    margin,
    take,
    warm,
)

__all__ = [
    "NEVER",
    "Allocation",
    "Block",
    "Blocks",
    "Changes",
    "Decisions",
    "Instance",
    "Limit",
    "Resident",
    "Stored",
    "allocate",
    "dong",
    "export_instance",
    "margin",
    "put",
    "resident",
    "take",
    "warm",
]
