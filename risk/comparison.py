"""Is one model better than another? A stand-in for the module of that name."""

from __future__ import annotations

from dataclasses import dataclass

from risk.evaluation import Interval

LEVEL = 0.05


@dataclass(frozen=True)
class Difference:
    """What one of a list of models has more or less than the reference, in one figure."""

    name: str  # of the model
    reference: str
    figure: str  # "auc", "brier", "log_loss", "average_precision" or "recall"
    value: float  # the model's less the reference's
    interval: Interval  # of 95 %
    p: float  # by itself
    p_holm: float  # among all the differences it was asked with

    @property
    def differs(self) -> bool:
        """Whether it is more than chance among so many comparisons would give."""
        return self.p_holm <= LEVEL
