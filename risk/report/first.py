"""Who needs help first: the list itself, with reasons in words, and what its tiers mean."""

from __future__ import annotations

from html import escape

from risk.lists import FIRST, ON_TRACK, WATCH, places_kept
from risk.pipeline import Result
from risk.report.markup import head, in_percent, meter, rows
from risk.report.words import rule_in_words


def who_first(result: Result, most: int = 40) -> str:
    """The list itself, with reasons in words."""
    first = result.predictions[result.predictions["tier"] == FIRST]
    lines = (
        [
            str(i + 1),
            escape(str(pupil)),
            in_percent(risk) + meter(risk),
            escape("; ".join(reason for reason in why if reason)) or "no single reason stands out",
        ]
        for i, (pupil, risk, *why) in enumerate(
            first.head(most)[["pupil", "risk", "reason_1", "reason_2", "reason_3"]].itertuples(
                index=False
            )
        )
    )
    more = len(first) - most
    rest = f'<p class="note">And {more} more in predictions.csv.</p>' if more > 0 else ""
    return f"""<h2>Who needs help first, and why</h2>
{tiers(result)}
<p>A reason names what raises this pupil's risk most, against what is typical. All pupils are in
predictions.csv.</p>
<table class="long">{head(["", "Pupil", "Risk", "Strongest reasons"], "ntnt")}
<tbody>{rows(lines, "nint")}</tbody></table>{rest}"""


def tiers(result: Result) -> str:
    """What each tier means, and how many of the list are in it."""
    counts = result.predictions["tier"].value_counts()
    who = f"risk of {in_percent(result.threshold)} or more"
    if places_kept(result.predictions, result.threshold):
        who = "places kept from the list before, then the highest risks"
    watch = f"""“Watch” is a risk of at least {in_percent(result.base_rate)}, the share of all pupils who
are at risk ({counts.get(WATCH, 0)} pupils); the other"""
    if result.threshold <= result.base_rate:
        watch = "The other"
    told = f"""<p>“See first” is the top of the list, {escape(rule_in_words(result))}:
{who}. {watch} {counts.get(ON_TRACK, 0)} are “on track”.</p>"""
    if not result.tier_meanings:
        return told
    tested = "".join(f"<li>{escape(meaning)}</li>" for meaning in result.tier_meanings)
    same = "" if result.settings.cost is not None else ", with places for the same share of pupils"
    return f"""{told}
<p>What the tiers meant in the test{same}:</p><ul>{tested}</ul>"""
