"""Columns made ready for a model: scaled, filled in, encoded. What is learned, is learned in fit."""

from mlcore.preprocessing.encoding import OneHotEncoder, OrdinalEncoder
from mlcore.preprocessing.imputing import MissingIndicator, SimpleImputer
from mlcore.preprocessing.scaling import MinMaxScaler, StandardScaler

__all__ = [
    "MinMaxScaler",
    "MissingIndicator",
    "OneHotEncoder",
    "OrdinalEncoder",
    "SimpleImputer",
    "StandardScaler",
]
