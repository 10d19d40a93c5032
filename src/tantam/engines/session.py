"""One Spark session for a process: integers and days as on every engine, no pandas, nothing said on stderr."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tantam.errors import Fault, Refused, place

MASTER = "local[2]"
BATCH_ROWS = 131_072
_SAME = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH_ROWS),
    "spark.sql.files.maxPartitionBytes": str(32 << 20),
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.python.worker.reuse": "true",
    "spark.speculation": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.submit.deployMode": "client",
}
"""Wherever it runs: whole numbers that do not fit are an error and no other number, as in DuckDB; files come in small
pieces, of which a driver holds two when it streams; a task that writes is never run twice at once."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
_CARRIED = ("TANTAM_DATA", "TANTAM_TRACEBACK", "NUMBA_CACHE_DIR")
_LEAST_HEAP_MB = 700


def open_session(master: str, memory_mb: int) -> Any:
    """The session on ``master`` (``local[2]``, ``yarn``, ``k8s://…``, ``spark://…``), started where there is none.

    ``memory_mb`` bounds the driver's heap to half of itself; on a cluster ``spark-defaults.conf`` says the rest.
    Refuses ``spark_missing`` (PySpark, or Java 17) and faults with ``spark_unreachable``. Cost: 7 to 25 s.
    """
    check()
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    live = SparkContext._active_spark_context
    if live is not None and live.master != master:
        live.stop()
        live = None
    return SparkSession(live or _begin(master, memory_mb))


def check() -> None:
    """Refuse (``spark_missing``) a machine without PySpark or without Java."""
    from importlib.util import find_spec

    if find_spec("pyspark") is None:
        raise Refused(
            "spark_missing",
            "PySpark is not installed here.",
            "Install it: pip install -r requirements/spark.lock, or tantam[spark].",
        )
    version = _java()
    if version is None or version < 17:
        found = "There is no Java here" if version is None else f"The Java here is {version}"
        raise Refused(
            "spark_missing",
            f"{found}; Spark needs 17 or later.",
            "Install it: sudo apt-get install -y openjdk-17-jre-headless, or say where it is with JAVA_HOME.",
        )


def _java() -> int | None:
    """The version of Java, None where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None or not Path(java).exists():
        return None
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603
    words = said.stderr.split('"')
    number = words[1].split(".")[0] if len(words) > 1 else ""
    return int(number) if number.isdigit() else None


def _begin(master: str, memory_mb: int) -> Any:
    """A context whose Java speaks to nobody, unless somebody is looking for a fault."""
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    conf = SparkConf().setMaster(master).setAppName("tantam").setAll(list(_SAME.items()))
    conf.setAll(list((_local(master, memory_mb) if master.startswith("local") else {}).items()))
    conf.setAll([(f"spark.executorEnv.{name}", "1") for name in _THREADS])
    conf.setAll([(f"spark.executorEnv.{n}", os.environ[n]) for n in _CARRIED if n in os.environ])
    silent: dict[str, Any] = {} if os.environ.get("TANTAM_TRACEBACK") else {"stderr": subprocess.DEVNULL}
    try:
        return SparkContext(conf=conf, gateway=launch_gateway(conf, silent))
    except Exception as error:
        raise Fault(
            "spark_unreachable",
            f"Spark did not start on {master}: {type(error).__name__} at {place(error)}.",
            "Look at the address and at Java; with TANTAM_TRACEBACK=1 Spark says more.",
        ) from error


def _local(master: str, memory_mb: int) -> dict[str, str]:
    """Settings of one machine: half of the memory for Java, half for the Python beside it, no door to outside."""
    count = master.removeprefix("local").strip("[]").split(",")[0]
    slots = int(count) if count.isdigit() else os.cpu_count() or 1
    return {
        "spark.driver.memory": f"{max(_LEAST_HEAP_MB, memory_mb // 2)}m",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": str(slots),
        "spark.executorEnv.TANTAM_MEMORY_MB": str(max(250, memory_mb // (2 * slots))),
    }
