"""What each command does: from its options to its results."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from mlcore.checks import plural
from risk.check.whole import check, report
from risk.console import ProgressBar, summary
from risk.data.columns import describe_schema, parse_rule
from risk.data.reading import DataError, read_csv, write_csv
from risk.data.records import Records, read_records, write_records
from risk.data.roles import Roles
from risk.data.table import pupil_table
from risk.evaluation.figures import evaluate
from risk.evaluation.weeks import ORACLE, with_oracle
from risk.features.known import school_table
from risk.folders import check_output, check_place, model_path, new_folder, results_folder
from risk.lists import FIRST, keep_stable, read_previous
from risk.models.risk_model import load_model
from risk.options import biases_of, settings_of
from risk.pipeline import Progress, Result, steps_of, travel, travel_school, weeks_to_compare
from risk.report import write_report
from risk.report.words import no_better
from risk.results import write_metrics, write_results
from risk.school import School, as_of, simulate_school
from risk.school.marginals import marginals_table, measured
from risk.school.writing import count_pieces, write_school
from risk.scoring import score
from risk.skills.map import skills_table, write_skills
from risk.text import printable

CHECKED_SEEDS, CHECKED_PUPILS = range(5), 10_000


def say(title: str, text: str) -> None:
    """Print one line of what was found."""
    print(printable(f"{title:12}{text}"))


def run_demo(options: argparse.Namespace) -> int:
    """Simulate a school, write its files, and take the road from those files on."""
    with results_folder(options.out, options.overwrite) as (folder, shown):
        school = simulate_school(options.pupils, options.weeks, options.seed)
        (folder / "school").mkdir()
        write_records(as_of(school, options.week), folder / "school")
        (folder / "truth").mkdir()
        write_records(school.truth, folder / "truth")
        records = read_records(folder / "school")
        result = take_school_road(records, options.week, options)
        result.table.source = f"a simulated school, as of week {options.week}"
        beside_the_truth(result, school, options.week)
        write_all(result, folder)
    tell(result, shown)
    return 0


def beside_the_truth(result: Result, school: School, week: int) -> None:
    """Add what the oracle reaches on the same pupils; the road is done, so the truth may be seen."""
    weeks = school.truth["weeks"]
    if result.weekly is not None:
        result.weekly = with_oracle(result.weekly, weeks)
    known = result.table.at_risk.notna().to_numpy()
    risk = weeks[weeks["week"] == week].set_index("pupil")["true_risk"]
    judged = risk.reindex(result.table.ids[known]).where(result.best.tested).to_numpy()
    alike = result.table.alike
    cluster = None if alike is None else alike[known]
    result.oracle = evaluate("Oracle", result.at_risk, judged, result.best.rule, ORACLE, cluster)


def run_train(options: argparse.Namespace) -> int:
    """Read the user's table, or a school's folder, and take the road."""
    if options.out:  # before the work, not after it
        check_place(Path(options.out), options.overwrite)
    if Path(options.data).is_dir():
        return train_on_school(options)
    raw = read_csv(options.data)
    table = pupil_table(raw, roles_of(options))
    with results_folder(options.out, options.overwrite) as (folder, shown):
        settings = settings_of(options)
        with watched(steps_of(table, settings)) as progress:
            result = travel(table, settings, previous_list(options), progress)
        write_all(result, folder)
    for line in describe_schema(table.schema):
        say("Columns", line)
    tell(result, shown)
    return 0


def roles_of(options: argparse.Namespace) -> Roles:
    """Return what the user says of a CSV file's columns; DataError for what only a folder has."""
    if options.week is not None:
        raise DataError("--week is for a folder of a school's tables; a CSV file has no weeks.")
    if options.target is None:
        raise DataError(
            f"--target is missing: name the column of {options.data} that is the outcome."
        )
    return Roles(
        target=options.target,
        below=options.at_risk_below,
        positive=options.positive,
        id_column=options.id,
        drop=options.drop,
        protected=options.protected,
        categories=options.categories,
        use_protected=options.train_on_protected,
        cohort=options.cohort,
        group=options.group,
        left=options.left,
        prior=options.prior,
        rule=parse_rule(options.rule) if options.rule else (),
        may_repeat=options.split == "pupil",
    )


OF_A_FILE = ("target", "at_risk_below", "positive", "id", "drop", "categories", "protected",
             "train_on_protected", "cohort", "group", "left", "prior", "rule")  # fmt: skip


def train_on_school(options: argparse.Namespace) -> int:
    """Take the road on a folder of a school's tables."""
    given = [name for name in OF_A_FILE if getattr(options, name) not in (None, (), False)]
    if given:
        option = f"--{given[0].replace('_', '-')}"
        raise DataError(
            f"{options.data} is a folder of a school's tables, which names its own columns. Leave "
            f"out {option}, or give one CSV file."
        )
    records = read_records(options.data)
    last = last_week(records)
    week = last if options.week is None else options.week
    if week > last:
        raise DataError(
            f"--week is {week}, but the records of the last year end with week {last}: nothing is known "
            f"of its pupils after that. Give --week {last} or less."
        )
    with results_folder(options.out, options.overwrite) as (folder, shown):
        result = take_school_road(records, week, options)
        result.table.source = f"the tables in {Path(options.data).name}, as of week {week}"
        write_all(result, folder)
    tell(result, shown)
    return 0


def last_week(records: Records) -> int:
    """Return the last week recorded of the pupils of the last year."""
    pupils, attendance = records.tables["pupils"], records.tables["attendance"]
    current = pupils.loc[pupils["year"] == pupils["year"].max(), "pupil"]
    weeks = attendance.loc[attendance["pupil"].isin(current), "week"]
    return int(weeks.max()) if len(weeks) else 0


def take_school_road(records: Records, week: int, options: argparse.Namespace) -> Result:
    """Travel on a school's tables, with a progress bar."""
    settings, table = settings_of(options), school_table(records, week)
    with watched(steps_of(table, settings, weeks_to_compare(records, week))) as progress:
        return travel_school(records, week, settings, previous_list(options), progress)


def previous_list(options: argparse.Namespace) -> Collection[str]:
    """Return the pupils of the earlier list, if one was given."""
    return read_previous(options.previous) if options.previous else ()


@contextmanager
def watched(steps: int) -> Iterator[Progress]:
    """Give the function that moves a progress bar on, and wipe the bar at the end."""
    bar = ProgressBar(steps)
    try:
        yield bar.step
    finally:
        bar.close()


def write_all(result: Result, folder: Path) -> None:
    """Write everything that was found into the folder."""
    write_results(result, folder)
    write_report(result, folder)
    write_metrics(result, folder)


def tell(result: Result, shown: Path) -> None:
    """Print what was noticed and the summary, now that the results are in place."""
    for note in [*result.table.notes, *result.notes]:
        say("Note", note)
    for caution in [result.best.caution, no_better(result)]:
        if caution:
            say("CAUTION", caution)
    print(printable(summary(result, str(shown / "report.html"))))


def run_predict(options: argparse.Namespace) -> int:
    """Score the pupils of a new file with a saved model."""
    out, model_file = Path(options.out), model_path(Path(options.model))
    check_output(out, options.overwrite, [Path(options.data), model_file])
    if Path(options.data).is_dir():
        raise DataError(
            f"{options.data} is a folder, but a CSV file of new pupils was expected. A school's folder "
            "is scored as it is learnt from: risk train FOLDER --week K."
        )
    trained = load_model(model_file)
    table, notes = score(trained, read_csv(options.data), options.id, options.capacity)
    previous = previous_list(options)
    if previous:
        table, note = keep_stable(table, previous, int((table["tier"] == FIRST).sum()))
        notes.append(note)
    write_csv(table, out)
    for note in notes:
        say("Note", note)
    marked = int((table["tier"] == FIRST).sum())
    say("Scored", f"{plural(len(table), 'pupil')}; {marked} to be seen first: {out}")
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Say what is odd in a file or a folder."""
    found = check(options.data, options.target, options.at_risk_below, options.positive, options.id)
    print(printable(report(found)))
    return 0


def run_simulate(options: argparse.Namespace) -> int:
    """Write the tables of a simulated school, or hold its figures against their sources."""
    if options.check:
        values = measured(CHECKED_PUPILS, options.weeks, CHECKED_SEEDS)
        print(marginals_table(values, CHECKED_SEEDS))
        return 0
    if options.out is None:
        raise DataError("--out is missing: name the folder to write the school's tables into.")
    steps = count_pieces(options.pupils, options.years)
    with new_folder(Path(options.out)) as folder, watched(steps) as progress:
        counts = write_school(
            folder, options.pupils, options.weeks, options.seed,
            n_years=options.years, as_of_week=options.week, n_futures=options.futures,
            biases=biases_of(options), progress=progress,
        )  # fmt: skip
    told = ", ".join(f"{name} {rows:,} rows" for name, rows in counts.items())
    say("Written", f"{options.out}: {told}; see README.txt there")
    return 0


def run_skills(options: argparse.Namespace) -> int:
    """List the skills, or draw them."""
    print(printable(skills_table()))
    if options.out:
        check_output(Path(options.out), options.overwrite, [])
        write_skills(options.out)
        say("Drawn", options.out)
    return 0


RUN: dict[str, Callable[[argparse.Namespace], int]] = {
    "demo": run_demo,
    "train": run_train,
    "predict": run_predict,
    "check": run_check,
    "simulate": run_simulate,
    "skills": run_skills,
}
