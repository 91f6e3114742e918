"""The report: one page that opens in any browser, for a teacher to read and to print.

One section a file, in the order of the page (``page``). Everything that comes from data passes
through html.escape. No script, nothing fetched: a content security policy in the page says so to
the browser as well.
"""

from risk.report.page import page, write_report

__all__ = ["page", "write_report"]
