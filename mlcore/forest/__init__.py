"""Random forests: growth on resampled rows, and what the trees together know of rows and columns."""

from mlcore.forest.importance import Importance
from mlcore.forest.models import RandomForestClassifier, RandomForestRegressor

__all__ = ["Importance", "RandomForestClassifier", "RandomForestRegressor"]
