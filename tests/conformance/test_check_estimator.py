"""scikit-learn's own check_estimator passes for every estimator, but for the failures listed here."""

import warnings

import pytest
import sklearn.compose
import sklearn.ensemble
import sklearn.pipeline
import sklearn.tree
from sklearn.utils.estimator_checks import (
    check_class_weight_classifiers,
    check_dataframe_column_names_consistency,
    check_estimator,
    check_estimators_overwrite_params,
    check_fit2d_1feature,
    check_inplace_ensure_writeable,
    check_n_features_in_after_fitting,
    check_sample_weight_equivalence_on_dense_data,
    check_transformer_get_feature_names_out,
    check_transformer_get_feature_names_out_pandas,
)

from mlcore import (
    ColumnTransformer,
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    DummyClassifier,
    DummyRegressor,
    LogisticRegression,
    LogisticRegressionCV,
    RandomForestClassifier,
    RandomForestRegressor,
    StandardScaler,
)
from mlcore.estimator import clone
from tests.contract.estimators import ESTIMATORS, TRANSFORMERS

VARIANTS = [
    LogisticRegression(),
    *[LogisticRegression(0.1, solver=s) for s in ("momentum", "nesterov", "newton")],
    LogisticRegression(0.1, solver="sgd", max_iter=200),
    LogisticRegression(0.1, class_weight="balanced"),
    LogisticRegression(0.1, l1_ratio=0.5),
    LogisticRegression(0.1, l1_ratio=1.0),
    LogisticRegression(0.1, learning_rate=0.1),
    LogisticRegression(0.1, fit_intercept=False),
    LogisticRegression(0.1, warm_start=True),
    LogisticRegressionCV(n_alphas=5),
    LogisticRegressionCV(n_alphas=5, cv=3, l1_ratio=1.0, rule="1se", class_weight="balanced"),
    DecisionTreeClassifier(),
    DecisionTreeClassifier(criterion="entropy", class_weight="balanced", max_features="sqrt"),
    DecisionTreeClassifier(max_leaf_nodes=4, ccp_alpha=0.01),
    DecisionTreeClassifier(missing="direction"),
    DecisionTreeClassifier(missing="surrogate"),
    DecisionTreeClassifier(categorical_features=[0]),
    DecisionTreeRegressor(),
    DecisionTreeRegressor(missing="direction"),
    DecisionTreeRegressor(missing="surrogate"),
    RandomForestClassifier(5),
    RandomForestClassifier(5, bootstrap=False),
    RandomForestClassifier(5, class_weight="balanced_subsample", oob_score=True, n_jobs=2),
    RandomForestClassifier(5, missing="direction"),
    RandomForestRegressor(5),
    RandomForestRegressor(5, bootstrap=False, max_features=0.5),
    RandomForestRegressor(5, missing="surrogate"),
    DummyClassifier(),
    DummyClassifier(strategy="most_frequent"),
    DummyRegressor(),
    DummyRegressor(strategy="median"),
]

EQUIVALENCE = "check_sample_weight_equivalence_on_dense_data"
# The failures that must be: what is set, or the type, and the check; and why it cannot pass.
EXPECTED = {
    ("Pipeline", "check_estimators_overwrite_params"): (
        "fit fits the steps themselves, so they change, as scikit-learn's Pipeline has it."
    ),
    ("bootstrap=True", EQUIVALENCE): (
        "A bootstrap draws rows, so a row of weight 2 is not drawn as two rows are."
    ),
    ("alpha=0.0", EQUIVALENCE): (
        "It fits 30 columns to 27 rows. Without a penalty they have no one answer, and we say so."
    ),
    ("fit_intercept=False", "check_class_weight_classifiers"): (
        "Class weights move the boundary, but without an intercept it goes through the origin."
    ),
    ("cv=5", "check_fit2d_1feature"): (
        "Its smallest class has 3 rows, which cannot be in each of 5 folds."
    ),
    ("categorical_features=[0]", "check_estimators_nan_inf"): (
        "Infinity in a column of categories is a category like any other, so it is accepted."
    ),
}


def expected_failures(estimator):
    is_set = {f"{name}={value!r}" for name, value in estimator.get_params().items()}
    is_set.add(type(estimator).__name__)
    return {check for (setting, check) in EXPECTED if setting in is_set}


@pytest.mark.parametrize("estimator", [*ESTIMATORS, *VARIANTS], ids=repr)
def test_exactly_the_expected_checks_fail(estimator):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_fail=None, on_skip=None)
    failed = {r["check_name"]: r["exception"] for r in results if r["status"] == "failed"}
    assert failed.keys() == expected_failures(estimator), failed
    skipped = {r["check_name"] for r in results if r["status"] == "skipped"}
    assert skipped <= {"check_array_api_input"}  # for arrays that are not NumPy's


@pytest.mark.parametrize("name", ["RandomForestClassifier", "RandomForestRegressor"])
def test_forests_of_scikit_learn_fail_as_ours(name):
    with pytest.raises(AssertionError, match="not equivalent"):
        check_sample_weight_equivalence_on_dense_data(name, getattr(sklearn.ensemble, name)(5))


def test_pipelines_of_scikit_learn_fail_as_ours():
    theirs = sklearn.pipeline.make_pipeline(sklearn.tree.DecisionTreeClassifier())
    with pytest.raises(AssertionError, match="should not change or mutate  the parameter steps"):
        check_estimators_overwrite_params("Pipeline", theirs)


# Checks beyond check_estimator's list, which scikit-learn runs on its own estimators.
FURTHER = [
    check_dataframe_column_names_consistency,
    check_n_features_in_after_fitting,
    check_inplace_ensure_writeable,
]
OF_TRANSFORMERS = [
    check_transformer_get_feature_names_out,
    check_transformer_get_feature_names_out_pandas,
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=repr)
def test_further_checks_of_scikit_learn(estimator):
    checks = FURTHER + (OF_TRANSFORMERS if estimator in TRANSFORMERS else [])
    if isinstance(estimator, ColumnTransformer):
        checks.remove(check_dataframe_column_names_consistency)  # the test below says why
    for check in checks:
        check(type(estimator).__name__, clone(estimator))


def test_column_transformers_find_columns_by_name_in_any_order():
    theirs = sklearn.compose.ColumnTransformer(
        [("scale", StandardScaler(), [0, 1])], remainder="passthrough"
    )
    ours = next(e for e in ESTIMATORS if isinstance(e, ColumnTransformer))
    for transformer in (ours, theirs):
        with pytest.raises(AssertionError, match="transform did not raise"):
            check_dataframe_column_names_consistency("ColumnTransformer", transformer)


def test_the_reasons_are_true():
    check_sample_weight_equivalence_on_dense_data("ours", LogisticRegression(0.1))
    check_sample_weight_equivalence_on_dense_data("ours", RandomForestClassifier(bootstrap=False))
    check_class_weight_classifiers("ours", LogisticRegression(0.1))
    check_fit2d_1feature("ours", LogisticRegressionCV(n_alphas=5, cv=3))
