"""The speed benchmark: a check that owes nothing to the contestants, and tables that can say NO."""

import json
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import speed, speed_logistic, timing
from benchmarks.__main__ import main
from mlcore import LogisticRegression

LOGISTIC = ["speed", "--quick", "--repeats", "1", "--only", "logistic"]


def small_table(n=200, d=3):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d))
    return X, (X[:, 0] + rng.normal(size=n) > 0.5).astype(int)


def line(ours=1.0, theirs=2.0, **gradients):
    gradients = {"ours": 9e-7, "lbfgs": 5e-7, "newton-cholesky": 1e-9, **gradients}
    times = {"ours": ours, "lbfgs": theirs, "newton-cholesky": 3.0}
    return speed_logistic.Line(1000, 20, times, 0.25, 8, dict.fromkeys(times, 1e-6), gradients)


class Fake:
    """An estimator that misses the optimum of small_table by a multiple of its tol."""

    def __init__(self, tol, factor):
        self.tol, self.factor = tol, factor

    def fit(self, X, y):
        optimum = LogisticRegression().fit(X, y)
        self.coef_ = optimum.coef_
        self.intercept_ = optimum.intercept_ + self.factor * self.tol
        self.n_iter_ = np.array([5])
        return self


@pytest.fixture
def without_sklearn(monkeypatch):
    """The command with contestants of our own, in a process that counts as one-threaded."""
    makers = {
        "ours": lambda tol: LogisticRegression(tol=tol),
        "newton": lambda tol: LogisticRegression(tol=tol, solver="newton"),
    }
    monkeypatch.setattr(speed, "find_spec", lambda name: object())
    monkeypatch.setattr(speed, "versions", lambda: {"scikit-learn": "0"})
    monkeypatch.setattr(speed_logistic, "logistic_makers", lambda: makers)
    monkeypatch.setattr(speed_logistic, "two_classes", lambda n, d: small_table(n // 10, d))
    monkeypatch.setattr(speed, "independent", lambda n, d: small_table(n // 10, d))
    for variable in speed.THREAD_VARIABLES:
        monkeypatch.setenv(variable, "1")


@pytest.mark.parametrize("theta", [np.zeros(4), np.array([0.5, -1.0, 2.0, 0.3])])
def test_the_gradient_is_that_of_the_mean_loss(theta):
    X, y = small_table()

    def loss(theta):
        z = X @ theta[:3] + theta[3]
        return np.mean(np.logaddexp(0, z) - y * z)

    by_differences = [(loss(theta + e) - loss(theta - e)) / 2e-5 for e in 1e-5 * np.eye(4)]
    largest = speed_logistic.largest_gradient(X, y, theta[None, :3], theta[3:])
    assert largest == pytest.approx(np.abs(by_differences).max(), rel=1e-6)


@pytest.mark.parametrize("column", [0, 1])
def test_coefficients_and_intercept_are_both_checked(column):
    X = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    y = np.array([[1, 0, 1, 0], [1, 1, 1, 1]])[column]  # only one of the two entries is not 0
    assert speed_logistic.largest_gradient(X, y, np.zeros((1, 1)), np.zeros(1)) == 0.5


def test_scores_of_any_size_are_no_overflow():
    assert (
        speed_logistic.largest_gradient(np.array([[1e5], [-1e5]]), np.array([1, 0]), [[1.0]], [0.0])
        == 0
    )


def test_tol_is_tightened_only_as_far_as_needed():
    X, y = small_table()
    assert speed_logistic.tighten(lambda tol: Fake(tol, 1), X, y).tol == speed_logistic.GRADIENT
    found = speed_logistic.tighten(lambda tol: Fake(tol, 40), X, y)
    looser = Fake(3 * found.tol, 40).fit(X, y)
    assert 0 < found.gradient <= speed_logistic.GRADIENT
    assert (
        speed_logistic.largest_gradient(X, y, looser.coef_, looser.intercept_)
        > speed_logistic.GRADIENT
    )
    assert found.steps == 5


def test_tightening_ends_and_reports_a_gradient_that_is_never_reached():
    X, y = small_table()
    found = speed_logistic.tighten(lambda tol: Fake(1.0, 0.1), X, y)
    assert found.tol == speed_logistic.GRADIENT  # tightening gained nothing
    assert found.gradient > 1e-3


def test_rounds_take_turns_after_a_warm_up():
    seen = []
    turns = {name: lambda name=name: seen.append(name) for name in "ab"}
    times = timing.best_times(turns, 2)
    assert "".join(seen) == "ababab"
    assert all(0 <= ms < np.inf for ms in times.values())


def test_rounds_stop_when_the_budget_is_spent():
    seen = []
    timing.best_times({"a": lambda: seen.append(time.sleep(0.02))}, 100, budget=0.1)
    assert 2 <= len(seen) <= 6


def test_there_is_one_round_at_least():
    seen = []
    assert timing.best_times({"a": lambda: seen.append(0)}, 5, budget=0.0)["a"] < np.inf
    assert len(seen) == 2


def test_the_floor_is_two_products_a_step():
    class Counted(np.ndarray):
        products = 0

        def __array_ufunc__(self, ufunc, method, *inputs, **_):
            Counted.products += ufunc is np.matmul

    speed_logistic.floor(np.ones((6, 2)).view(Counted), 4)()
    assert Counted.products == 8


def test_the_table_compares_with_the_best_that_passed():
    assert line().ratio == 0.5
    assert line(lbfgs=2e-6).ratio == pytest.approx(1 / 3)
    assert line(lbfgs=float("nan")).ratio == pytest.approx(1 / 3)
    assert line(**{"lbfgs": 2e-6, "newton-cholesky": 2e-6}).ratio is None


def test_the_table_says_yes_no_and_not_reached():
    missed = line(lbfgs=2e-6)
    ours_missed = line()._replace(gradients={**line().gradients, "ours": 2e-6})
    rows = speed_logistic.show([line(), line(ours=2.5), missed, ours_missed]).splitlines()[1:]
    assert rows[0].split()[:6] == ["n", "x", "d", "ours", "lbfgs", "newton-cholesky"]
    row = "1000 x 20 1.00 2.00 3.00 0.25 0.50 8 9.0e-07 5.0e-07 yes"
    assert " ".join(rows[1].split()) == row
    assert rows[2].endswith("NO")
    assert rows[3].endswith("yes, gradient not reached by lbfgs")
    assert rows[4].endswith("NO, gradient not reached by ours")
    assert " - " in rows[4]
    assert len({row.index("e-07") for row in rows[1:3]}) == 1  # columns stand below each other


def test_the_memory_table_says_yes_and_no():
    lines = [speed_logistic.MemoryLine(10, 5, extra, 1.2) for extra in (1.25, 2.5)]
    assert [row.split()[3:] for row in speed_logistic.show_memory(lines).splitlines()[2:]] == [
        ["1.25", "1.20", "yes"],
        ["2.50", "1.20", "NO"],
    ]


def test_extra_memory_is_a_multiple_of_X():
    assert 1.0 < speed_logistic.extra_memory(*small_table(20_000, 10)) < 10


def test_the_command_prints_both_tables_and_writes_them(without_sklearn, tmp_path, capsys):
    assert main([*LOGISTIC, "--json", str(tmp_path / "o.json")]) == 0
    out = capsys.readouterr().out
    assert "one thread" in out
    assert [out.count(f"{n} x 20") for n in (100, 1000)] == [2, 2]
    figures = json.loads((tmp_path / "o.json").read_text("utf-8"))
    assert [cell["n"] for cell in figures["logistic"]] == [100, 1000]
    assert all(max(cell["gradients"].values()) <= 1e-6 for cell in figures["logistic"])
    assert len(figures["memory"]) == 1


def test_a_place_that_cannot_be_written_is_named(without_sklearn, tmp_path, capsys):
    nowhere = str(tmp_path / "none" / "o.json")
    assert main([*LOGISTIC, "--json", nowhere]) == 2
    assert nowhere in capsys.readouterr().err


def test_more_threads_start_the_same_command_anew(without_sklearn, monkeypatch):
    calls = []

    def record(command, env, check):
        calls.append((command[1:], {env[variable] for variable in speed.THREAD_VARIABLES}))
        return SimpleNamespace(returncode=3)

    monkeypatch.setattr(speed.subprocess, "run", record)
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    options = ["--quick", "--repeats", "2", "--only", "trees", "--only", "jobs", "--json", "o"]
    assert main(["speed", *options]) == 3
    same = ["-m", "benchmarks", "speed", "--quick", "--repeats=2"]
    same += ["--only=trees", "--only=jobs", "--json=o"]
    assert calls == [(same, {"1"})]
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert main(["speed"]) == 3
    assert calls[1][0] == same[:3]


def test_without_scikit_learn_one_sentence_says_how_to_get_it(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    assert main(["speed"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert 'pip install -e ".[bench]"' in printed.err
