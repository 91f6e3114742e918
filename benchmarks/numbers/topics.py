"""What stands on the page: its topics in order, what each is called there, and whose figures it has."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.numbers.entries import BREIMAN, Entry
from benchmarks.numbers.packages import SOURCES


class Topic(NamedTuple):
    """One line of the page."""

    heading: str
    title: str
    source: str


LOGISTIC, TREES, METRICS = "Logistic regression", "Trees and forests", "Metrics"
PUBLISHED = "Published tables"
SKLEARN = "scikit-learn 1.9.1"
# topic of the entries -> its line
TOPICS = {
    "unpenalised": Topic(LOGISTIC, "coefficients, errors", "R 4.2.2's glm"),
    "multinomial": Topic(LOGISTIC, "more than two classes", "scikit-learn, nnet"),
    "penalised": Topic(LOGISTIC, "L2, L1, elastic net", "scikit-learn, glmnet"),
    "gd_trace": Topic(LOGISTIC, "steps of a descent", "40 digits (mpmath)"),
    "separable": Topic(LOGISTIC, "separated classes", SKLEARN),
    "numerics": Topic(LOGISTIC, "sigmoid, softmax", "40 digits (mpmath)"),
    "tree_structure": Topic(TREES, "every node of trees", "scikit-learn, brute force"),
    "tree_root_split": Topic(TREES, "first splits", "every split tried"),
    "tree_edge_cases": Topic(TREES, "odd data", "scikit-learn, rpart"),
    "tree_ccp_path_sklearn": Topic(TREES, "pruning", SKLEARN),
    "tree_rpart": Topic(TREES, "holes, categories, cp", "rpart 4.1.19"),
    "random_forest": Topic(TREES, "forests, 50 seeds each", "scikit-learn, randomForest"),
    "metrics_labels": Topic(METRICS, "labels", SKLEARN),
    "metrics_probability": Topic(METRICS, "probabilities", SKLEARN),
    "metrics_ranking": Topic(METRICS, "rankings", "scikit-learn, pROC"),
    "metrics_regression": Topic(METRICS, "numbers", SKLEARN),
    "metrics_delong_paired": Topic(METRICS, "DeLong's test", "pROC 1.18.0"),
}
# id of a published table -> its title, author and year
TABLES = {
    "spector_mazzeo": ("grades and a course", "Spector & Mazzeo 1980"),
    "ucla_admissions": ("admissions", "UCLA OARC"),
    "hosmer_lemeshow_birthwt": ("birth weight", "Hosmer & Lemeshow 2000"),
    "menarche": ("menarche", "Venables & Ripley 2002"),
    "menarche_grouped_deviance": ("menarche, grouped", "Venables & Ripley 2002"),
    "rpart_vignette_kyphosis": ("kyphosis", "Therneau & Atkinson 2022"),
    "rpart_vignette_stagec": ("prostate cancer", "Therneau & Atkinson 2022"),
    "rpart_vignette_cu_summary": ("cars", "Therneau & Atkinson 2022"),
    "sklearn_docs_ccp": ("pruning, an example", "scikit-learn documentation"),
    "islp_carseats_tree": ("car seats", "James et al. 2023"),
    "pROC_aSAH": ("haemorrhage", "Robin et al. 2011"),
}
BORROWED = " *"  # after the title of a line on data that may not be passed on
STUDENTS = Topic(PUBLISHED, "pupils in Portugal", "Cortez & Silva 2008")
HOW_STUDENTS = "python -m benchmarks students --data FILE"


def topic_of(entry: Entry) -> Topic:
    """Return the line that an entry belongs to; what is on borrowed data has lines of its own."""
    if entry.topic == "breiman":
        name = entry.id.removeprefix(f"{BREIMAN}_table2_").replace("_", " ")
        return Topic(PUBLISHED, f"forests: {name}"[:23], "Breiman 2001, table 2")
    if entry.topic == "published" and entry.id in TABLES:
        return Topic(PUBLISHED, *TABLES[entry.id])
    if entry.topic not in TOPICS:
        raise ValueError(
            f"the page has no line for {entry.name}. Expected one of the topics "
            f"{', '.join(TOPICS)}, or a published table named in benchmarks/numbers/topics.py."
        )
    topic = TOPICS[entry.topic]
    if entry.dataset.get("name") in SOURCES:
        return topic._replace(title=f"{topic.title}{BORROWED}")
    return topic
