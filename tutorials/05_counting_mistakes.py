# %% [markdown]
# # Counting mistakes
#
# It is week 8. A logistic regression that learnt from last year's pupils states a risk for each of this
# year's. Is it any good? There is no one number for that. It depends on what the school does with the
# risks:
#
# - It may **flag** some pupils. Then it can flag the wrong ones, and miss some.
# - It may **rank** them, and begin at the top. Then only the order counts.
# - It may **state** the risks to parents. Then a stated 70 % should come true seven times of ten.
#
# Each use has its own way to count mistakes. This tutorial builds them one by one, always from the same
# six pupils.

# %%
import inspect
import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import mlcore
from mlcore import LogisticRegression
from mlcore.metrics import (
    auc,
    auc_interval,
    average_precision_score,
    calibration_curve,
    calibration_slope,
    capacity,
    classification,
    confusion_matrix,
    delong,
    precision_at_k,
    precision_score,
    ranking,
    recall_at_k,
    recall_score,
    reliability,
    roc_auc_score,
    roc_curve,
    wilson_interval,
)
from mlcore.plot import plot_calibration, plot_roc
from mlcore.plot.style import COLOURS
from risk.data.records import Records
from risk.evaluation.splits import choose_split
from risk.evaluation.thresholds import threshold_for_cost
from risk.evaluation.unseen import out_of_fold
from risk.features.known import school_table
from risk.models.risk_model import RiskModel
from risk.school import as_of, simulate_school

sys.path.insert(0, str(Path(mlcore.__file__).parents[1]))  # the clone, whatever the folder
from tutorials.play import still

school = simulate_school(n_pupils=1000, n_weeks=18, seed=0, n_futures=0)
tables = as_of(school, week=8)
scores = tables["quizzes"]["score"]
tables["quizzes"]["score"] = scores.where(scores <= 100)  # 999 is a slip of the keyboard: missing
table = school_table(Records(tables), week=8)
known = table.at_risk.notna().to_numpy()
X, outcome = table.features[known], table.at_risk[known].to_numpy()
split = choose_split(table)


def risks_of(classifier):
    """Return the risks that a model stated for the pupils of 2025, having learnt from 2024."""
    model = RiskModel("a model", classifier, table.schema)
    return out_of_fold(model, X, outcome, split)[0][split.tested]


risk, y = risks_of(LogisticRegression(alpha=0.01)), outcome[split.tested].astype(int)
print(f"{split.sentence}: {len(y)} pupils, {y.sum()} of them ended at risk")
assert (len(y), y.sum()) == (974, 206)

# %% [markdown]
# Their outcome is known by now, 974 pupils of whom 206 ended at risk, so we can count.
#
# ## Six pupils by hand
#
# | pupil | stated risk | at risk in the end |
# |---|---|---|
# | a | .9 | yes |
# | b | .7 | no |
# | c | .6 | yes |
# | d | .6 | no |
# | e | .3 | no |
# | f | .1 | no |
#
# Flag every risk of .65 or more. Two are flagged, a and b. For each pupil there are two questions, so
# there are four kinds of pupils:
#
# | | not flagged | flagged |
# |---|---|---|
# | not at risk | d, e, f: 3 true negatives (tn) | b: 1 false positive (fp) |
# | at risk | c: 1 false negative (fn) | a: 1 true positive (tp) |
#
# This table is the **confusion matrix**. Here it is always laid out as above, and as in scikit-learn:
# the true class chooses the row, the prediction the column, and "not" comes first. Other books turn
# it round. Look before you read one.

# %%
truly = np.array([1, 0, 1, 0, 0, 0])
stated = np.array([0.9, 0.7, 0.6, 0.6, 0.3, 0.1])
flagged = (stated >= 0.65).astype(int)


def counted(y_true, y_pred):
    """Return [[tn, fp], [fn, tp]], pupil by pupil."""
    C = [[0, 0], [0, 0]]
    for truth, prediction in zip(y_true, y_pred, strict=True):
        C[truth][prediction] += 1
    return C


assert counted(truly, flagged) == [[3, 1], [1, 1]]

# %% [markdown]
# In general, for classes numbered from 0,
#
# $$C_{ij} = \text{number of rows of class } i \text{ that were predicted as class } j.$$
#
# To count without a loop, number the cells: with $k$ classes, row $i$ and column $j$ is cell
# $i k + j$. Of two classes the cells are $2 i + j$: 0 for tn, 1 for fp, 2 for fn, 3 for tp.
# `np.bincount` counts how often each number occurs. It must be told how many cells there are
# (`minlength`), or it leaves out the last ones where nobody falls into them. That line is the heart of
# mlcore's function:

# %%
print(inspect.getsource(classification.class_pairs))
assert confusion_matrix(truly, flagged).tolist() == counted(truly, flagged)
cells = np.bincount(2 * y + (risk >= 0.5), minlength=4).reshape(2, 2)
assert cells.tolist() == confusion_matrix(y, (risk >= 0.5).astype(int)).tolist()

# %% [markdown]
# Two shares are read off it. **Precision**: of those flagged, how many are at risk? **Recall**: of
# those at risk, how many were flagged?
#
# $$\text{precision} = \frac{tp}{tp + fp} \qquad \text{recall} = \frac{tp}{tp + fn}$$
#
# Of the six: precision 1/2 and recall 1/2. The teacher who talks to pupils in vain feels low
# precision. The pupil whom nobody talks to feels low recall.

# %%
assert precision_score(truly, flagged) == recall_score(truly, flagged) == 1 / 2

# %% [markdown]
# ## Where to put the threshold
#
# Many programs flag a risk of .5 or more, because .5 is the default. At the school that finds 52 % of
# those at risk, with a precision of 76 %. Nothing speaks for .5. If a missed pupil costs the school as
# much as four needless talks, then a talk pays from a risk of 1/(1 + 4) = .2 on: recall 78 %, precision
# 50 %.

# %%
for threshold in (0.5, threshold_for_cost(4)):
    flags = (risk >= threshold).astype(int)
    found = f"precision {precision_score(y, flags):.0%}, recall {recall_score(y, flags):.0%}"
    print(f"flagged from {threshold} on: {flags.sum():3d} pupils, {found}")
    assert (
        found
        == {
            0.5: "precision 76%, recall 52%",
            0.2: "precision 50%, recall 78%",
        }[threshold]
    )

# %% [markdown]
# A lower threshold flags more pupils, so recall can only rise. Precision mostly falls. The picture
# can be played with: `python -m tutorials play threshold`.

# %%
figure = still("threshold", threshold=0.2)

# %% [markdown]
# ## All thresholds at once: the ROC curve
#
# Instead of one threshold, try all of them. Only the distinct scores matter, as nothing changes in
# between. For each, ask two questions:
#
# $$\text{fpr} = \frac{fp}{\text{all negatives}} \qquad
# \text{tpr} = \text{recall} = \frac{tp}{\text{all positives}}$$
#
# Six pupils have 2 positives, 4 negatives and 5 distinct scores. Start where nobody is flagged, with a
# threshold of infinity:
#
# | threshold | flagged | fp | tp | fpr | tpr |
# |---|---|---|---|---|---|
# | ∞ | nobody | 0 | 0 | 0 | 0 |
# | .9 | a | 0 | 1 | 0 | .5 |
# | .7 | a b | 1 | 1 | .25 | .5 |
# | .6 | a b c d | 2 | 2 | .5 | 1 |
# | .3 | a b c d e | 3 | 2 | .75 | 1 |
# | .1 | all | 4 | 2 | 1 | 1 |
#
# c and d have the same risk, so no threshold can part them. They enter together, and the curve goes
# up and to the right at once.


# %%
def curve_slowly(y_true, y_score):
    """Return fpr, tpr and thresholds, counting all rows again for each threshold."""
    thresholds = [np.inf, *sorted(set(y_score.tolist()), reverse=True)]
    fpr, tpr = [], []
    for threshold in thresholds:
        (_, fp), (_, tp) = counted(y_true, (y_score >= threshold).astype(int))
        fpr.append(fp / sum(y_true == 0))
        tpr.append(tp / sum(y_true == 1))
    return fpr, tpr, thresholds


by_hand = curve_slowly(truly, stated)
assert by_hand[0] == [0, 0, 0.25, 0.5, 0.75, 1]
assert by_hand[1] == [0, 0.5, 0.5, 1, 1, 1]

# %% [markdown]
# That costs as many passes over the rows as there are scores. One sort is enough. Put the highest score
# first and walk down: `np.cumsum(y)` is how many positives have been met, `np.cumsum(1 - y)` how many
# negatives. After each row that is the last one of its score, note both. Where is a row the last of its
# score? Where the next score is another one, `s[1:] != s[:-1]`, and at the very end. This is mlcore's
# function for weighted rows (w is 1 for each, if all count the same), and the rates made from it:

# %%
print(inspect.getsource(ranking._weights_above))
print(inspect.getsource(roc_curve))
for ours, slow in zip(roc_curve(truly, stated, drop_intermediate=False), by_hand, strict=True):
    assert ours.tolist() == slow
for ours, slow in zip(
    roc_curve(y, risk.round(2), drop_intermediate=False),
    curve_slowly(y, risk.round(2)),
    strict=True,
):
    assert np.allclose(ours, slow)

# %%
fig, axes = plt.subplots(1, 2, figsize=(7, 3.5), layout="constrained")
plot_roc(axes[0], truly, stated, color=COLOURS[0], marker="o", label="six pupils")
plot_roc(axes[1], y, risk, color=COLOURS[0], label="the school")
axes[0].annotate("c and d\ntogether", (0.4, 0.72), (0.52, 0.55), arrowprops={"arrowstyle": "-"})
fpr, tpr, thresholds = roc_curve(y, risk)
for threshold in (0.5, 0.2):
    at = np.argmin(np.abs(thresholds - threshold))
    axes[1].plot(fpr[at], tpr[at], "o", color=COLOURS[5])
    axes[1].annotate(f"{threshold}", (fpr[at], tpr[at]), (fpr[at] + 0.05, tpr[at] - 0.06))
axes[0].set_title("All thresholds, by hand", fontsize=11)
axes[1].set_title("A dot is a threshold", fontsize=11)
for ax in axes:
    ax.legend(frameon=False, loc="lower right", fontsize=9)

# %% [markdown]
# A list in random order would run along the diagonal.
#
# ## The area under it, and what it means
#
# The area under the curve (AUC) sums it up. Of the six, by trapezoids, it is
#
# .25 · .5 + .25 · (.5 + 1)/2 + .25 · 1 + .25 · 1 = .8125.
#
# The number has a meaning without any curve. Draw one pupil at risk and one who is not. The AUC is the
# chance that the first has the higher risk, a tie counting one half. Of the 2 · 4 = 8 pairs, a wins 4.
# c loses to b, ties with d, and wins against e and f: 2.5. Together 6.5 of 8, which is .8125.
#
# $$\text{AUC} = \frac{1}{m (n - m)} \sum_{i:\,y_i=1} \; \sum_{j:\,y_j=0}
# \Big( [s_i > s_j] + \tfrac12 [s_i = s_j] \Big)$$
#
# with $n$ rows, $m$ of them positive, and scores $s$.


# %%
def auc_over_pairs(y_true, y_score):
    """Return the share of pairs that the positive wins, ties one half."""
    wins = pairs = 0
    for i in np.flatnonzero(y_true == 1):
        for j in np.flatnonzero(y_true == 0):
            wins += 1 if y_score[i] > y_score[j] else 0.5 if y_score[i] == y_score[j] else 0
            pairs += 1
    return wins / pairs


assert 0.25 * 0.5 + 0.25 * (0.5 + 1) / 2 + 0.25 + 0.25 == 0.8125
assert auc_over_pairs(truly, stated) == 6.5 / 8 == 0.8125
assert auc(*roc_curve(truly, stated)[:2]) == roc_auc_score(truly, stated) == 0.8125

# %% [markdown]
# The school has 206 · 768 = 158,208 pairs, and a district would have billions. Ranks count them all
# with one sort. Rank the scores from 1, the lowest; equal scores share the mean of their ranks. f has 1,
# e 2, c and d share 3 and 4, so 3.5 each; b has 5 and a 6. A positive's rank says how many rows lie at or
# below it: negatives, which are wins, but also positives, itself included. The positives among
# themselves always make up 1 + 2 + … + m = m(m + 1)/2. Take that off. With R the sum of the
# positives' ranks,
#
# $$\text{AUC} = \frac{R - m (m + 1) / 2}{m (n - m)}$$
#
# Here R = 6 + 3.5 = 9.5, less 3 is 6.5, of 8. `midranks` gives the ranks: the cumulated counts of the
# distinct scores are the highest rank of each, and the mean rank of $c$ equal scores lies $(c - 1)/2$
# below the highest.

# %%
print(inspect.getsource(delong.midranks))
rank = delong.midranks(stated)
assert rank.tolist() == [6, 5, 3.5, 3.5, 2, 1]
assert (rank[truly == 1].sum() - 3) / 8 == 0.8125


def auc_by_ranks(y_true, y_score):
    """Return the same from the sum of the positives' ranks."""
    n, m = len(y_true), y_true.sum()
    return (delong.midranks(y_score)[y_true == 1].sum() - m * (m + 1) / 2) / (m * (n - m))


area = roc_auc_score(y, risk)
assert 206 * 768 == 158_208
assert np.isclose(auc_by_ranks(y, risk), area)
assert np.isclose(auc_over_pairs(y, risk), area)
print(f"the school's AUC: {area:.3f}")
assert f"{area:.3f}" == "0.886"

# %% [markdown]
# **The reference.** Others must get the same. On 80 stored scores, rounded so that many tie,
# scikit-learn 1.9.1 gave an AUC of .7080, and R's package pROC the interval [.5852, .8307].

# %%
stored = Path(mlcore.__file__).parents[1] / "benchmarks/references/metrics.json"
topics = json.loads(stored.read_text("utf-8"))["topics"]
rankings = next(t for t in topics if t["topic"] == "metrics_ranking")["entries"]
entry = next(e for e in rankings if e["id"] == "random_n80_dec1")
scored, expected = entry["dataset"], entry["expected"]
ours = [
    roc_auc_score(scored["y_true"], scored["y_score"]),
    *auc_interval(scored["y_true"], scored["y_score"]),
]
theirs = [expected["roc_auc"], expected["delong"]["ci_low"], expected["delong"]["ci_high"]]
print("ours  ", *(f"{value:.10f}" for value in ours))
print("theirs", *(f"{value:.10f}" for value in theirs))
assert np.allclose(ours, theirs, rtol=0, atol=1e-10)
assert [round(value, 4) for value in ours] == [0.7080, 0.5852, 0.8307]

# %% [markdown]
# **What goes wrong.** Treat rows one by one, as if no scores tied, and the curve depends on the order of
# the file. Take a score that knows nothing: the same for everybody. Its AUC is 1/2. But if the file
# lists those at risk first, a curve drawn row by row says 1, and with those at risk last it says 0.


# %%
def curve_row_by_row(y_true, y_score):
    """A famous mistake: each row is a point of its own."""
    order = np.argsort(-y_score, kind="stable")
    positives, negatives = np.cumsum(y_true[order]), np.cumsum(1 - y_true[order])
    return np.append(0, negatives / negatives[-1]), np.append(0, positives / positives[-1])


nothing = np.full(len(y), 0.2)
fig, ax = plt.subplots(figsize=(4.2, 3.6), layout="constrained")
plot_roc(ax, y, nothing, color=COLOURS[0], linewidth=2)
for order, true_area, colour in ((np.argsort(-y), 1, COLOURS[5]), (np.argsort(y), 0, COLOURS[1])):
    wrong = curve_row_by_row(y[order], nothing)
    ax.plot(*wrong, color=colour)
    assert auc(*wrong) == true_area
ax.text(0.03, 0.93, "row by row, at risk first: AUC 1", color=COLOURS[5], fontsize=9)
ax.text(0.97, 0.03, "row by row, at risk last: AUC 0", ha="right", color="#8A5F00", fontsize=9)
ax.text(0.6, 0.42, "ties together:\nAUC 1/2", color=COLOURS[0], fontsize=9)
ax.set_title("The same score for everybody", fontsize=11)
assert roc_auc_score(y, nothing) == 0.5

# %% [markdown]
# **What AUC hides.** It asks about pairs, not about lists. Suppose only one pupil in fifty were at risk,
# and the model ranked as well as before. The AUC stays .89, but the precision at any recall falls, as
# there are many more others to outrank. So print the base rate beside it, and the precision of the
# list you would really make. Average precision, the mean precision over the recalls, shows the change:
# .70 here, and .26 with one in fifty.

# %%
negatives, positives = risk[y == 0], risk[y == 1]
many = np.concatenate(
    [np.tile(negatives, 14), positives]
)  # the same pupils, but 14 times the others
rare = np.repeat([0, 1], [14 * len(negatives), len(positives)])
for truth, score in ((y, risk), (rare, many)):
    print(
        f"base rate {truth.mean():5.1%}: AUC {roc_auc_score(truth, score):.3f}, "
        f"average precision {average_precision_score(truth, score):.2f}"
    )
assert np.isclose(roc_auc_score(rare, many), area)
assert round(1 / rare.mean(), -1) == 50 and round(area, 2) == 0.89
assert round(average_precision_score(y, risk), 2) == 0.7
assert round(average_precision_score(rare, many), 2) == 0.26

# %% [markdown]
# ## Do the risks come true as often as stated?
#
# A ranking can be perfect and the stated risks all wrong: halve every risk, and the AUC is the same. So
# hold what was stated against what happened. Put pupils of similar risk into bins. In each bin compare
# the mean risk stated with the share that came true.
#
# With two bins for the six pupils, e (.3) and f (.1) are in the lower: .2 stated, none came true. a
# (.9), b (.7), c and d (.6) are in the upper: .7 stated, 2 of 4 came true. So these risks are too high.
#
# Where bins meet, a convention is needed. Of $B$ bins of equal width, bin $j = 0, …, B - 1$ holds
#
# $$\tfrac{j}{B} < p \le \tfrac{j + 1}{B},$$
#
# and the first bin also a risk of exactly 0. Bins without pupils are left out: no share can be given.


# %%
def calibration_slowly(y_true, y_prob, n_bins):
    """Return the share that came true and the mean stated, of each bin with rows in it."""
    edges, share, mean = np.linspace(0, 1, n_bins + 1), [], []
    for j in range(n_bins):
        inside = [
            i for i, p in enumerate(y_prob) if edges[j] < p <= edges[j + 1] or (j == 0 and p == 0)
        ]
        if inside:
            share.append(sum(y_true[i] for i in inside) / len(inside))
            mean.append(sum(y_prob[i] for i in inside) / len(inside))
    return share, mean


share, mean = calibration_slowly(truly, stated, 2)
assert share == [0, 0.5] and np.allclose(mean, [0.2, 0.7])

# %% [markdown]
# Without loops: `np.searchsorted(edges[1:-1], p)` counts the inner edges below p, which is the number of
# p's bin; an edge that equals p does not count, so p stays in the bin below it, as the convention has it.
# Then `np.bincount` with weights adds up by bin. In mlcore's function rows may have weights $w$:

# %%
print(inspect.getsource(reliability._binned))
print(inspect.getsource(calibration_curve))
for n_bins in (2, 5, 10):
    for ours, slow in zip(
        calibration_curve(y, risk, n_bins=n_bins), calibration_slowly(y, risk, n_bins), strict=True
    ):
        assert np.allclose(ours, slow)

# %% [markdown]
# **What goes wrong.** "One pupil in five is too few, so balance the classes": many tutorials on the web
# give each pupil at risk a larger weight, so that both kinds weigh the same. The order hardly changes: an
# AUC of .89 before, .89 after. But the model now learns from a school where half are at risk, and says
# so: it states 38 % on average, where 21 % came true. A parent who is told 70 % is misled.
#
# A regression of the outcome on the stated log-odds measures it (Cox 1958). Slope 1 and intercept 0 are
# right. Ours has 1.03 and 0.08, the balanced model 1.01 and -1.37: far too high throughout. A slope
# below 1 would say that risks are too extreme, as of a model that learnt by heart.

# %%
balanced = risks_of(LogisticRegression(alpha=0.01, class_weight="balanced"))
fig, ax = plt.subplots(figsize=(4.6, 3.9), layout="constrained")
for p, name, colour in ((risk, "as it is", COLOURS[0]), (balanced, "classes balanced", COLOURS[5])):
    plot_calibration(ax, y, p, n_bins=8, color=colour, marker="o", markersize=4, label=name)
    slope, intercept = calibration_slope(y, p)
    print(
        f"{name}: AUC {roc_auc_score(y, p):.2f}, stated {p.mean():.0%} on average, "
        f"slope {slope:.2f}, intercept {intercept:.2f}"
    )
    assert round(roc_auc_score(y, p), 2) == 0.89
    right = (1.03, 0.08) if p is risk else (1.01, -1.37)
    assert (round(slope, 2), round(intercept, 2)) == right
ax.legend(frameon=False, fontsize=9)
ax.set_title("Risks learnt with balanced classes are too high", fontsize=11)
assert (round(balanced.mean(), 2), round(y.mean(), 2)) == (0.38, 0.21)

# %% [markdown]
# The bars are 95 % intervals, of which more below. If misses cost more, lower the threshold instead, as
# above: that leaves the risks honest.
#
# ## What a list of fixed length finds
#
# Most schools have neither a threshold nor a cost. They have time for 100 talks. So take the 100 of
# highest risk, and ask how many of all at risk are among them: **recall at capacity**.
#
# Three of the six can be seen. a and b are sure. c and d tie for the one place left, and one is drawn at
# random: 1/2 of a hit is expected. So hits are 1 + 1/2, recall at 3 is 1.5/2 = .75, and precision at 3
# is 1.5/3 = .5. In general, with $r$ places left for $t$ tied rows, $g$ of them positive,
#
# $$\text{hits} = (\text{positives above the tie}) + r \, \frac{g}{t}.$$


# %%
def recall_over_orders(y_true, y_score, k, orders=2000, seed=0):
    """Return the mean recall of the first k rows over many random orders of the file."""
    rng, recalls = np.random.default_rng(seed), []
    for _ in range(orders):
        order = rng.permutation(len(y_true))
        listed = sorted(order, key=lambda i: -y_score[i])[:k]  # ties stay in the file's order
        recalls.append(sum(y_true[i] for i in listed) / sum(y_true))
    return np.mean(recalls)


assert recall_at_k(truly, stated, 3, random_state=0).value == 0.75
assert precision_at_k(truly, stated, 3).value == 0.5
assert abs(recall_over_orders(truly, stated, 3) - 0.75) < 0.02

# %% [markdown]
# mlcore reads hits off the same cumulated counts as the ROC curve. `listed` is how many rows have at least
# each score, `found` how many positives. Between two scores, hits grow in a straight line, which is the
# formula above:

# %%
print(inspect.getsource(capacity._hits))
print(inspect.getsource(capacity._expected_hits))
recall, precision = recall_at_k(y, risk, 100, random_state=0), precision_at_k(y, risk, 100)
best = 100 / y.sum()
print(
    f"100 talks: recall {recall.value:.0%} of {best:.0%} possible, precision {precision.value:.0%}"
)
assert (round(recall.value, 2), round(best, 2), round(precision.value, 2)) == (0.38, 0.49, 0.79)

# %% [markdown]
# At the school 100 talks reach 38 % of those at risk. No list could reach more than 49 %, as there are
# 206 of them. Of the 100, 79 % are at risk, as in tutorial 0.
#
# **What goes wrong.** Simple scores tie. List 100 by the number of quizzes missed: 34 missed more than
# one, and 198 who missed one tie for the other 66 places. A program that takes them in the order of the
# file finds anything from 11 % to 41 % of those at risk, by how the file is sorted. 21 % is fair.

# %%
missed = X["quizzes_missed"].to_numpy()[split.tested]
cut = np.sort(missed)[-100]
above, tied = int((missed > cut).sum()), int((missed == cut).sum())
print(f"{above} missed more than {cut:.0f}, {tied} missed {cut:.0f}")
assert (above, cut, tied, 100 - above) == (34, 1, 198, 66)
recalls = {}
for name, order in (("first", np.argsort(-y)), ("last", np.argsort(y))):
    listed = order[np.argsort(-missed[order], kind="stable")][:100]
    recalls[name] = y[listed].sum() / y.sum()
fair = recall_at_k(y, missed, 100, random_state=0).value
print(
    f"recall at 100: {recalls['last']:.0%} or {recalls['first']:.0%} by the file, {fair:.0%} expected"
)
assert [round(v, 2) for v in (recalls["last"], recalls["first"], fair)] == [0.11, 0.41, 0.21]

# %% [markdown]
# ## How sure is a share?
#
# Of the six, both pupils at risk were flagged from .6 on: recall 2 of 2, 100 %. Would you print that? With
# two more pupils it might be 3 of 4. A share $\hat p = s/n$ of few rows may be far from the true one, $p$.
#
# The interval of many textbooks is $\hat p \pm 1.96 \sqrt{\hat p (1 - \hat p) / n}$. Of 2 of 2 it
# makes [1, 1]: no doubt at all, since it takes the doubt from the very estimate it doubts.
#
# Wilson (1927) asks the other way round: which true shares $p$ would make our $s$ of $n$ nothing
# unusual? Those with
#
# $$|\hat p - p| \le z \sqrt{p (1 - p) / n}, \qquad z = 1.96 \text{ for 95 %}.$$
#
# Square both sides. It is a quadratic in $p$, and its two solutions are the ends:
#
# $$\frac{s + z^2/2}{n + z^2} \;\pm\; \frac{z}{n + z^2} \sqrt{\frac{s (n - s)}{n} + \frac{z^2}{4}}.$$
#
# By hand for 2 of 2, with $z = 2$ for round numbers: centre (2 + 2)/(2 + 4) = 2/3, half-width
# 2/6 · √(0 + 1) = 1/3. So from 1/3 to 1. Without any trials nothing is known; then mlcore says
# (nan, nan).


# %%
def shares_not_unusual(s, n, z, steps=100_000):
    """Return the lowest and the highest p for which s of n is nothing unusual, trying many."""
    kept = []
    for i in range(steps + 1):
        p = i / steps
        if abs(s / n - p) <= z * (p * (1 - p) / n) ** 0.5 + 1e-12:
            kept.append(p)
    return min(kept), max(kept)


print(inspect.getsource(wilson_interval))
assert np.allclose(shares_not_unusual(2, 2, 2.0), (1 / 3, 1), atol=1e-4)
for s, n in ((2, 2), (3, 4), (0, 7), (79, 206)):
    assert np.allclose(shares_not_unusual(s, n, 1.959964), wilson_interval(s, n), atol=1e-4)

# %% [markdown]
# **The reference.** Newcombe (1998), table I, prints Wilson's intervals for 81 of 263, 15 of 148, 0 of 20
# and 1 of 29.

# %%
newcombe = {
    (81, 263): (0.2553, 0.3662),
    (15, 148): (0.0624, 0.1605),
    (0, 20): (0.0000, 0.1611),
    (1, 29): (0.0061, 0.1718),
}
for (s, n), printed in newcombe.items():
    low, high = wilson_interval(s, n)
    print(
        f"{s:3d} of {n:3d}: ours [{low:.4f}, {high:.4f}], printed [{printed[0]:.4f}, {printed[1]:.4f}]"
    )
    assert (round(low, 4), round(high, 4)) == printed

# %% [markdown]
# **What goes wrong.** An interval of 95 % should hold the truth 95 times of 100. In classes of 20 with a
# true share of 10 %, the textbook's holds it 88 % of the time, Wilson's 96 %. These are exact: add up the
# binomial probabilities of all $s$ whose interval holds $p$.

# %%
n, shares = 20, np.linspace(0.01, 0.5, 491)
choose = np.array(
    [np.prod(np.arange(n - s + 1, n + 1) / np.arange(1, s + 1)) for s in range(n + 1)]
)
s = np.arange(n + 1)
half = 1.959964 * np.sqrt(s / n * (1 - s / n) / n)
ends = {
    "textbook": np.array([s / n - half, s / n + half]).T,
    "Wilson": np.array([wilson_interval(i, n) for i in s]),
}
binomial = choose * shares[:, None] ** s * (1 - shares[:, None]) ** (n - s)  # (shares, n + 1)
fig, ax = plt.subplots(figsize=(7, 3), layout="constrained")
for (name, e), colour in zip(ends.items(), (COLOURS[5], COLOURS[0]), strict=True):
    holds = (e[:, 0] <= shares[:, None]) & (shares[:, None] <= e[:, 1])
    held = (binomial * holds).sum(axis=1)
    ax.plot(shares, held, color=colour, linewidth=1.2, label=name)
    assert round(held[90], 2) == (0.88 if name == "textbook" else 0.96)
ax.axhline(0.95, color="0.6", linestyle=":")
ax.legend(frameon=False)
ax.set_title("Intervals of 95 % for a share, from classes of 20", fontsize=11)
ax.set(xlabel="True share", ylabel="How often the interval holds it", ylim=(0.5, 1.01))
assert np.isclose(shares[90], 0.1)

# %% [markdown]
# Every figure above has such an interval. For recall at capacity rows are drawn again and again
# (tutorial 8 has the bootstrap), as the list's last score scatters too. For the AUC DeLong's formula
# takes how much each pupil's wins scatter.

# %%
low, high = auc_interval(y, risk)
print(f"AUC {area:.3f} [{low:.3f}, {high:.3f}]")
print(f"recall at 100 {recall.value:.2f} [{recall.low:.2f}, {recall.high:.2f}]")
print(f"precision at 100 {precision.value:.2f} [{precision.low:.2f}, {precision.high:.2f}]")
assert (round(low, 3), round(high, 3)) == (0.863, 0.910)
assert (round(precision.low, 2), round(precision.high, 2)) == (0.70, 0.86)

# %% [markdown]
# So for this school: an AUC of .886 [.863, .910], and of a list of 100 between 70 % and 86 % truly at
# risk. That is a good list. It is also 21 talks in vain and 127 pupils whom nobody sees.

# %%
assert 100 - precision.hits == 21 and y.sum() - precision.hits == 127

# %% [markdown]
# ## Where to read on
#
# - Fawcett (2006), *An introduction to ROC analysis*, Pattern Recognition Letters 27. The curve, with
#   its algorithm.
# - Hanley & McNeil (1982), Radiology 143: what the area means. DeLong, DeLong & Clarke-Pearson (1988),
#   Biometrics 44: its interval.
# - James, Witten, Hastie & Tibshirani, *An Introduction to Statistical Learning*, section 4.4.2: the
#   confusion matrix and thresholds.
# - Van den Goorbergh et al. (2022), *The harm of class imbalance corrections for risk prediction
#   models*, Journal of the American Medical Informatics Association 29.
# - Newcombe (1998), Statistics in Medicine 17: seven intervals of a share, compared.
#
# ## Exercises
#
# - Exercise 8: the confusion matrix, `python -m tutorials check 08`
# - Exercise 9: the ROC curve with one sort, `python -m tutorials check 09`
# - Exercise 10: the AUC with ties, `python -m tutorials check 10`
# - Exercise 11: calibration, `python -m tutorials check 11`
# - Exercise 12: recall at capacity, `python -m tutorials check 12`
# - Exercise 27: Wilson's interval, `python -m tutorials check 27`
