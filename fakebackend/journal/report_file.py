"""`responses_report`: a report written to a file, in the form that its name ends in."""

import errno
import json
import os
import stat
from collections.abc import Callable
from typing import NamedTuple

from fakebackend.diagnostics.wording import format_value
from fakebackend.journal.junit import as_junit
from fakebackend.journal.markdown import as_markdown
from fakebackend.journal.report import Report

ReportWriter = Callable[[Report], str]


def as_json(report: Report) -> str:
    """Return the report as indented JSON."""
    return json.dumps(report.as_data(), indent=2, ensure_ascii=False) + "\n"


FORMS: dict[str, ReportWriter] = {".json": as_json, ".xml": as_junit, ".md": as_markdown}
"""How reports are written, by the ending of the file's name."""


class ReportFile(NamedTuple):
    """Where a report is written, and how."""

    path: str
    form: ReportWriter

    def write(self, report: Report) -> None:
        """Write a report; a file of that name is replaced as a whole, or stays as it is.

        Raises `OSError` if that cannot be done.
        """
        path = os.path.realpath(self.path)  # of a link what it leads to is replaced
        mode = _mode_of(path)
        new = os.path.join(os.path.dirname(path), f".fakebackend-{os.getpid()}.new")
        try:
            with open(new, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                file.write(self.form(report))
                file.flush()
                os.fsync(file.fileno())
            if mode is not None:
                os.chmod(new, mode)
            os.replace(new, path)
        except BaseException:
            if os.path.exists(new):
                os.unlink(new)
            raise


def _mode_of(path: str) -> int | None:
    """Return the mode of a file that is to be replaced, or None if there is none.

    Raises `OSError` for what is no file: a device would be gone, and a folder cannot be replaced.
    """
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is there and no regular file")
    return stat.S_IMODE(found.st_mode)


def parse_report_file(text: str) -> ReportFile | None:
    """Return where a report goes, or None for an empty text.

    Raises `ValueError` for a name that does not say in which form.
    """
    if not text.strip():
        return None
    path = os.path.abspath(os.path.expanduser(text.strip()))
    ending = os.path.splitext(path)[1].lower()
    if ending not in FORMS:
        raise ValueError(f"responses_report must end in .json, .xml or .md, got {format_value(text)}")
    return ReportFile(path, FORMS[ending])
