"""Make scikit-learn's figures for ``benchmarks students`` anew: python THIS student-mat.csv.

Needs the ``bench`` extra. Prints accuracy in % and AUC, means over 20 x 10-fold, for each set-up.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

try:
    import sklearn
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import accuracy_score, roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
except ImportError as error:
    raise SystemExit(f'{error}: get it by pip install -e ".[bench]".') from None

REPEATS = 20
MODELS = {
    "forest": lambda: RandomForestClassifier(500, n_jobs=-1, random_state=0),
    "logistic": lambda: LogisticRegression(C=np.inf, max_iter=5000),
    "ridge": lambda: LogisticRegression(C=1.0, max_iter=5000),
}


def main(path: str) -> None:
    """Print a line for each set-up and model."""
    pupils = pd.read_csv(path, sep=";")
    y = (pupils["G3"] < 10).to_numpy()
    print("scikit-learn", sklearn.__version__)
    for setup, left_out in {"A": [], "B": ["G2"], "C": ["G1", "G2"]}.items():
        X = pupils.drop(columns=["G3", *left_out])
        texts = [c for c in X if not pd.api.types.is_numeric_dtype(X[c])]
        numbers = [c for c in X if c not in texts]
        for name, new in MODELS.items():
            drop = "first" if name == "logistic" else None
            encode = make_column_transformer(
                (StandardScaler(), numbers),
                (OneHotEncoder(drop=drop, handle_unknown="ignore"), texts),
            )
            found = []
            for repeat in range(REPEATS):
                folds = StratifiedKFold(10, shuffle=True, random_state=repeat)
                model = make_pipeline(encode, new())
                p = cross_val_predict(model, X, y, cv=folds, method="predict_proba")[:, 1]
                found.append((100 * accuracy_score(y, p > 0.5), roc_auc_score(y, p)))
            accuracy, auc = np.mean(found, axis=0)
            print(f"{setup} {name:10} accuracy {accuracy:.1f}  AUC {auc:.3f}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m benchmarks.references.students_sklearn student-mat.csv")
    main(sys.argv[1])
