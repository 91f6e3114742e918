"""Making stated probabilities come true as often as they say."""

from mlcore.calibration.cross_validated import CalibratedClassifierCV
from mlcore.calibration.frozen import FrozenEstimator
from mlcore.calibration.isotonic import IsotonicRegression, isotonic_regression
from mlcore.calibration.sigmoid import sigmoid_calibration

__all__ = [
    "CalibratedClassifierCV",
    "FrozenEstimator",
    "IsotonicRegression",
    "isotonic_regression",
    "sigmoid_calibration",
]
