"""The report's charts of the list, the models and the data; lines differ in dash as well as in colour."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from mlcore.checks import FloatArray, IntArray
from mlcore.plot import plot_calibration, plot_precision_recall, plot_roc
from risk.data.columns import Column
from risk.evaluation.figures import Evaluation
from risk.lists import FIRST
from risk.pipeline import Result
from risk.report.drawing import BLUE, GREEN, GREY, ORANGE, figure, gain, short, to_svg

STYLES: tuple[dict[str, Any], ...] = ({"color": BLUE, "linestyle": "-"}, {"color": ORANGE, "linestyle": "--"},
          {"color": GREEN, "linestyle": "-."})  # fmt: skip


def overview(result: Result, pupils: int = 12) -> str:
    """The first pupils on the list with their risks, and how many are found by seeing that many."""
    first = result.predictions[result.predictions["tier"] == FIRST]
    top = first.head(pupils).iloc[::-1]
    with figure(8.6, 3.6) as fig:
        left, right = fig.subplots(1, 2, width_ratios=[1.15, 1])
        left.barh(range(len(top)), top["risk"], color=BLUE, height=0.82)
        left.set_yticks(range(len(top)), [short(str(p), 18) for p in top["pupil"]])
        for i, (risk, reason) in enumerate(zip(top["risk"], top["reason_1"], strict=True)):
            inside = risk > 0.55  # else the reason stands after the bar
            x, color = (0.015, "w") if inside else (risk + 0.015, "0.2")
            left.text(x, i, short(reason, 52), fontsize=6.6, va="center", color=color)
        left.set(xlim=(0, 1), title="Who needs help first", xlabel="Risk")
        left.xaxis.set_major_formatter(PercentFormatter(1.0))
        left.set_ylim(-0.6, len(top) - 0.4)
        draw_gain(right, result)
        best = result.best
        return to_svg(
            fig,
            "overview",
            "Who needs help first, and how many of those at risk are found",
            f"Left: the {len(top)} pupils of highest risk. Right: of the pupils at risk, the share "
            f"found by seeing the first of the list; at the capacity {best.recall:.0%} are found "
            f"where a random list would find {best.flagged / int(best.tested.sum()):.0%}.",
        )


def draw_gain(ax: Axes, result: Result) -> Axes:
    """Draw the share of pupils at risk found against the share of pupils seen.

    The list's model between the best that could be, where that is known, and its strongest rival
    among the baselines.
    """
    style = STYLES[list(result.evaluations).index(result.chosen)]
    lines = [(result.best, {"linewidth": 2.0} | style)]
    strongest = rival(result)
    if strongest:
        lines.append((strongest, {"color": GREY, "linestyle": "--", "linewidth": 1.2}))
    if result.oracle:
        lines.insert(0, (result.oracle, {"color": "0.1", "linestyle": "-", "linewidth": 0.9}))
    for e, look in lines:
        ax.plot(*gain(result.at_risk[e.tested], e.risk[e.tested]), label=e.title, **look)
    ax.plot([0, 1], [0, 1], color="0.6", linewidth=0.8, linestyle=":", label="a random list")
    seen = result.best.flagged / int(result.best.tested.sum())
    ax.axvline(seen, color="0.4", linewidth=0.8)
    ax.annotate(f" {result.best.recall:.0%} found by seeing {seen:.0%}", (seen, result.best.recall),
                xytext=(seen + 0.03, max(result.best.recall - 0.04, 0.3)), fontsize=8)  # fmt: skip
    ax.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="Pupils seen, highest risk first",
           ylabel="Found of those at risk", title="What the list finds")  # fmt: skip
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0))
    ax.legend(loc="lower right", fontsize=7.5)
    return ax


def rival(result: Result) -> Evaluation | None:
    """Return the baseline that ranks pupils best; None if there is none that ranks them at all."""
    best = max(result.baselines.values(), key=lambda e: e.auc, default=None)
    return best if best and best.auc > 0.5 else None


def labels_of(result: Result, e: Evaluation) -> IntArray:
    """Return the outcomes of the pupils that were tested, 1 or 0."""
    return result.at_risk[e.tested].astype(np.int64)


def quality(result: Result) -> str:
    """ROC, precision-recall and calibration of the three models."""
    with figure(8.6, 3.1) as fig:
        roc, pr, calibration = fig.subplots(1, 3)
        for e, style in zip(result.evaluations.values(), STYLES, strict=True):
            y, risk = labels_of(result, e), e.risk[e.tested]
            plot_roc(roc, y, risk, label=e.title, **style)
            plot_precision_recall(pr, y, risk, **style)
            plot_calibration(calibration, y, risk, marker="o", markersize=3, **style)
        roc.set_title("ROC curve")
        pr.set_title("Precision and recall")
        calibration.set_title("Calibration")
        top = max(float(e.risk[e.tested].max()) for e in result.evaluations.values())
        calibration.set(xlim=(0, min(1.0, top + 0.05)), ylim=(0, 1))
        roc.legend(loc="lower right", fontsize=7)
        areas = ", ".join(f"{e.title} {e.auc:.2f}" for e in result.evaluations.values())
        return to_svg(
            fig,
            "quality",
            "ROC, precision-recall and calibration curves of the three models",
            f"Areas under the ROC curve: {areas}. The dotted lines are what no knowledge gives: "
            f"the diagonal, and the base rate of {result.at_risk[result.best.tested].mean():.0%}.",
        )


def weights(result: Result, most: int = 12) -> str:
    """How much each column moves the risk of the listed pupils, on average."""
    labels = {c.name: c.title for c in result.table.schema}
    top = sorted(result.weights.items(), key=lambda item: -item[1])[:most][::-1]
    with figure(8.6, 0.6 + 0.22 * len(top)) as fig:
        ax = fig.subplots()
        ax.barh(range(len(top)), [100 * w for _, w in top], color=BLUE)
        ax.set_yticks(range(len(top)), [short(labels[name], 48) for name, _ in top])
        ax.set_xlabel("Mean change of risk against a typical value (points)")
        first = labels[top[-1][0]]
        return to_svg(
            fig, "weights", "What the model looks at", f"The column that moves risks most: {first}."
        )


def missing(frame: pd.DataFrame, schema: list[Column], most: int = 20) -> str | None:
    """The share of missing values in the columns that miss most; None if nothing is missing."""
    shares = [(float(frame[c.name].isna().mean()), c.title) for c in schema]
    top = sorted((s for s in shares if s[0] > 0), key=lambda s: s[0])[-most:]
    if not top:
        return None
    with figure(8.6, 0.6 + 0.22 * len(top)) as fig:
        ax = fig.subplots()
        ax.barh(range(len(top)), [100 * share for share, _ in top], color=GREY)
        ax.set_yticks(range(len(top)), [short(title, 48) for _, title in top])
        ax.set_xlabel("Missing (%)")
        share, worst = top[-1]
        return to_svg(fig, "missing", "Missing values", f"Most: {worst}, {share:.1%} of the rows.")


def distributions(result: Result, most: int = 6) -> str:
    """How the columns that matter most are spread, for pupils at risk and the others."""
    table = result.table
    known = table.at_risk.notna().to_numpy()
    columns = sorted(table.schema, key=lambda c: -result.weights[c.name])[:most]
    rows = -(-len(columns) // 3)
    with figure(8.6, 2.1 * rows) as fig:
        axes = fig.subplots(rows, 3, squeeze=False).ravel()
        for ax, column in zip(axes, columns, strict=False):
            draw_distribution(ax, column, table.features[column.name][known], result.at_risk)
        for ax in axes[len(columns) :]:
            ax.set_axis_off()
        fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper right", fontsize=7,
                   ncols=2)  # fmt: skip
        names = ", ".join(c.title for c in columns)
        return to_svg(fig, "distributions", "How the pupils are spread", f"Columns: {names}.")


def draw_distribution(ax: Axes, column: Column, values: pd.Series, y: FloatArray) -> None:
    """Draw one column's distribution, as shares of the pupils at risk and of the others."""
    groups = (("not at risk", y == 0, GREY, 0.75), ("at risk", y == 1, ORANGE, 0.4))
    if column.kind == "number":
        bins = np.linspace(values.min(), values.max(), 15)
        for label, mine, color, width in groups:
            share = np.histogram(values[mine].dropna(), bins)[0] / max(1, mine.sum())
            ax.bar((bins[:-1] + bins[1:]) / 2, 100 * share, np.diff(bins) * width, color=color,
                   label=label)  # fmt: skip
        ax.set_xlabel(column.unit)
    else:
        shown = values.map(column.show).astype(str)
        levels = list(shown.value_counts().index[:6])
        for label, mine, color, width in groups:
            share = [100 * float((shown[mine] == level).mean()) for level in levels]
            ax.bar(range(len(levels)), share, width, color=color, label=label)
        ax.set_xticks(range(len(levels)), [short(level, 10) for level in levels], fontsize=7)
    ax.set_title(short(column.title, 40), fontsize=8.5)
    ax.set_ylabel("% of pupils", fontsize=8)


def trends(result: Result) -> str | None:
    """How weekly figures went for those who ended at risk and for the others; None without weeks."""
    if not result.table.trends:
        return None
    with figure(8.6, 2.5) as fig:
        axes = fig.subplots(1, len(result.table.trends), squeeze=False).ravel()
        for ax, trend in zip(axes, result.table.trends, strict=True):
            for (label, line), style in zip(
                trend.lines.items(), (STYLES[1], STYLES[0]), strict=True
            ):
                ax.plot(trend.weeks, line, label=label, marker=".", **style)
            ax.set(xlabel="Week", ylim=(0, None))
            ax.set_title(trend.label, fontsize=8.5)
        axes[0].legend(fontsize=7)
        names = ", ".join(t.label for t in result.table.trends)
        return to_svg(
            fig, "trends", "How the weeks went, where the outcome is known", f"Figures: {names}."
        )
