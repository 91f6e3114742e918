"""Whatever table is given, the answer is results or one sentence: never a traceback, never a part."""

import contextlib
import csv
import io
from unittest import mock

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from risk.cli import main
from risk.report import charts

ROWS = 48
MISSING = st.sampled_from(["", "NA", "?"])
KINDS = {
    "number": st.floats(-1e6, 1e6).map(repr),
    "decimal comma": st.floats(0, 99).map(lambda v: f"{v:.2f}".replace(".", ",")),
    "huge": st.sampled_from(["1e300", "-1e300", "0", "1e-300"]),
    "percent": st.integers(0, 100).map(lambda v: f"{v} %"),
    "yes/no": st.sampled_from(["yes", "no"]),
    "category": st.sampled_from(["Bonn", "=1+1", "<b>", "$x_1$", "naïve", "{0}", "%s"]),
    "text": st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8),
    "constant": st.just("5"),
    "missing": MISSING,
    "mixed": st.sampled_from(["1", "2", "3", "4", "absent"]),
}
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), min_size=1, max_size=9)


@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_results_or_one_sentence(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("odd")
    names = data.draw(st.lists(NAMES, min_size=1, max_size=4))
    columns = []
    for _ in names:
        kind = KINDS[data.draw(st.sampled_from(sorted(KINDS)))]
        holes = data.draw(st.booleans())
        cell = st.one_of(kind, kind, kind, MISSING) if holes else kind
        columns.append(data.draw(st.lists(cell, min_size=ROWS, max_size=ROWS)))
    target = [str(i % 3) for i in range(ROWS)]
    separator = data.draw(st.sampled_from([",", ";", "\t"]))
    with open(folder / "odd.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow([*names, "end"])
        writer.writerows(zip(*columns, target, strict=True))

    drawn = contextlib.nullcontext()
    if data.draw(st.integers(0, 2)) != 1:  # pictures are most of the time, and every third has them
        drawn = mock.patch.object(charts, "to_svg", lambda *figure: "<svg></svg>")
    out, err = io.StringIO(), io.StringIO()
    with drawn, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(
            ["train", str(folder / "odd.csv"), "--target", "end", "--positive", "0",
             "--folds", "2", "--trees", "3", "--out", str(folder / "r")]
        )  # fmt: skip
    made = {path.name for path in folder.iterdir()}
    if status == 0:
        assert made == {"odd.csv", "r"}
        assert "Report" in out.getvalue()
    else:
        assert status == 2
        assert made == {"odd.csv"}
        assert err.getvalue().startswith("risk: ")
        assert err.getvalue().rstrip().endswith((".", "?"))
