# %% [markdown]
# # Who needs help?
#
# A school asks in week 8: which of this year's pupils will end the year **at risk**, below the mark
# that the district asks for in mathematics, while there is still time to help? The pupils of earlier
# years are known to the end, so we can learn from them. Before any model, this tutorial asks what a
# good answer would be.
#
# The school is simulated: no pupil in it is real, and we can know what a real school cannot. The code
# uses the packages `mlcore` (the learning) and `risk` (the school). Read it for its names; the next
# tutorials build from nothing what stands behind them.

# %%
from tempfile import TemporaryDirectory

import numpy as np

from mlcore import DecisionTreeClassifier, LogisticRegression
from mlcore.metrics import accuracy_score, confusion_matrix, precision_score, recall_score
from risk.data.records import read_records, write_records
from risk.evaluation.splits import choose_split
from risk.evaluation.thresholds import threshold_for
from risk.evaluation.unseen import out_of_fold
from risk.features.known import school_table
from risk.models.risk_model import RiskModel
from risk.school import as_of, simulate_school

school = simulate_school(n_pupils=1000, n_weeks=18, seed=0)
with TemporaryDirectory() as folder:  # through files, as a school's own would come
    write_records(as_of(school, week=8), folder)
    table = school_table(read_records(folder), week=8)
known = table.at_risk.notna().to_numpy()
X, y = table.features[known], table.at_risk[known].to_numpy()
print(X.head(6).round(1).T)

# %% [markdown]
# Here each column is a pupil, and each row a thing that is known of them at the end of week 8: last
# year's score, the share of days absent, the share of the set practice that was done, the mean of the
# quizzes and so on. Such a thing is called a **feature**. What we want to foretell, at risk (1) or not
# (0), is the **label**.

# %% [markdown]
# ## What accuracy hides
#
# One pupil in five was at risk: the **base rate**. **Accuracy** is the share of pupils of whom a
# program is right. One that says "not at risk" of everyone is right four times of five, and has helped
# nobody.

# %%
base_rate = y.mean()
nobody = np.zeros(len(y))
print(
    f"base rate {base_rate:.1%}, accuracy of saying 'not at risk': {accuracy_score(y, nobody):.1%}"
)
assert abs(base_rate - 0.2) < 0.005
assert accuracy_score(y, nobody) == 1 - base_rate
assert recall_score(y, nobody) == 0

# %% [markdown]
# ## Six pupils by hand
#
# Risks stated for six pupils, and who truly was at risk. Two can be seen this week.
#
# | pupil | risk | at risk | seen |
# |---|---|---|---|
# | a | .9 | yes | yes |
# | b | .7 | no | yes |
# | c | .6 | yes | |
# | d | .3 | no | |
# | e | .2 | no | |
# | f | .1 | no | |
#
# **Precision** is the share at risk of those seen: of a and b one, so 1/2. **Recall** is the share seen
# of those at risk: of a and c one, so 1/2. The table printed below counts all four kinds: its rows are
# what was true (not at risk, at risk), its columns what was said (not seen, seen).

# %%
risk, truly = np.array([0.9, 0.7, 0.6, 0.3, 0.2, 0.1]), np.array([1, 0, 1, 0, 0, 0])
seen = (risk >= threshold_for(risk, 2)).astype(int)
print(confusion_matrix(truly, seen))
assert seen.tolist() == [1, 1, 0, 0, 0, 0]
assert precision_score(truly, seen) == 1 / 2
assert recall_score(truly, seen) == 1 / 2

# %% [markdown]
# ## The same for the school
#
# A logistic regression (tutorial 2 builds one) learns from the pupils of 2024 and states a risk for
# each of 2025, as it would have had to a year ago. A hundred of them can be seen: those of highest
# risk.

# %%
split = choose_split(table)
assert split.sentence == "learnt from 2024, tested on 2025"
model = RiskModel("Logistic regression", LogisticRegression(alpha=0.01), table.schema)
risk, _ = out_of_fold(model, X, y, split)
later = split.tested
seen = (risk[later] >= threshold_for(risk[later], 100)).astype(float)
precision, recall = precision_score(y[later], seen), recall_score(y[later], seen)
print(f"seen {int(seen.sum())}: precision {precision:.0%}, recall {recall:.0%}")
assert seen.sum() == 100
assert precision > 3 * base_rate  # more than three times a random list
assert recall > 3 * seen.mean()

# %% [markdown]
# ## A label that is a rule, and its 0.99
#
# Many data sets on the web make "at risk" from the very columns they offer, such as "a mean quiz score
# below 50 and less than 75 % of the practice done". A small decision tree, a list of yes-or-no
# questions (tutorial 6), then has an accuracy of nearly one. It has found the rule, and learnt nothing
# of any pupil. What really happened to the pupils is not so easy: there the same tree is right 84 times
# of 100, which is little more than the 80 of saying "not at risk" of everyone.

# %%
filled = X.fillna(X.median()).to_numpy()
rule = ((X["quiz_mean"] < 50) & (X["completed_share"] < 75)).to_numpy()
train, test = split.learn[0], split.fold == 0
tree = DecisionTreeClassifier(max_depth=3).fit(filled[train], rule[train])
print(f"accuracy on a label that is a rule: {tree.score(filled[test], rule[test]):.2f}")
assert tree.score(filled[test], rule[test]) >= 0.99

honest = DecisionTreeClassifier(max_depth=3).fit(filled[train], y[train])
print(f"the same tree on what really happened: {honest.score(filled[test], y[test]):.2f}")
assert round(honest.score(filled[test], y[test]), 2) == 0.84

# %% [markdown]
# ## Where to read on
#
# Tutorial 1 looks at the school's tables. The exercises begin in tutorial 2; put them into a folder of
# your own with `python -m tutorials start`. The whole road, with three models, reasons in words and an
# audit: `risk demo`.
