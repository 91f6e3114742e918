"""The page as a whole: its sections in order, and the files they go into."""

from __future__ import annotations

from html import escape
from pathlib import Path

from mlcore.files import write_whole
from risk.pipeline import Result
from risk.report import charts
from risk.report.data import the_data
from risk.report.first import who_first
from risk.report.groups import groups
from risk.report.limits import what_it_does_not_tell
from risk.report.looks import what_it_looks_at
from risk.report.made import how_made
from risk.report.markup import STYLE
from risk.report.opening import opening
from risk.report.quality import how_good
from risk.report.week_charts import auc_by_week, found_by_seeing
from risk.report.weekly import by_week, week_shown
from risk.report.wrong import which_wrong
from risk.text import printable

SECTIONS = (
    opening,
    who_first,
    how_good,
    by_week,
    which_wrong,
    what_it_looks_at,
    groups,
    the_data,
    what_it_does_not_tell,
    how_made,
)


def write_report(result: Result, folder: Path) -> None:
    """Write report.html, and the pictures people look at first by themselves, into a folder."""
    files = {"report.html": printable(page(result)), "overview.svg": charts.overview(result)}
    if result.weekly is not None:
        files["by_week.svg"] = auc_by_week(result.weekly)
        files["found.svg"] = found_by_seeing(result.weekly, week_shown(result))
    for name, text in files.items():
        with write_whole(folder / name) as file:
            file.write(text.encode("utf-8"))


def page(result: Result) -> str:
    """Return the whole page; a section with nothing to say is left out."""
    sections = [section(result) for section in SECTIONS]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Who needs help first: {escape(result.table.source)}</title>\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(filter(None, sections))
        + "\n</body>\n</html>\n"
    )
