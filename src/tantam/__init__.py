"""Tận Tâm: hear every customer, give each the care that fits, keep every promise, prove that it helped."""

import os

__version__ = "0.1.0"

# Before numpy loads its BLAS: more threads make the solver's small products dearer, and their last digits depend on
# how many there are, so that the same round could be decided differently on another machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Before Arrow loads: its own choice of allocator keeps a hundred megabytes of what a process has read and let go.
if os.name == "posix":
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "jemalloc")
    os.environ.setdefault("JE_ARROW_MALLOC_CONF", "narenas:1,dirty_decay_ms:1000,muzzy_decay_ms:0")
