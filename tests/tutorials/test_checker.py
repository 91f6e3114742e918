"""The checker as a learner meets it: a sentence for everything that can go wrong."""

import re

import numpy as np
import pytest
from matplotlib import pyplot

from tutorials.__main__ import main
from tutorials.checker import learner
from tutorials.checker.judge import difference, judge
from tutorials.checker.stubs import stub_of
from tutorials.checker.worker import exercise_of

HEAD = "import numpy as np\n\n\ndef sigmoid(z):\n"
RIGHT = "    return 1 / (1 + np.exp(-np.clip(z, -700, None)))\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["start"]) == 0
    return tmp_path / "my_exercises"


def answer(folder, body, head=HEAD):
    (folder / "01_sigmoid.py").write_text(head + body, "utf-8")


WRONG = [
    ("    return 1 / (1 + np.exp(z))\n", "the sign is wrong"),
    ("    return None\n", "is a return missing\\?\n"),
    ("    return 1 / (1 + np.exp(-z))\n", "exp overflows"),
    ("    e = np.exp(-abs(z))\n    return list(np.where(z >= 0, 1, e) / (1 + e))\n", "in a list"),
    ("    return 0.5\n", "it is a single number"),
    ("    print(1 / (1 + np.exp(-z)))\n", "printed something"),
    ("    z += 1\n    return 1 / (1 + np.exp(1 - z))\n", "changed its argument z"),
    ("    return z[99]\n", "IndexError.*line 5"),
    ("    return sigmoid(z)\n", "RecursionError"),
    ("    return (\n", "line 5 cannot be read"),
    ("    import os\n    os._exit(3)\n", "ended the whole program"),
    ("    raise SystemExit\n", "ended the whole program"),
    ("    return np.zeros(99)\n", r"shape is \(99,\)"),
    ("    return np.random.rand(*np.shape(z))\n", "another answer"),
]


@pytest.mark.parametrize(("body", "sentence"), WRONG, ids=[s for _, s in WRONG])
def test_what_goes_wrong_is_said_in_a_sentence(folder, capsys, body, sentence):
    answer(folder, body)
    assert main(["check", "1"]) == 1
    out, err = capsys.readouterr()
    assert re.search(sentence, out, re.IGNORECASE) and "Traceback" not in out + err


def test_an_endless_loop_ends(folder, capsys, monkeypatch):
    monkeypatch.setattr(learner, "SECONDS", 1.0)
    answer(folder, "    while True:\n        pass\n")
    assert main(["check", "1"]) == 1
    assert "still running after 1 seconds, in line" in capsys.readouterr().out


def test_the_first_failure_only_then_the_next_exercise(folder, capsys):
    assert main(["check"]) == 1
    assert "your turn" in capsys.readouterr().out
    answer(folder, RIGHT)
    main(["check"])
    out = capsys.readouterr().out
    assert "01_sigmoid: passed" in out and "In use" in out
    main(["check"])
    assert "01_sigmoid: passed" not in capsys.readouterr().out  # remembered
    assert main([]) == 0
    assert "1 of" in capsys.readouterr().out


def test_nothing_of_the_learners_is_overwritten(folder, capsys):
    answer(folder, RIGHT)
    assert main(["start"]) == 0
    assert (folder / "01_sigmoid.py").read_text("utf-8") == HEAD + RIGHT


def test_hint_solution_and_wrong_names(folder, capsys):
    answer(folder, "    return z\n")
    main(["check", "sigmoid", "--hint"])
    assert "Hint" in capsys.readouterr().out
    assert main(["check", "1", "--solution"]) == 0
    out = capsys.readouterr().out
    assert "def sigmoid" in out and "your turn" not in out
    with pytest.raises(SystemExit):
        main(["check", "99"])


def test_what_breaks_a_property_is_named_too():
    exercise = exercise_of("21_permutation_importance")

    def kept_shuffled(score, X, y, orders):  # which the cases by hand do not tell from right
        Z, falls = X.copy(), np.zeros(X.shape[1])
        for j in range(X.shape[1]):
            for order in orders:
                Z[:, j] = X[order, j]
                falls[j] += score(X, y) - score(Z, y)
        return falls / len(orders)

    failure = judge(exercise, kept_shuffled)
    assert failure.check.startswith("property") and "stay shuffled" in failure.diagnosis


def test_the_folder_may_come_after_the_command(tmp_path, capsys):
    own = str(tmp_path / "own")
    assert main(["start", "--folder", own]) == 0
    assert f"check --folder {own}" in capsys.readouterr().out
    assert main(["check", "1", "--folder", own]) == 1 == main(["--folder", own, "check", "1"])
    assert "your turn" in capsys.readouterr().out


def test_play_says_what_there_is_and_where_no_window_opens(capsys):
    assert main(["play"]) == 0 and "step_size" in capsys.readouterr().out
    assert main(["play", "nothing"]) == 2 and "no picture" in capsys.readouterr().err
    pyplot.switch_backend("agg")
    assert main(["play", "depth"]) == 2 and "no window" in capsys.readouterr().err


def test_differences():
    assert difference(1, 1.0, 1e-9) is None
    assert difference([1, 2], (1, 2), 1e-9) is None
    assert difference(np.nan, np.nan, 1e-9) is None
    assert difference({"a": 1}, {"a": 2}, 1e-9) == "at 'a': the values differ"
    assert "keys" in difference({"b": 1}, {"a": 2}, 1e-9)
    assert difference((np.zeros(2), 1), (np.zeros(2), 2), 1e-9) == "in place 1: the values differ"
    assert difference("x", 1.0, 1e-9) == "the values differ"


@pytest.mark.parametrize(
    "text", ["def f(): pass\n", "# until here\n# your turn\n", "# your turn\n"]
)
def test_marks_need_partners(text):
    with pytest.raises(ValueError):
        stub_of(text)
