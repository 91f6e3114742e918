"""Does the list treat groups of pupils alike? The audit as a table."""

from __future__ import annotations

from html import escape

from mlcore.checks import plural
from risk.fairness import Calibration, Share
from risk.pipeline import Result
from risk.report.markup import head, in_percent, rows, within
from risk.significance import LEAST_PUPILS

TITLES = {
    "marked": "Marked",
    "found": "Found of those at risk",
    "false alarms": "False alarms",
    "calibration": "Came out at risk",
    "not recorded": "Something not recorded",
}


def groups(result: Result) -> str:
    """Whether groups of pupils are treated alike."""
    if not result.groups:
        return """<h2>Does it treat groups of pupils alike?</h2>
<p>Not checked: no column was named with <code>--protected</code>.</p>"""
    shown = [g for g in result.groups if g.shares]
    lines = (
        [
            escape(g.column),
            escape(g.group),
            str(g.pupils),
            *(share_cell(s) for s in (g.shares or {}).values()),
        ]
        for g in shown
    )
    hidden = len(result.groups) - len(shown)
    small = f" {plural(hidden, 'group')} of {len(result.groups)} not shown." if hidden else ""
    any_differs = any(s.differs for g in shown for s in (g.shares or {}).values())
    verdict = (
        "The underlined shares differ from those of all other pupils by more than chance."
        if any_differs
        else "No share differs from that of all other pupils by more than chance would."
    )
    kinds = "tt" + "n" * (1 + len(TITLES))
    return f"""<h2>Does it treat groups of pupils alike?</h2>
<p>Counted on tested pupils, whom the model had not seen. {verdict} (Tested at 5 % over the whole table,
by Holm's method. No share of fewer than {LEAST_PUPILS} pupils is shown, nor what would give one
away.{small})</p>
<div class="wide"><table>{head(["", "Group", "Pupils", *TITLES.values()], kinds)}
<tbody>{rows(lines, kinds)}</tbody></table></div>
<p class="note">How to read it. Where more of a group are truly at risk, more of it are marked; and then
more are found, and more marked needlessly, even by risks that are right for everybody: such differences
call for a look, and prove nothing. What came out at risk beside what was stated is free of that: a
difference there says that the same stated risk means different things in different groups. Where less is
recorded of a group, the model knows less of it.</p>"""


def share_cell(share: Share) -> str:
    """Return a share with counts and interval, underlined where it differs."""
    stated = f" (stated {in_percent(share.stated)})" if isinstance(share, Calibration) else ""
    text = f"{within(share.value, share.interval)}{stated} <small>{share.part} of {share.whole}</small>"
    return f'<span class="differs">{text}</span>' if share.differs else text
