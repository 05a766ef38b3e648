"""Flows answered from the responses file as it is now."""

import logging
import os
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence

from mitmproxy import http

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.format.added_entries import AddedEntries
from fakebackend.journal.admin import Admin
from fakebackend.journal.report import Report
from fakebackend.journal.report import make_report
from fakebackend.proxy.answerer import FlowAnswerer
from fakebackend.proxy.collector import collector_paused
from fakebackend.proxy.flow_edits import comment
from fakebackend.proxy.flow_request import FlowRequest
from fakebackend.proxy.response import make_response
from fakebackend.proxy.settings import Settings
from fakebackend.proxy.step_until_blocked import step_until_blocked
from fakebackend.reading.missing_file import IN_MITMPROXY
from fakebackend.responses_file import ResponsesFile
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.explanation import explain

logger = logging.getLogger(__name__)


class Serving:
    """The file that is served, and what answers from it."""

    def __init__(self, path: str, named_with: str = IN_MITMPROXY) -> None:
        self._named_with = named_with
        self.answerer = FlowAnswerer()
        self.file = self._file(os.path.abspath(path))
        self._added = AddedEntries()
        self._private: set[str] = set()
        """What no added entry gives away: that of all files that were served."""
        self._served: EntryTable | None = None
        self._made_of: EntryTable | None = None
        self._warned: EntryTable | None = None
        self._fail_on: tuple[str, ...] = ()

    def opened(self, option: str, *, keep_broken: bool) -> ResponsesFile:
        """Return the file that an option names, read; the one that is served is not read again.

        With `keep_broken` a file that is wrong is served all the same, so that the next save of it is tried.
        Raises `ValueError` if the name or the file is wrong.
        """
        if not option.strip():
            raise ValueError("responsesfile must name a file, got nothing")
        path = os.path.abspath(os.path.expanduser(option))
        if path == self.file.path and self.file.is_read():
            # Set to what it is, or rolled back to it: reading it now could hide the error of the other file.
            return self.file
        file = self._file(path)
        try:
            file.read()
        except ResponsesFileError:
            if keep_broken:
                self.file = file
            raise
        return file

    def refusal(self, reason: ResponsesFileError) -> str:
        """Return why another file is refused, and that the one which is served stays."""
        stays = f"still answering from {self.file.summary()}"
        return f"{reason}\n{stays}" if len(reason.errors) > 1 else f"{reason}; {stays}"

    def _file(self, path: str) -> ResponsesFile:
        def refused(error: ResponsesFileError) -> None:
            self.answerer.tally.file_refused(str(error).partition("\n")[0])

        return ResponsesFile(path, collector_paused, named_with=self._named_with, when_refused=refused)

    def serve(self, file: ResponsesFile) -> bool:
        """Serve a file and tell whether it is another one than before: that begins with nothing remembered."""
        switched = file is not self.file
        if switched:
            file.log_warnings()
            if self._served is not None:
                self.answerer.tally.fold(self._served)
            self._served = self._made_of = None
        self.file = file
        return switched

    def take_over(self, settings: Settings) -> None:
        """Do as the options say from here on."""
        answerer = self.answerer
        answerer.unmatched, answerer.delay, answerer.cors = settings.unmatched, settings.delay, settings.cors
        answerer.exchanges.keep(access_log=settings.access_log, journal=settings.journal)
        answerer.states.tell_apart(settings.state_key)
        if settings.seed != answerer.states.shared.seed:
            answerer.states.reseed(settings.seed)
        self._fail_on = settings.fail_on
        self.check_unmatched()

    def answer(self, flow: http.HTTPFlow) -> Awaitable[None] | None:
        """Answer a live flow; only where that takes waiting is there something to await."""
        return self._when_current(flow, lambda: self.answerer.answer(flow, self.table()))

    def answer_saved(self, flow: http.HTTPFlow) -> Awaitable[None] | None:
        """Give a saved flow its answer, if there is an entry."""
        return self._when_current(flow, lambda: self._answer_saved(flow))

    def answer_saved_now(self, flow: http.HTTPFlow) -> bool:
        """Give a saved flow its answer where nothing can be awaited, and tell whether there was one.

        Raises `ValueError` if the answer takes waiting.
        """
        before = flow.response
        waiting = step_until_blocked(self._answer_saved(flow))
        if waiting is not None:
            waiting.close()
            raise ValueError("the answer takes waiting, which is not possible here")
        return flow.response is not before

    def explained(self, flow: http.HTTPFlow) -> Iterator[str]:
        """Explain who answers the request of a flow, line by line."""
        table = self.table()  # which adapts the state
        request = FlowRequest(flow)
        return explain(table, request, self.answerer.states.of(request)).lines()

    def control(self, flow: http.HTTPFlow, admin: Admin) -> Awaitable[None] | None:
        """Answer a call of control, from the file as it is now; no page of another origin may read it."""

        def answer() -> None:
            request = FlowRequest(flow)
            flow.response = make_response(admin.answer(request), method=flow.request.method)
            comment(flow, "control of fakebackend")

        return self._when_current(flow, answer)

    def report(self, *, entries: bool = True) -> Report:
        """Return the report of what has been answered since the start or the last reset."""
        table = self.table() if entries and self.file.table is not None else None
        report = make_report(self.answerer.tally, table, self.file.name, self.file.shadowed)
        return report.failing(self._fail_on)

    def reset(self) -> None:
        """Forget all that has happened, and the entries that were added."""
        self._added.clear()
        self._put_added_on_top()
        self.answerer.states.reset()
        self.answerer.exchanges.forget()
        self.answerer.forget_counts()

    def table(self) -> EntryTable:
        """Return the table of the file's last good content, with what was added; the state is adapted to it.

        Raises `ValueError` if the file has never been good.
        """
        table = self.file.table
        if table is None:
            # A new one each time: raising the one that is kept would add to its traceback for ever.
            raise ValueError(str(self.file.error or f"{self.file.name} has not been read yet"))
        if table is not self._made_of:
            self._swap(table)
        assert self._served is not None  # it is made whenever that changes
        return self._served

    def add_entries(self, content: bytes) -> tuple[Sequence[str], Sequence[str]]:
        """Take entries that win over the file's until the next reset; return their labels, and warnings.

        Raises `ResponsesFileError` if they are wrong, and `ValueError` if the file has never been good: nobody knows
        then what is private.
        """
        self.table()
        taken = self._added.add(content, os.path.dirname(self.file.path), self._private)
        self._put_added_on_top()
        return taken

    def _swap(self, table: EntryTable) -> None:
        served = self._added.on_top_of(table)
        if self._served is None:
            self.answerer.states.begin(table.state)
        else:
            self.answerer.tally.fold(self._served)
            self.answerer.states.rebase(table.state, served.remembered_keys())
        self._private.update(self.file.private)
        self._made_of, self._served = table, served
        self.check_unmatched()

    def _put_added_on_top(self) -> None:
        """Have other entries on top of the same file, whose own have nothing to forget by that."""
        if self._made_of is not None:
            self._served = self._added.on_top_of(self._made_of)

    def check_unmatched(self) -> None:
        """Warn of an `$unmatched` that is not asked, as the option says what is done; once for each table."""
        table, policy = self.file.table, self.answerer.unmatched
        if table is None or table.unmatched is None or policy.status is not None or table is self._warned:
            return
        self._warned = table
        logger.warning(f"$unmatched is not asked: requests without an entry are {policy}.")

    async def _answer_saved(self, flow: http.HTTPFlow) -> None:
        try:
            await self.answerer.answer_saved(flow, self.table())
        except Exception as e:
            self.answerer.fail(flow, e)

    def _when_current(
        self, flow: http.HTTPFlow, answer: Callable[[], Awaitable[None] | None]
    ) -> Awaitable[None] | None:
        try:
            if not self.file.is_fresh():
                return self._after_reading(flow, answer)
            return answer()
        except Exception as e:
            self.answerer.fail(flow, e)
        return None

    async def _after_reading(self, flow: http.HTTPFlow, answer: Callable[[], Awaitable[None] | None]) -> None:
        try:
            await self.file.refresh()
            if (waiting := answer()) is not None:
                await waiting
        except Exception as e:
            self.answerer.fail(flow, e)
