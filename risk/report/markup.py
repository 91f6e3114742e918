"""Pieces of HTML that the report is made of: its look, shares, and rows of tables."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from risk.text import percent

STYLE = """
body { font: 16px/1.5 system-ui, "Segoe UI", sans-serif; color: #1a1a1a; background: #fff;
       max-width: 60rem; margin: 0 auto; padding: 1rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 1rem 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .5rem; padding-top: .6rem; border-top: 2px solid #0072B2; }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
p, ul { max-width: 46rem; }
.lead { font-size: 1.1rem; }
.caution { border-left: 5px solid #D55E00; background: #fdf1ea; padding: .5rem .8rem; }
.note { color: #444; font-size: .92rem; }
table { border-collapse: collapse; margin: .6rem 0 1rem; font-size: .92rem; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ccc; vertical-align: top; }
th { background: #f1f5f8; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.id { white-space: nowrap; }
tr.chosen td { font-weight: 600; }
.meter { display: inline-block; width: 4rem; background: #e3e8ec; text-align: left; }
.meter span { display: block; height: .7rem; background: #0072B2; }
.differs { font-weight: 700; text-decoration: underline; }
.chart { width: 100%; height: auto; margin: .5rem 0; }
.matrices { display: flex; flex-wrap: wrap; gap: 1.5rem; }
.matrices table { width: auto; }
pre { background: #f6f6f6; padding: .8rem; overflow-x: auto; font-size: .8rem; line-height: 1.35; }
.wide { overflow-x: auto; }
small { white-space: nowrap; }
caption { text-align: left; font-weight: 600; padding: .2rem 0; }
@page { margin: 15mm; }
@media print {
  body { max-width: none; font-size: 10.5pt; padding: 0; }
  .wide { overflow: visible; } .wide table { font-size: 8.5pt; } .wide th, .wide td { padding: .2rem .35rem; }
  pre { white-space: pre-wrap; }
  h2 { break-after: avoid; } table, .chart, pre { break-inside: avoid; }
  table.long { break-inside: auto; } tr { break-inside: avoid; }
  .meter, .meter span { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""


def in_percent(share: float) -> str:
    """Return a share as a whole percentage, as HTML that does not break before the sign.

    >>> in_percent(0.123) == "12&nbsp;%".replace("&nbsp;", chr(160)), in_percent(float("nan"))
    (True, '–')
    """
    return "–" if share != share else escape(percent(share)).replace(" %", "\u00a0%")


def within(value: float, interval: tuple[float, float]) -> str:
    """Return a share with its interval, as HTML.

    >>> within(0.5, (0.4, 0.6)) == "50&nbsp;% <small>(40–60)</small>".replace("&nbsp;", chr(160))
    True
    """
    low, high = interval
    if value != value:
        return "–"
    return f"{in_percent(value)} <small>({100 * low:.0f}–{100 * high:.0f})</small>"


def between(value: float, interval: tuple[float, float], digits: int = 2) -> str:
    """Return a figure with its interval, as HTML; a dash where there is none.

    >>> between(0.8, (0.75, 0.85)), between(float("nan"), (0, 1))
    ('0.80 <small>(0.75–0.85)</small>', '–')
    """
    low, high = interval
    if value != value:
        return "–"
    known = f" <small>({low:.{digits}f}–{high:.{digits}f})</small>" if low == low else ""
    return f"{value:.{digits}f}{known}"


def rows(cells: Iterable[Iterable[str]], kinds: str) -> str:
    """Return table rows of ready HTML; ``kinds`` has a letter a column: number, text or id.

    >>> rows([["Ana", "3"]], "tn")
    '<tr><td>Ana</td><td class="n">3</td></tr>'
    """
    marks = {"n": '<td class="n">', "t": "<td>", "i": '<td class="id">'}
    return "\n".join(
        "<tr>" + "".join(f"{marks[k]}{c}</td>" for k, c in zip(kinds, line, strict=True)) + "</tr>"
        for line in cells
    )


def head(names: Iterable[str], kinds: str) -> str:
    """Return a table's header row.

    >>> head(["Pupil"], "t")
    '<thead><tr><th scope="col">Pupil</th></tr></thead>'
    """
    marks = {"n": '<th scope="col" class="n">', "t": '<th scope="col">'}
    cells = "".join(f"{marks[k]}{escape(n)}</th>" for k, n in zip(kinds, names, strict=True))
    return f"<thead><tr>{cells}</tr></thead>"


def meter(risk: float) -> str:
    """Return a risk as a small bar."""
    return f' <span class="meter"><span style="width:{4 * risk:.2f}rem"></span></span>'
