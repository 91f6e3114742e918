"""What the model looks at: what moves the risks, and the tree in full."""

from __future__ import annotations

from html import escape

from mlcore.tree import export_text
from risk.pipeline import Result
from risk.report import charts


def what_it_looks_at(result: Result) -> str:
    """What moves the risks, and the tree in full, since a person can read it."""
    tree = result.models["decision_tree"]
    rules = export_text(tree.classifier_, tree.encoder_.names())
    rules = rules.replace("class: 0", "not at risk").replace("class: 1", "at risk")
    for question in tree.encoder_.questions():
        rules = rules.replace(f"--- {question} <= 0.50", f"--- {question} no")
        rules = rules.replace(f"--- {question} > 0.50", f"--- {question} yes")
    return f"""<h2>What the model looks at</h2>
{charts.weights(result)}
<h3>The decision tree in full</h3>
<p class="note">At each leaf: what most of its pupils were, their share, and how many pupils it is of.</p>
<pre>{escape(rules)}</pre>"""
