"""What is said, written and decided as mitmproxy ends: the summary, the report and the exit status."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from mitmproxy import ctx

from fakebackend.diagnostics.escaping import escape_control
from fakebackend.diagnostics.wording import reason_of
from fakebackend.journal.report import Report
from fakebackend.journal.report_file import ReportFile
from fakebackend.journal.summary import summary_lines

logger = logging.getLogger(__name__)


class Ending:
    """Ends a run: `report` gives what it came to, `report_file` says where that is written."""

    def __init__(self, report: Callable[[], Report]) -> None:
        self._report = report
        self.report_file: ReportFile | None = None
        self._took_signal = False

    def begin(self) -> None:
        """End in order when the terminal is gone, too; by default that ends a process on the spot."""
        if self.report_file is not None and not os.path.isdir(os.path.dirname(self.report_file.path)):
            logger.warning(f"responses_report: there is no folder for {escape_control(self.report_file.path)} yet.")
        # The console would run on without its terminal, and wait for what never comes.
        has_log = ctx.master.addons.get("termlog") is not None
        if has_log and hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
            with suppress(NotImplementedError, RuntimeError, ValueError):  # not everywhere, nor in every thread
                asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, ctx.master.shutdown)
                self._took_signal = True

    def forget(self) -> None:
        """Leave everything as it was found: the addon goes, mitmproxy stays."""
        if self._took_signal:
            asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)
            self._took_signal = False

    def end(self) -> None:
        """Say, write and decide, as the very last thing, so that no request is left out.

        Not in `done` itself: `sys.exit` there would leave out the same of addons that come later.
        """
        task = None
        with suppress(RuntimeError):  # there is no event loop
            task = asyncio.current_task()
        if task is None:
            self._end()
        else:
            task.add_done_callback(self._end_after)

    def _end_after(self, task: "asyncio.Task[Any]") -> None:
        # Not earlier: mitmproxy has a handler of its own until its last task is done.
        task.get_loop().set_exception_handler(_without_cancellations)
        self._end()

    def _end(self) -> None:
        try:
            report = self._report()
            _log("\n".join(summary_lines(report)))
            has_failed = not self._write(report)
            if report.failed:
                _say(f"fakebackend failed: {report.why_failed}")
                has_failed = True
        except Exception as e:
            _say(f"fakebackend could not report: {type(e).__name__}: {e}")
            has_failed = True
        if has_failed and ctx.master.addons.get("dumper") is not None:  # as mitmdump has it alone
            sys.exit(1)

    def _write(self, report: Report) -> bool:
        """Write the report, if it is wanted, and tell whether all is well."""
        if self.report_file is None:
            return True
        try:
            self.report_file.write(report)
        except OSError as e:
            _say(f"fakebackend cannot write the report {escape_control(self.report_file.path)}: {reason_of(e)}")
            return False
        return True


def _without_cancellations(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Leave out what Python 3.11.7 and 3.12.1 print of clients that are connected at the end.

    They ask a cancelled task for its error (https://github.com/python/cpython/issues/113538), whoever ends.
    """
    if not isinstance(context.get("exception"), asyncio.CancelledError):
        loop.default_exception_handler(context)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201  # log handlers are closed by now


def _log(text: str) -> None:
    """Write into mitmproxy's log, as far as that is still possible, or to the terminal that its console has left."""
    termlog = ctx.master.addons.get("termlog")
    if termlog is None:
        print(text)  # noqa: T201
        return
    record = logger.makeRecord(logger.name, logging.INFO, __file__, 0, text, (), None)
    if record.levelno >= termlog.logger.level:
        termlog.logger.emit(record)
