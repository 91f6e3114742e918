"""The command line: risk demo, train, predict, check, simulate, skills.

Exit status 0 when all went well, 2 when the user can mend something: then one sentence on stderr
says what, and nothing is left half-written.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from collections.abc import Sequence

from mlcore.checks import ConvergenceWarning
from risk.commands import RUN
from risk.data.reading import DataError
from risk.options import parser
from risk.text import printable


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    for stream in (sys.stdout, sys.stderr):  # a console of another code page must not stop us
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):  # so that we tidy up then too
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.default_int_handler)
    options = parser(RUN).parse_args(arguments)
    try:
        with warnings.catch_warnings():
            # Folds of a small file may separate; the penalty keeps their answer finite.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return int(options.run(options))
    except DataError as error:
        complain(str(error))
    except BrokenPipeError:  # whoever read our output has heard enough; the results are in place
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        what = error.filename2 or error.filename or "The output"
        complain(f"{what} cannot be written: {error.strerror or error}. Choose another place.")
    except KeyboardInterrupt:
        complain("stopped; nothing was written.")
        return 130
    return 2


def complain(sentence: str) -> None:
    """Say on stderr what the user can mend."""
    print(printable(f"risk: {sentence}"), file=sys.stderr)
