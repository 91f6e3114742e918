"""What the page does not tell: the limits, said plainly."""

from __future__ import annotations

from mlcore.checks import plural
from risk.pipeline import Result
from risk.report.markup import in_percent
from risk.report.words import is_simulated


def what_it_does_not_tell(result: Result) -> str:
    """The limits, said plainly."""
    synthetic = (
        "<li>These pupils are simulated. The page shows that the program works, not how well it "
        "would work in a classroom.</li>"
        if is_simulated(result)
        else ""
    )
    like = (
        "It was tested on a later year of the same schools. Another school or test may differ."
        if result.split.kind == "cohort"
        else "It was tested on pupils like those it learnt from. Another year, school or test may differ."
    )
    table = result.table
    gone = int((table.at_risk.isna() & ~table.listed).sum())
    unknown = (
        f"<li>The outcome of {plural(gone, 'pupil')} of earlier years is not known, such as of those who "
        "left. It learnt nothing from them, and was not tested on them.</li>"
        if gone
        else ""
    )
    return f"""<h2>What this does not tell</h2>
<ul>{synthetic}
<li>A risk is not a fate: of ten pupils with a risk of 70 %, about three will do well unaided.</li>
<li>A reason is not a cause. It says what the model saw, not what would change if it were different.</li>
<li>It knows only what was recorded. Those who know the pupil know more; the list is where to look
first, not what to decide.</li>
<li>{like}</li>{unknown}
<li>Pupils who are not marked may need help too: {in_percent(1 - result.best.recall)} of those at risk were
not marked in the test.</li></ul>"""
