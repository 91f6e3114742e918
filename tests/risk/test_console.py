"""The progress bar, where somebody watches and where nobody does."""

import io
from types import SimpleNamespace

import pandas as pd

from risk.console import ProgressBar, group_line, who_is_marked
from risk.fairness import Group, Share
from risk.lists import FIRST, WATCH


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_sees_the_bar_and_is_left_clean():
    screen = Terminal()
    bar = ProgressBar(2, screen)
    bar.step("learning")
    assert screen.getvalue() == f"\r[{'#' * 15}{'.' * 15}] {'learning':<34}"
    bar.step("writing")
    bar.close()
    assert screen.getvalue().endswith("\r" + " " * 68 + "\r")
    assert "\n" not in screen.getvalue()


def test_a_file_sees_nothing():
    log = io.StringIO()
    bar = ProgressBar(2, log)
    bar.step("learning")
    bar.close()
    assert log.getvalue() == ""


def test_a_list_with_kept_places_does_not_claim_a_threshold():
    predictions = pd.DataFrame({"risk": [0.9, 0.6, 0.5], "tier": [FIRST, WATCH, FIRST]})
    assert "places kept" in who_is_marked(SimpleNamespace(predictions=predictions, threshold=0.6))
    by_risk = predictions.assign(tier=[FIRST, FIRST, WATCH])
    found = who_is_marked(SimpleNamespace(predictions=by_risk, threshold=0.6))
    assert found == "risk 60 % or more"


def test_what_is_not_alike_is_told_by_column():
    def group(column, **differ):
        return Group(column, "a", 50, {name: Share(5, 50, differs=d) for name, d in differ.items()})

    groups = [
        group("lunch", marked=True, found=True),
        group("lunch", marked=True),
        Group("town", "b", 3, None),
    ]
    told = group_line(SimpleNamespace(groups=groups))
    assert told == "not alike by lunch (marked, found): see the report"
    alike = SimpleNamespace(groups=[group("lunch", marked=False)])
    assert group_line(alike) == "no difference beyond chance between groups"
