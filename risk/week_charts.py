"""The two pictures people look at first: stand-ins for those of the module of that name."""

from __future__ import annotations

from risk.charts import figure, to_svg
from risk.weeks import Weekly


def auc_by_week(weekly: Weekly) -> str:
    """Return the AUC over the weeks as SVG."""
    with figure(7.0, 1.0) as fig:
        return to_svg(fig, "auc-by-week", "AUC by week", "A stand-in.")


def found_by_seeing(weekly: Weekly, week: int) -> str:
    """Return whom the lists of one week find, as SVG."""
    with figure(7.0, 1.0) as fig:
        return to_svg(fig, "found", "Found by seeing", "A stand-in.")
