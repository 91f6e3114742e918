"""The progress bar, where somebody watches and where nobody does."""

import io

from risk.console import ProgressBar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_sees_the_bar_and_is_left_clean():
    screen = Terminal()
    bar = ProgressBar(2, screen)
    bar.step("learning")
    assert screen.getvalue() == f"\r[{'#' * 15}{'.' * 15}] {'learning':<34}"
    bar.step("writing")
    bar.close()
    assert screen.getvalue().endswith("\r" + " " * 68 + "\r")
    assert "\n" not in screen.getvalue()


def test_a_file_sees_nothing():
    log = io.StringIO()
    bar = ProgressBar(2, log)
    bar.step("learning")
    bar.close()
    assert log.getvalue() == ""
