"""Is the list's model better than the others? In words for the order, in a table for the rest."""

from __future__ import annotations

from html import escape

from risk.evaluation.comparison import Difference
from risk.pipeline import Result
from risk.report.markup import head, rows
from risk.report.words import advantage, title_of
from risk.text import in_a_sentence

NAMES = {
    "auc": "AUC",
    "average_precision": "Average precision",
    "brier": "Brier",
}
DIGITS = {"brier": 3}


def differences(result: Result) -> str:
    """Return what the list's model has over each other, on the same pupils; "" if not compared."""
    if not result.differences:
        return ""
    told = "".join(
        f"<li>{escape(ranks(d, result))}</li>" for d in result.differences if d.figure == "auc"
    )
    return f"""<h3>Is the list's model better than the others?</h3>
<ul>{told}</ul>
{table(result)}
<p class="note">Each line compares the {escape(in_a_sentence(result.best.title))} with another on the same
pupils. Above 0 it is the better of the two, for the Brier score too. In brackets: 95 % intervals. Underlined:
more than chance among so many comparisons would give (5 % over all of them, by Holm's method).</p>"""


def ranks(d: Difference, result: Result) -> str:
    """Return a difference in AUC as a sentence."""
    gain, low, high = advantage(d)
    title, other = f"The {in_a_sentence(result.best.title)}", title_of(result, d.name)
    if d.differs:
        worse = gain < 0
        size, ends = (-gain, (-high, -low)) if worse else (gain, (low, high))
        word = "worse" if worse else "better"
        return f"{title} ranks pupils {word} than {other} by {size:.2f} ({ends[0]:.2f} to {ends[1]:.2f})."
    apart = ", which is within chance among so many comparisons" if low > 0 or high < 0 else ""
    return (
        f"Whether it ranks pupils better or worse than {other} is not clear: the difference is "
        f"{signed(gain, 2)} ({signed(low, 2)} to {signed(high, 2)}){apart}."
    )


def table(result: Result) -> str:
    """Return the differences in figures that do not depend on how many are marked, a line each other."""
    figures = [f for f in NAMES if any(d.figure == f for d in result.differences)]
    others = dict.fromkeys(d.name for d in result.differences)
    found = {(d.name, d.figure): d for d in result.differences}
    lines = (
        [
            escape(title_of(result, name)),
            *(cell(found.get((name, f))) for f in figures),
        ]
        for name in others
    )
    kinds = "t" + "n" * len(figures)
    names = ["Against", *(NAMES[f] for f in figures)]
    return f"""<div class="wide"><table>{head(names, kinds)}
<tbody>{rows(lines, kinds)}</tbody></table></div>"""


def cell(d: Difference | None) -> str:
    """Return one difference, underlined where it is more than chance."""
    if d is None or d.value != d.value:
        return "–"
    digits = DIGITS.get(d.figure, 2)
    gain, low, high = (signed(number, digits) for number in advantage(d))
    text = f"{gain} <small>({low} to {high})</small>"
    return f'<span class="differs">{text}</span>' if d.differs else text


def signed(number: float, digits: int) -> str:
    """Return a number with its sign, minus as print has it; no sign for what rounds to 0.

    >>> signed(0.034, 2), signed(-0.034, 2), signed(-0.004, 2)
    ('+0.03', '−0.03', '0.00')
    """
    text = f"{number:+.{digits}f}".replace("-", "−")
    return text if text.strip("+−0.") else text[1:]
