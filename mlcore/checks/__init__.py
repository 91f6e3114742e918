"""Every check of X, y, weights and parameters, and every message they give.

A message says what was seen, what was expected and one way to mend it. Nothing here changes what
the caller gave.
"""

from mlcore.checks.arrays import as_array, as_table
from mlcore.checks.cells import complaint, describe_column, is_missing
from mlcore.checks.features import (
    check_features,
    check_same_columns,
    column_names,
    listed_columns,
)
from mlcore.checks.kinds import (
    BoolArray,
    CollinearityWarning,
    ConvergenceWarning,
    DataConversionWarning,
    FloatArray,
    IntArray,
    NotFittedError,
    RandomState,
    SeparationWarning,
    UndefinedMetricWarning,
    also_of_scikit_learn,
    plural,
    warn_caller,
)
from mlcore.checks.linear import (
    check_enough_rows,
    check_scores,
    check_some_column,
)
from mlcore.checks.metrics import (
    check_labels_pair,
    check_paired,
    check_positive_class,
)
from mlcore.checks.parameters import (
    check_choice,
    check_flag,
    check_generator,
    check_integer,
    check_is_fitted,
    check_real,
    takes,
)
from mlcore.checks.targets import (
    check_finite_vector,
    check_known_labels,
    check_labels,
    check_target_vector,
    check_vector,
    check_weights,
    class_weights,
)

__all__ = [
    "BoolArray",
    "CollinearityWarning",
    "ConvergenceWarning",
    "DataConversionWarning",
    "FloatArray",
    "IntArray",
    "NotFittedError",
    "RandomState",
    "SeparationWarning",
    "UndefinedMetricWarning",
    "also_of_scikit_learn",
    "as_array",
    "as_table",
    "check_choice",
    "check_enough_rows",
    "check_features",
    "check_finite_vector",
    "check_flag",
    "check_generator",
    "check_integer",
    "check_is_fitted",
    "check_known_labels",
    "check_labels",
    "check_labels_pair",
    "check_paired",
    "check_positive_class",
    "check_real",
    "check_same_columns",
    "check_scores",
    "check_some_column",
    "check_target_vector",
    "check_vector",
    "check_weights",
    "class_weights",
    "column_names",
    "complaint",
    "describe_column",
    "is_missing",
    "listed_columns",
    "plural",
    "takes",
    "warn_caller",
]
