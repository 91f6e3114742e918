"""How the page was made: tests and settings, for whoever wants to make it again."""

from __future__ import annotations

from html import escape

from risk.pipeline import Result


def how_made(result: Result) -> str:
    """Tests, settings and what was chosen, for whoever wants to make the page again."""
    s = result.settings
    chosen = "".join(
        f"<li>{escape(model.title)}: {escape(model.settings)}</li>"
        for model in result.models.values()
        if model.settings
    )
    settings = (
        '<p class="note">Settings were chosen among the pupils each model learnt from, anew in every test, '
        "so that no tested pupil had a part in them. Of the final models, which learnt from all pupils "
        f'with a known outcome:</p><ul class="note">{chosen}</ul>'
        if chosen
        else ""
    )
    return f"""<h2>How this page was made</h2>
<p class="note">Three models were compared. How they were tested: {escape(result.split.sentence)}. What
fills missing values and scales columns was learnt inside the tests. The risk and the reasons of a pupil who
was tested come from a model that had not seen that pupil. Forest of {s.trees} trees. Split asked for:
{escape(s.split)}. Seed {s.seed}. The figures are in metrics.json, the fitted
models in models/.</p>{settings}"""
