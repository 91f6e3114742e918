"""python -m tutorials: list the tutorials, check your exercises, play with the pictures.

python -m tutorials                 the list, and where you are
python -m tutorials start           put the stubs of the exercises into your own folder
python -m tutorials check           check them in order, up to the first that fails
python -m tutorials check 3 --hint  check one, with a hint; --solution shows the answer
python -m tutorials check --watch   check again whenever a file changes
python -m tutorials play NAME       move the sliders of a picture
python -m tutorials notebooks       make the .ipynb files anew from the scripts
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path

from tutorials.checker import learner
from tutorials.checker.messages import report
from tutorials.checker.stubs import readable, solutions

HERE = Path(__file__).parent


def titles() -> dict[str, str]:
    """Return each tutorial's file name and the title in its first heading, in order."""
    found = {}
    for path in sorted(HERE.glob("[0-9][0-9]_*.py")):
        heading = re.search(r"^# # (.+)$", path.read_text("utf-8"), re.MULTILINE)
        found[path.name] = heading[1] if heading else path.stem
    return found


def names() -> list[str]:
    """Return the names of the exercises, in order."""
    return [path.stem for path in solutions()]


def command(name: str, folder: Path) -> str:
    """Return what a learner with such a folder has to type."""
    own = "" if str(folder) == learner.FOLDER else f" --folder {folder}"
    return f"python -m tutorials {name}{own}"


def run_list(options: argparse.Namespace) -> int:
    """List the tutorials, and say where the learner is."""
    print("Tutorials, each a script that runs alone, and a notebook of the same name:\n")
    for name, title in titles().items():
        print(f"  python tutorials/{name:28} {title}")
    folder, all_names = Path(options.folder), names()
    done = [name for name in all_names if learner.is_passed(folder, name)]
    print(f"\nExercises: {len(done)} of {len(all_names)} passed.", end=" ")
    to_do = [name for name in all_names if name not in done]
    if not folder.is_dir():
        print(f"Begin with: {command('start', folder)}")
    else:
        print(
            f"Next: {to_do[0]}. Check it with: {command('check', folder)}" if to_do else "All done."
        )
    return 0


def run_start(options: argparse.Namespace) -> int:
    """Put the stubs into the learner's folder."""
    folder = Path(options.folder)
    new = learner.start(folder)
    kept = len(names()) - len(new)
    also = f"; {kept} were there and are as they were" if kept else ""
    print(f"{len(new)} exercises put into {folder}{also}.")
    print(f"Open {folder / (names()[0] + '.py')}, and check it with: {command('check', folder)}")
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Check one exercise, or all in order up to the first that fails."""
    folder = Path(options.folder)
    chosen = names() if options.exercise is None else [named(options.exercise)]
    if options.solution:
        if options.exercise is None:
            return complain("--solution needs the number of an exercise: check 3 --solution")
        path = next(p for p in solutions() if p.stem == chosen[0])
        print(readable(path.read_text("utf-8")), end="")
        return 0
    if not folder.is_dir():
        return complain(f"{folder} is not there. Begin with: {command('start', folder)}")
    if not options.watch:
        return check_in_order(folder, chosen, options.hint, anew=options.exercise is not None)
    try:
        while True:
            seen = stamps(folder)
            check_in_order(folder, chosen, options.hint, anew=options.exercise is not None)
            print("\nWaiting for a change. Ctrl-C ends.")
            while stamps(folder) == seen:
                time.sleep(0.5)
            print()
    except KeyboardInterrupt:
        print()
        return 0


def check_in_order(folder: Path, chosen: list[str], hint: bool, anew: bool) -> int:
    """Check exercises in order; stop at the first that fails."""
    for name in chosen:
        file = folder / f"{name}.py"
        if learner.is_passed(folder, name) and not anew:
            continue
        found = learner.check(name, file)
        print(report(name, str(file), found, learner.hint_of(name) if hint else None))
        if found["state"] != "passed":
            return 1
        learner.remember(folder, name, file)
    if len(chosen) > 1:
        print(f"All {len(chosen)} exercises passed.")
    return 0


def named(text: str) -> str:
    """Return the exercise of a number or a name."""
    for name in names():
        number, _, rest = name.partition("_")
        if text in (name, rest) or (text.isdigit() and int(text) == int(number)):
            return name
    raise SystemExit(complain(f"there is no exercise {text!r}: 1 to {len(names())} were expected"))


def stamps(folder: Path) -> dict[str, float]:
    """Return when each file was changed."""
    return {path.name: path.stat().st_mtime for path in folder.glob("*.py")}


def complain(sentence: str) -> int:
    """Say what the learner can mend, and return the exit status."""
    print(f"tutorials: {sentence}", file=sys.stderr)
    return 2


def run_play(options: argparse.Namespace) -> int:
    """Open a picture with sliders."""
    from tutorials.play import PICTURES, play

    if not options.picture:
        for name, what in PICTURES.items():
            print(f"  python -m tutorials play {name:10} {what}")
        return 0
    if options.picture not in PICTURES:
        return complain(f"there is no picture {options.picture!r}; there are {', '.join(PICTURES)}")
    if not has_a_window():
        return complain(
            "no window can be opened here. The picture stands still in its tutorial; to move the "
            "sliders, run this on a computer with a screen, and with tkinter or PyQt for Python"
        )
    return play(options.picture)


def has_a_window() -> bool:
    """Return whether matplotlib can open a window here, and not only write files."""
    from matplotlib import pyplot

    files_only = {"agg", "cairo", "pdf", "pgf", "ps", "svg", "template"}
    return pyplot.get_backend().lower() not in files_only


def run_notebooks(options: argparse.Namespace) -> int:
    """Make the notebooks anew, or with --check say which are not what their scripts make."""
    from tutorials.notebooks import make

    try:
        return make(options.only, options.check)
    except ImportError as error:
        return complain(f'{error.name} is not there. Get it with: pip install -e ".[notebooks]"')


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit status."""
    root = argparse.ArgumentParser(
        prog="python -m tutorials",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    root.add_argument("--folder", default=learner.FOLDER, help="your own folder of exercises")
    root.set_defaults(run=run_list)
    commands = root.add_subparsers(metavar="COMMAND")
    start = commands.add_parser(
        "start",
        help="put the stubs into your folder",
        description="Put the stub of each exercise into your folder; what is there stays as it is.",
    )
    start.set_defaults(run=run_start)
    check = commands.add_parser("check", help="check your exercises")
    check.add_argument("exercise", nargs="?", help="a number or a name (default: all in order)")
    check.add_argument("--hint", action="store_true", help="with a hint")
    check.add_argument("--watch", action="store_true", help="again whenever a file changes")
    check.add_argument("--solution", action="store_true", help="show the answer")
    check.set_defaults(run=run_check)
    for part in (start, check):  # the folder may come after the command too
        part.add_argument(
            "--folder", default=argparse.SUPPRESS, help="your own folder of exercises"
        )
    play = commands.add_parser("play", help="move the sliders of a picture")
    play.add_argument("picture", nargs="?", default="")
    play.set_defaults(run=run_play)
    notebooks = commands.add_parser("notebooks", help="make the notebooks from the scripts")
    notebooks.add_argument("--check", action="store_true", help="only compare them")
    notebooks.add_argument("--only", metavar="NN", help="one tutorial's")
    notebooks.set_defaults(run=run_notebooks)
    options = root.parse_args(arguments)
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())
