"""The allocation: who gets what within what there is, with a proof of how good that is.

``blocks`` the rows, in memory or on the disk · ``problem`` the instance and its sparse form · ``rows`` and ``kernel``
one compiled pass over the values · ``dual`` the prices · ``near`` the rows near the threshold · ``moves``, ``repair``
and ``swap`` decisions that keep every limit · ``settle`` these in order · ``changes`` what they changed ·
``certificate`` the bound, and everything read afresh · ``unreachable`` limits that cannot be kept · ``exact`` the last
resort of the small · ``greedy`` the obvious way, for comparison · ``kept`` what a stopped solve had found · ``export``
the instance on file · ``warming`` the compiler's work ahead · ``solve`` all of it.
"""

from tantam.care.allocate.blocks import Block, Blocks, Resident, Stored, put, resident
from tantam.care.allocate.changes import Changes, Decisions
from tantam.care.allocate.export import export_instance
from tantam.care.allocate.problem import Instance, Limit
from tantam.care.allocate.solve import NEVER, Allocation, allocate, dong, margin, take
from tantam.care.allocate.warming import warm

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
