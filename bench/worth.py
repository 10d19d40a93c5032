"""Learned worth on real sets: Qini of people that the trees had not seen, beside a random column; and plain churn.

Hillstrom's e-mails (half of the 64,000) and the information experiment (10,000): each fold by trees of the folds before
it, 95 % intervals. Churn: area under the ROC curve in fifths, equal rows in one fifth. Published with other folds:
Iranian 0.9894 without equal rows, mlc 0.9256 (scikit-learn's HistGradientBoosting).

TANTAM_DATA=… python -m bench worth
"""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from tantam.care.learned import features, forest
from tantam.keys import bucket
from tantam.proof import experiment, worth_experiment, worth_learn

HILLSTROM = ("recency", "history", "mens", "womens", "zip_code", "newbie", "channel")
SHOWN = ("effect", "qini", "qini_low", "qini_high", "random_qini_low", "random_qini_high", "slope")


def run() -> dict[str, object]:
    """All of it; empty without TANTAM_DATA."""
    folder = os.environ.get("TANTAM_DATA")
    if not folder:
        return {"skipped": "TANTAM_DATA is unset"}
    data = Path(folder)
    file = data / "hillstrom-email/hillstrom-half.csv"
    hillstrom = experiment.read(file, "segment", ["visit"], HILLSTROM)
    file = data / "information-rct/train.csv.gz"
    with gzip.open(file, "rt") as stream:
        names = [name.strip('"') for name in stream.readline().strip().split(",")]
    known = [name for name in names if name not in ("TREATMENT", "PURCHASE", "UNIQUE_ID", "")]
    information = experiment.read(file, "TREATMENT", ["PURCHASE"], known)
    rows = [*worth_experiment.check(hillstrom, "No E-Mail"), *worth_experiment.check(information, "0")]
    return {
        "uplift": {f"{r['offer']}, {r['outcome']}": {k: round(r[k], 5) for k in SHOWN} for r in rows},
        "churn_auc": {
            "iranian": round(churn(data / "iranian-churn/Customer_Churn.csv", "Churn"), 4),
            "mlc": round(churn(data / "mlc-churn/mlc_churn.csv", "churn"), 4),
        },
    }


def churn(file: Path, label: str) -> float:
    """The area under the ROC curve of the trees on a table with a yes or no, in fifths."""
    names = [name.strip().strip('"') for name in file.read_text(encoding="utf-8").splitlines()[0].split(",")]
    read = experiment.read(file, label, [], [name for name in names if name not in (label, "")])
    yes = (read.arm == sorted(set(read.arm.tolist()))[-1]).astype(np.float64)
    columns = [np.ascontiguousarray(column) for column in read.before.T]
    codes = features.coded(columns, [features.bounds(column) for column in columns])
    _, same = np.unique(codes, axis=0, return_inverse=True)
    fold = bucket(same.astype(np.int64), "churn") % 5
    said = np.empty(yes.size)
    for number in range(5):
        mine = fold == number
        grown = worth_learn.outcome(codes[~mine], yes[~mine], 1)
        said[mine] = forest.read(grown, codes.shape[1]).score(codes[mine])
    return float(roc_auc_score(yes, said))


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
