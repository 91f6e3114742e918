# %% [markdown]
# # The whole road, and what a prediction is not
#
# It is the end of week 8. A school has 600 pupils this year, and time to see 60 of them. Whom first?
# The pupils of two earlier years are known to the end. This tutorial takes the whole road: from the
# records to the list, to its figures beside the best that anybody could reach, to the audit. And then
# it asks what the list is good for.

# %%
import inspect
from itertools import pairwise
from math import comb

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from mlcore import LogisticRegression
from mlcore.plot.style import COLOURS
from risk import pipeline
from risk.data.columns import Column
from risk.data.records import Records
from risk.evaluation.thresholds import threshold_for
from risk.evaluation.week_tables import value_of, week_table
from risk.evaluation.weeks import by_week, with_oracle
from risk.fairness import audit, fisher_exact
from risk.features.known import FEATURES, build_features, school_table
from risk.models.risk_model import RiskModel
from risk.report.week_charts import draw_auc_by_week, draw_found
from risk.school import FINAL_CUT, Biases, Tutoring, as_of, simulate_school

BLUE, ORANGE, SKY = COLOURS[0], COLOURS[5], COLOURS[4]
plt.rcParams["figure.dpi"] = 90

school = simulate_school(n_pupils=600, n_weeks=16, seed=2)
for name, table in as_of(school, week=8).items():
    print(f"{name:11}{len(table):7} rows: {', '.join(table.columns)}")

# %% [markdown]
# The school is simulated, so there is a **truth** beside the records: what each pupil really knew in
# each week, and the true risk, found by living the rest of the year many times. No model may look at
# it. We use it to judge.
#
# ## From records to features: nothing later than week 8
#
# A feature of week 8 may only use rows of weeks 1 to 8. For the pupils of earlier years too, though
# their whole year is there: the model must learn from what it will have. By loops, the share of the
# practice that one pupil completed:


# %%
def slow_completed_share(practice, pupil, week):
    """Return how much of what was set by a week a pupil completed, in %."""
    set_, done = 0, 0
    for row in practice.itertuples():
        if row.pupil == pupil and row.week <= week and row.completed == row.completed:
            set_ += row.assigned
            done += row.completed
    return 100 * done / set_


known = as_of(school, week=8)
features = build_features(known, week=8)
for pupil in features.index[:2]:
    slow = slow_completed_share(known["practice"], pupil, week=8)
    print(f"{pupil}: {slow:.1f} %")
    assert np.isclose(slow, features.loc[pupil, "completed_share"])
print(f"{len(features)} pupils are still there, with {features.shape[1]} features each")

# %% [markdown]
# ## Three models and some guesses
#
# `travel` takes the road: it learns from 2024, is tested on 2025 as one would have been a year ago,
# and then learns from both to make the list of 2026. This is its heart, where the models meet the
# pupils. A model's settings are chosen inside the rows that it learns from.

# %%
records = Records(known)  # tutorial 0 writes and reads the files of a school
table = school_table(records, week=8)
result = pipeline.travel(table, pipeline.Settings(trees=20, capacity="10%"))
print(inspect.getsource(pipeline.models_tested))

print(f"{result.split.sentence}; {result.base_rate:.0%} were at risk")
for found in (*result.evaluations.values(), *result.baselines.values()):
    low, high = found.auc_interval
    print(f"{found.title:27} AUC {found.auc:.2f} ({low:.2f} to {high:.2f})")
models = {name: found.auc for name, found in result.evaluations.items()}
guesses = {name: found.auc for name, found in result.baselines.items()}
assert result.split.sentence == "learnt from 2024, tested on 2025"
assert round(result.base_rate, 2) == 0.17
assert round(models["logistic_regression"], 2) == 0.87 and round(guesses["prior_score"], 2) == 0.83
assert round(models["random_forest"], 2) == 0.88
print(f"chosen: {result.chosen}, because {result.why_chosen}")
assert result.chosen == "logistic_regression"
assert 570 < result.best.tested.sum() < 590

# %% [markdown]
# The districts' rule is what some school districts use in place of a model: it counts how many of
# three warnings a pupil has (absent on a tenth of the days, less than half of the practice done, a
# quiz mean below 60). Last year's score alone reaches an AUC of 0.83. The logistic regression has
# 0.87, the forest 0.88, which is no difference to speak of. The intervals are wide: there are about
# 580 pupils, and those of one school are alike. So the simplest of the good models is chosen.
#
# ## How early is it good enough?
#
# The same comparison at the end of other weeks, always for the same pupils. (The forest has 0.89
# in week 8 here and 0.88 above: its settings were chosen on other folds of 2024.) The **oracle** knows
# the true risk. It is not perfect: what chance will do nobody knows. A model above the oracle would
# be a mistake.

# %%
weekly = by_week(records, [0, 4, 8, 16], share=0.1, trees=20)
weekly = with_oracle(weekly, school.truth["weeks"])
print(week_table(weekly, "auc"))
print()
print(week_table(weekly, "recall"))

auc = {name: {week: found.auc for week, found in weekly.of(name).items()} for name in weekly.titles}
assert all(
    auc["oracle"][w] > auc[name][w] for name in weekly.titles for w in auc[name] if name != "oracle"
)
assert all(before < after for before, after in pairwise(auc["logistic_regression"].values()))
assert round(auc["random_forest"][8], 2) == 0.89
assert 1 - auc["oracle"][0] > 0.1  # at the start even the oracle is far from perfect
assert max(auc["prior_score"].values()) - min(auc["prior_score"].values()) < 0.01

# %%
figure, ax = plt.subplots(figsize=(7, 4), layout="constrained")
ax = draw_auc_by_week(ax, weekly)

# %% [markdown]
# What is known grows from week to week, and the models with it; last year's score stays what it was. A
# teacher asks something else: if I see one pupil in ten, how many of those who will need help do I
# meet? That is the recall at capacity. Not all can be found, since more will be at risk than can be
# seen: a list without any mistake would find 64 %.

# %%
eighth = {name: weekly.of(name)[8] for name in ("oracle", "logistic_regression", "prior_score")}
recall = {name: value_of(weekly, found, "recall") for name, found in eighth.items()}
print({name: f"{share:.0%} found" for name, share in recall.items()})
perfect = weekly.share / weekly.at_risk.mean()
print(f"a list without any mistake: {perfect:.0%}")
assert round(perfect, 2) == 0.64
assert [round(share, 2) for share in recall.values()] == [0.60, 0.45, 0.37]
assert recall["oracle"] > recall["logistic_regression"] > recall["prior_score"]
assert recall["logistic_regression"] > 4 * weekly.share  # a random list finds one in ten

# %%
figure, ax = plt.subplots(figsize=(7, 4), layout="constrained")
ax = draw_found(ax, weekly, week=8)

# %% [markdown]
# In week 8 the model's list finds 45 % of them, last year's score 37 %, the oracle 60 %.
#
# ## The list
#
# Each pupil comes with a risk and up to three reasons, in words that a teacher can check against what
# she knows.

# %%
for line in result.predictions.head(3).itertuples():
    print(f"{line.pupil}  risk {line.risk:.0%}, {line.tier}")
    for reason in (line.reason_1, line.reason_2, line.reason_3):
        print(f"    {reason}")
assert len(result.predictions) == table.listed.sum()
assert result.predictions["risk"].is_monotonic_decreasing

# %% [markdown]
# ## The audit, with a fault switched on
#
# Does the list treat groups alike? The simulation has switches for faults in the records. Here half of
# the quiz items become harder for group B, for reasons that have nothing to do with mathematics, such
# as a text about things they never met. What group B truly knows stays the same. The pupils live
# through the same year twice, once with the switch off, once with it on. Count the **false alarms**:
# pupils marked who will need no help.
#
# A difference between two shares may be chance. Fisher's test asks: if the shares were the same, how
# often would a table be as unlikely as this one, or more so? Fisher told in 1935 of a lady who tasted
# tea: of four cups with the milk first she named three, of four others she took one for such a cup. By
# counting all tables:


# %%
def slow_fisher(a, n, b, m):
    """Return the two-sided p-value of a of n against b of m, by counting all tables."""
    hits = a + b
    ways = {k: comb(n, k) * comb(m, hits - k) for k in range(hits + 1) if k <= n and hits - k <= m}
    return sum(w for w in ways.values() if w <= ways[a]) / sum(ways.values())


print(inspect.getsource(fisher_exact))
print(f"the lady tasting tea: p = {fisher_exact(3, 4, 1, 4):.4f}")
assert round(fisher_exact(3, 4, 1, 4), 4) == 0.4857  # as R's fisher.test prints it
for counts in ((3, 4, 1, 4), (20, 100, 12, 130), (0, 5, 3, 9)):
    assert np.isclose(fisher_exact(*counts), slow_fisher(*counts))

# %%
SCHEMA = [Column(f.name, "number", f.label, f.unit) for f in FEATURES]


def learnt(tables, week):
    """Return a logistic regression on what was recorded of earlier years by a week."""
    frame = build_features(tables, week)
    ended = tables["outcomes"].set_index("pupil")["at_risk"].reindex(frame.index).dropna()
    model = RiskModel("Logistic regression", LogisticRegression(alpha=0.01), SCHEMA)
    return model.fit(frame.loc[ended.index], (ended == "yes").to_numpy(dtype=float))


shares = {}
for switch in ("off", "on"):
    biases = Biases(quiz_items=switch == "on")
    place = simulate_school(2500, 8, seed=0, n_years=2, biases=biases, n_futures=0)
    pupils = place.tables["pupils"].set_index("pupil")
    frame = build_features(place.tables, week=8)
    frame = frame[pupils.loc[frame.index, "year"] == 2026]
    risk = learnt(place.tables, week=8).risk(frame)
    truly = place.truth["pupils"].set_index("pupil").loc[frame.index, "at_risk"] == "yes"
    marked = risk >= threshold_for(risk, round(0.2 * len(risk)))
    groups = pupils.loc[frame.index, ["ethnicity_group"]].reset_index(drop=True)
    shares[switch] = {
        g.group: (g.shares["false alarms"], g.shares["marked"], g.shares["found"])
        for g in audit(groups, truly.to_numpy(dtype=float), marked, risk)
    }
    for group, (alarms, *_) in shares[switch].items():
        note = "  differs from all others" if alarms.differs else ""
        print(
            f"{switch:4}{group}: {alarms.part} of {alarms.whole} marked needlessly, {alarms.value:.1%}{note}"
        )
alarms = {switch: shares[switch]["B"][0] for switch in shares}
assert not alarms["off"].differs and alarms["on"].differs
assert round(alarms["off"].value, 2) == 0.11 and round(alarms["on"].value, 2) == 0.16

# %%
figure, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
for offset, switch, color, hatch in ((-0.2, "off", SKY, ""), (0.2, "on", ORANGE, "//")):
    found = [one[0] for one in shares[switch].values()]
    value = 100 * np.array([share.value for share in found])
    ends = 100 * np.array([share.interval for share in found])
    at = np.arange(len(found)) + offset
    ax.bar(
        at, value, 0.38, color=color, hatch=hatch, edgecolor="white", label=f"unfair items {switch}"
    )
    ax.errorbar(at, value, yerr=np.abs(ends.T - value), fmt="none", ecolor="0.2", capsize=3)
ax.set_xticks(range(len(found)), [f"group {group}" for group in shares["on"]])
ax.set(ylabel="Marked needlessly (%)")
ax.set_title("Unfair quiz items: more false alarms in group B (95 % intervals)", fontsize=11)
legend = ax.legend(frameon=False)

# %% [markdown]
# With the switch on the audit marks group B: 16 % false alarms where it was 11 %. (It marks A too:
# with B so high, A is now clearly below all others together.) The model never saw
# the group; it saw the quizzes. Leaving a column out does not remove what others tell of it. And an
# audit sees only what was recorded right: if the **outcomes** were marked too low for a group, it
# would take the fault for the truth (see the docstring of `risk.school.Biases`).
#
# ## What a prediction is not
#
# The list says who will probably end at risk **if nothing changes**. Is it also the list of those whom
# help would help? Take six pupils. Tutoring adds 5 points. The cut is at 43. In the simulation, and
# nowhere else, we know both outcomes of each.
#
# | pupil | risk | score without | with | kept from failing? |
# |---|---|---|---|---|
# | a | .95 | 25 | 30 | no: too far below |
# | b | .85 | 33 | 38 | no |
# | c | .60 | 40 | 45 | **yes** |
# | d | .45 | 41 | 46 | **yes** |
# | e | .20 | 50 | 55 | no: was safe |
# | f | .05 | 70 | 75 | no |
#
# Two can be tutored. The list of highest risk names a and b. It is right about both, and keeps nobody
# from failing. Tutoring c and d keeps two.
#
# Now a visitor who knows only what happened compares, after a and b were tutored: both failed, while
# of the four without tutoring two failed. "Tutoring doubles the failures!" The visitor compares pupils
# who were different before.

# %%
without, with_help = np.array([25, 33, 40, 41, 50, 70]), np.array([30, 38, 45, 46, 55, 75])
assert FINAL_CUT == 43
kept = (without < FINAL_CUT) & (with_help >= FINAL_CUT)
assert kept.tolist() == [False, False, True, True, False, False]
tutored = np.array([True, True, False, False, False, False])
score = np.where(tutored, with_help, without)
assert (score < FINAL_CUT)[tutored].mean() == 1 and (score < FINAL_CUT)[~tutored].mean() == 1 / 2

# %% [markdown]
# Write $Y^1$ for a pupil's score with tutoring, $Y^0$ for that without, and $T$ for being tutored. Of
# each pupil one of the two is ever seen. $E[Y \mid T]$ is the mean of $Y$ over the tutored. The
# visitor's difference falls into two parts:
#
# $$\underbrace{E[Y^1 \mid T] - E[Y^0 \mid \text{not } T]}_{\text{what is seen}}
#   = \underbrace{E[Y^1 - Y^0 \mid T]}_{\text{the effect}}
#   + \underbrace{E[Y^0 \mid T] - E[Y^0 \mid \text{not } T]}_{\text{they were different before}} .$$
#
# (Add and subtract $E[Y^0 \mid T]$; that is all of the proof.) Nothing in the records tells how large
# each part is. Let a larger school tutor the first tenth of the model's list from week 9 on.

# %%
WEEK, EFFECT = 8, 5.0
before = simulate_school(3000, 18, seed=0, n_years=2, n_futures=0)
model = learnt(as_of(before, WEEK), WEEK)


def first_tenth(order):
    """Return the pupils of the lowest tenth of some order."""
    return order.sort_values(kind="stable").index[: round(0.1 * len(order))]


def models_list(tables):
    """Return the tenth of the pupils with the highest risk, by what is known in a week."""
    frame = build_features(tables, WEEK)
    return first_tenth(pd.Series(-model.risk(frame), frame.index))


plan = Tutoring(WEEK, EFFECT, models_list)
after = simulate_school(3000, 18, seed=0, n_years=2, n_futures=0, tutoring=plan)
frame = build_features(as_of(after, WEEK), WEEK)
truth = after.truth["pupils"].set_index("pupil").loc[frame.index]
frame, truth = (rows[truth["tutored"].notna().to_numpy()] for rows in (frame, truth))  # 2026
T = truth["tutored"].to_numpy(dtype=bool)
Y0, Y1 = truth["final_without_tutoring"].to_numpy(), truth["final_with_tutoring"].to_numpy()
seen = truth["final_score"].to_numpy()

difference = seen[T].mean() - seen[~T].mean()
effect, selection = (Y1 - Y0)[T].mean(), Y0[T].mean() - Y0[~T].mean()
fails = (seen[T] < FINAL_CUT).mean(), (seen[~T] < FINAL_CUT).mean()
print(f"of {T.sum()} tutored pupils {fails[0]:.0%} fail, of the others {fails[1]:.0%}")
print(
    f"difference of the scores {difference:+.1f} = effect {effect:+.1f} and selection {selection:+.1f}"
)
assert np.isclose(difference, effect + selection)
assert round(difference) == -22 and round(effect) == 5 and round(selection) == -27
assert round(100 * fails[0]) == 59 and round(100 * fails[1]) == 12

# %% [markdown]
# The tutored fail nearly five times as often as the others: 59 % against 12 %. The comparison says −22
# points. The truth is +5. It has the wrong **sign**. No better model mends this. What does is chance:
# let a lot decide who is tutored. Then the two groups were alike before, and on average over lots the
# difference is the effect.

# %%
rng = np.random.default_rng(0)
by_lot = []
for _ in range(300):
    lot = rng.random(len(Y0)) < 0.5
    by_lot.append(Y1[lot].mean() - Y0[~lot].mean())
print(
    f"300 lots: {np.mean(by_lot):.1f} points on average, one lot within {2 * np.std(by_lot):.1f} of it"
)
assert round(np.mean(by_lot)) == 5 and np.std(by_lot) < 1

# %% [markdown]
# ## Two policies, judged by both outcomes
#
# Tutor as many pupils by the model's list, or simply those who were weakest last year. The list holds
# more pupils at risk: 222 of 294 against 175. But tutoring last year's weakest keeps no fewer from
# failing: 55, against 48.

# %%
at_risk, lifted = Y0 < FINAL_CUT, (Y0 < FINAL_CUT) & (Y1 >= FINAL_CUT)
weakest = frame.index.isin(frame["prior_score"].sort_values(kind="stable").index[: T.sum()])
counts = {}
for name, chosen in (("the model's list", T), ("weakest last year", weakest)):
    counts[name] = int(chosen.sum()), int(at_risk[chosen].sum()), int(lifted[chosen].sum())
    print(
        "{:18} {} tutored, {} of them at risk without, {} kept from failing".format(
            name, *counts[name]
        )
    )
assert counts == {"the model's list": (294, 222, 48), "weakest last year": (294, 175, 55)}

# %%
risk = model.risk(frame)
band = np.minimum((10 * risk).astype(int), 9)
share = {name: [100 * part[band == b].mean() for b in range(10)] for name, part in
         (("end at risk without tutoring", at_risk), ("are kept from it by tutoring", lifted))}  # fmt: skip
figure, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
middle = 5 + 10 * np.arange(10)
for (name, values), color, hatch in zip(share.items(), (SKY, ORANGE), ("", "//"), strict=True):
    ax.bar(middle, values, 9, color=color, hatch=hatch, edgecolor="white", label=name)
ax.set(xlabel="Risk stated by the model in week 8 (%)", ylabel="Of these pupils (%)", xlim=(0, 100))
ax.set_title("Who is at most risk is not who gains most", fontsize=11)
ax.legend(frameon=False)
print(f"kept from failing: {share['are kept from it by tutoring'][5]:.0f} % at a risk of 50 to 60 %, "
      f"{share['are kept from it by tutoring'][9]:.0f} % above 90 %")  # fmt: skip
assert round(share["are kept from it by tutoring"][5]) == 23
assert round(share["are kept from it by tutoring"][9]) == 7

# %% [markdown]
# Of pupils with a risk of 50 to 60 % tutoring keeps 23 % from failing, of those above 90 % only 7 %:
# five points are too few for them. (In other simulated schools the two policies change places; `python
# -m benchmarks school` counts it for a large one.) So a list of risks is a good start for asking, and
# no plan for helping. A pupil at 95 % may need other help, and more of it. Whether a kind of help
# works, only a fair comparison tells.
#
# What to take home:
#
# - Learn from earlier years, test on a later one, use nothing from after the week.
# - Print the base rate, simple guesses and, in a simulation, the oracle beside every figure.
# - A prediction says what to expect if nothing changes. It does not say why, nor what would help.
#
# ## Where to read on
#
# - M. Hernán, J. Robins, *Causal Inference: What If*, free on the web; chapters 1 to 3.
# - D. Rubin (1974), *Estimating causal effects of treatments in randomized and nonrandomized studies*.
# - R. Balfanz, L. Herzog, D. Mac Iver (2007), on early warning in schools, where the districts' rule
#   comes from.
# - M. Hardt, E. Price, N. Srebro (2016), *Equality of opportunity in supervised learning*, for the
#   audit.
#
# On this road lie exercise 12, recall at capacity, `python -m tutorials check 12`, and exercise 25, a
# feature as of a week, `python -m tutorials check 25`. Then take it with your own school: `risk demo`,
# `risk run`.
