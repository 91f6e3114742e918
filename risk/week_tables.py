"""The comparison over the weeks as sentences and tables: a stand-in."""

from __future__ import annotations

from risk.weeks import Weekly


def how_early(weekly: Weekly, need: float = 0.75) -> list[str]:
    """Return a sentence for each model: from which week on it is good enough, and ahead of what."""
    return [f"{title}: not said by a stand-in." for title in weekly.titles.values()]


def week_cells(weekly: Weekly, figure: str = "auc", intervals: bool = False) -> list[list[str]]:
    """Return the table over the weeks: the header, then a line a week; "" where there is no figure."""
    lines = [["Week", *weekly.titles.values()]]
    for week in weekly.weeks:
        here = {row.name: row.evaluation for row in weekly.rows if row.week == week}
        lines.append(
            [str(week), *(f"{here[n].auc:.2f}" if n in here else "" for n in weekly.titles)]
        )
    return lines
