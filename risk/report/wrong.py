"""Which pupils does it get wrong? What the small tree on the errors found, and how far to trust it."""

from __future__ import annotations

from html import escape

from risk.pipeline import Result


def which_wrong(result: Result) -> str:
    """The groups that stand out; "" where nobody looked."""
    if result.mistakes is None:
        return ""
    e = result.best
    told = "".join(f"<li>{escape(sentence)}</li>" for sentence in result.mistakes.sentences)
    return f"""<h2>Which pupils does it get wrong?</h2>
<p>Of {e.tested.sum()} tested pupils, {e.true_positives + e.false_negatives} ended at risk and {e.flagged}
had been marked. Missed: {e.false_negatives} at risk and not marked. Marked needlessly: {e.false_positives}.
A small decision tree looked for what such pupils have in common:</p>
<ul>{told}</ul>
<p class="note">A group is named only if it was found among one half of the tested pupils and stands out
again in the other half, by more than chance among all groups that were tried (5 % over all of them, by Holm's
method). It is counted in that other half; “elsewhere” is the rest of it. In brackets: 95 % intervals. No
group of fewer than ten such pupils is counted. Columns that the model does not learn from can name a group
too. A list always finds some groups less than others: those who look well
on what it goes by, and are at risk all the same. This says who they are, not that it is unfair.</p>"""
