"""What the data looks like: what was read, what is missing, how it is spread."""

from __future__ import annotations

from html import escape

import pandas as pd

from mlcore.checks import plural
from risk.data.columns import describe_schema
from risk.pipeline import Result
from risk.report import charts
from risk.report.markup import head, in_percent, rows


def the_data(result: Result) -> str:
    """What was read and how it looks."""
    table = result.table
    notes = "".join(f"<li>{escape(note)}</li>" for note in table.notes)
    found = f"<p>What was found while reading:</p><ul>{notes}</ul>" if notes else ""
    lines = (column_line(table.features[c.name], c.title, c.kind) for c in table.schema)
    none_missing = '<p class="note">No value is missing.</p>'
    trend = charts.trends(result)
    trends = f"<h3>How the weeks went</h3>{trend}" if trend else ""
    return f"""<h2>What the data looks like</h2>
<p>{plural(len(table.features), "row")}, {len(table.schema)} columns to learn from:
{escape("; ".join(describe_schema(table.schema)))}.</p>{found}
<h3>Missing values</h3>{charts.missing(table.features, table.schema) or none_missing}
<h3>Distributions of what matters most</h3>{charts.distributions(result)}{trends}
<h3>Every column</h3>
<div class="wide"><table>{head(["Column", "Kind", "Missing", "Lowest", "Middle", "Highest"], "ttnnnn")}
<tbody>{rows(lines, "ttnnnn")}</tbody></table></div>"""


def column_line(values: pd.Series, label: str, kind: str) -> list[str]:
    """Return one column's cells: what it is and how it is spread."""
    first = [escape(label), escape(kind), in_percent(float(values.isna().mean()))]
    if kind == "category":
        return [*first, "", f"{escape(str(values.mode().iloc[0]))} (most common)", ""]
    if kind == "yes/no":
        return [*first, "", f"{in_percent(float(values.mean()))} yes", ""]
    return [*first, *(f"{v:.4g}" for v in values.quantile([0, 0.5, 1]))]
