"""Does the list treat groups of pupils alike? The audit as a table."""

from __future__ import annotations

from html import escape

from mlcore.checks import plural
from risk.fairness import LEAST_PUPILS, Share
from risk.markup import head, rows, within
from risk.pipeline import Result


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
    return f"""<h2>Does it treat groups of pupils alike?</h2>
<p>Counted on pupils with a known outcome, out of fold. {verdict} (Tested at 5 % over the whole table,
by Holm's method. No share of fewer than {LEAST_PUPILS} pupils is shown, nor what would give one
away.{small}) A difference in what
is marked may reflect a difference in need; one in what is found, or in false alarms, does not.</p>
<table>{head(["", "Group", "Pupils", "Marked", "Found of those at risk", "False alarms"], "ttnnnn")}
<tbody>{rows(lines, "ttnnnn")}</tbody></table>"""


def share_cell(share: Share) -> str:
    """Return a share with counts and interval, underlined where it differs."""
    text = f"{within(share.value, share.interval)} <small>{share.part} of {share.whole}</small>"
    return f'<span class="differs">{text}</span>' if share.differs else text
