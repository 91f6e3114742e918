"""How early is it good enough? The comparison at the end of each week."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pandas as pd

from risk.evaluation.week_tables import how_early, week_cells
from risk.evaluation.weeks import Weekly
from risk.lists import SLACK, trade
from risk.pipeline import Result
from risk.report.markup import head, in_percent, rows
from risk.report.week_charts import auc_by_week, found_by_seeing

ORDER = ("baseline", "model", "oracle")


def by_week(result: Result) -> str:
    """The table over the weeks and its pictures; "" where the weeks were not compared."""
    weekly = result.weekly
    if weekly is None or not weekly.rows:
        return ""
    ordered = sorted(weekly.rows, key=lambda row: ORDER.index(row.evaluation.kind))
    header, *lines = week_cells(replace(weekly, rows=ordered))
    kinds = "n" * len(header)
    cells = ([escape(cell) or "–" for cell in line] for line in lines)
    told = "".join(f"<li>{escape(sentence)}</li>" for sentence in how_early(weekly))
    week = week_shown(result)
    return f"""<h2>How early is it good enough?</h2>
<p>At the end of each week all was done again with what is known by then, for the same
{len(weekly.pupils)} pupils: those whose outcome is known and who were there in all of these
weeks. How they were tested: {escape(weekly.split.sentence)}.</p>
{auc_by_week(weekly)}
<ul>{told}</ul>
<h3>AUC at the end of each week</h3>
<div class="wide"><table>{head(header, kinds)}<tbody>{rows(cells, kinds)}</tbody></table></div>
<p>{how_stable(weekly, result.chosen)}</p>
<h3>How many are found by seeing how many, in week {week}</h3>
{found_by_seeing(weekly, week)}"""


def how_stable(weekly: Weekly, name: str) -> str:
    """Say, as HTML, how much of the list changes between compared weeks, and what keeping it costs."""
    if len(weekly.weeks) < 2:
        return ""
    count = max(1, round(weekly.share * len(weekly.pupils)))
    outcomes = pd.Series(weekly.at_risk, index=weekly.pupils)
    by_risk, kept = (trade(weekly.risks(name), outcomes, count, slack) for slack in (1.0, SLACK))
    return (
        f"Between two of these weeks {in_percent(by_risk.turnover)} of a list by risk alone is new; if "
        f"pupils near the list keep their place (--previous), {in_percent(kept.turnover)} is. On average "
        f"over the weeks {in_percent(by_risk.precision)} of the one list end at risk, and "
        f"{in_percent(kept.precision)} of the other."
    )


def week_shown(result: Result) -> int:
    """Return the compared week that is nearest to that of the list."""
    weeks = result.weekly.weeks if result.weekly else [0]
    return min(weeks, key=lambda week: abs(week - (result.week or 0)))
