"""The addon: options, hooks and commands, and nothing that could live without mitmproxy."""

import json
import logging
from collections.abc import Awaitable
from collections.abc import Iterator
from collections.abc import Sequence

from mitmproxy import command
from mitmproxy import connection
from mitmproxy import ctx
from mitmproxy import exceptions
from mitmproxy import flow
from mitmproxy import hooks
from mitmproxy import http
from mitmproxy.addonmanager import Loader
from mitmproxy.proxy import server_hooks

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.escaping import escape_control
from fakebackend.journal.admin import Admin
from fakebackend.journal.summary import summary_lines
from fakebackend.proxy import started_by_run
from fakebackend.proxy.after_intercept import DEFERRED
from fakebackend.proxy.after_intercept import AfterIntercept
from fakebackend.proxy.announce import announce
from fakebackend.proxy.closed_proxy import ClosedProxy
from fakebackend.proxy.control import Control
from fakebackend.proxy.control import is_control
from fakebackend.proxy.ending import Ending
from fakebackend.proxy.explaining_view import ExplainingView
from fakebackend.proxy.explaining_view import add_view
from fakebackend.proxy.explaining_view import remove_view
from fakebackend.proxy.guard import NOT_LOADED
from fakebackend.proxy.guard import dismiss_guard
from fakebackend.proxy.guard import guard_reload
from fakebackend.proxy.guard import stand_guard
from fakebackend.proxy.last_word import say_last
from fakebackend.proxy.last_word import take_back
from fakebackend.proxy.mistyped_options import mistyped_options
from fakebackend.proxy.options import NO_OTHERS
from fakebackend.proxy.options import OPTIONS
from fakebackend.proxy.options import add_options
from fakebackend.proxy.options import current
from fakebackend.proxy.own_connections import IN_A_CIRCLE
from fakebackend.proxy.serving import Serving
from fakebackend.proxy.settings import current_settings
from fakebackend.reading.missing_file import IN_MITMPROXY

logger = logging.getLogger(__name__)


class DummyBackend:
    """Answers requests from the responses file, and keeps them from the real server."""

    def __init__(self) -> None:
        self._run_settings = started_by_run.settings
        named_with = IN_MITMPROXY if self._run_settings is None else started_by_run.NAMED_WITH
        self._serving = Serving(OPTIONS["responsesfile"].default, named_with)
        self._closed_proxy = ClosedProxy()
        self._late_answer: AfterIntercept | None = None
        self._ending = Ending(self._serving.report)
        self._admin: Admin | None = None
        self._loaded = False
        self._running = False
        self._saved_flows = False
        self._intercepting = False
        self._view: ExplainingView | None = None

    # Hooks, in the order of an addon's life

    def load(self, loader: Loader) -> None:
        """Add the options, under guard: if one is given a wrong value, mitmproxy goes on without this addon."""
        self._loaded = True
        stand_guard(NOT_LOADED)
        if self._run_settings is not None:
            self._run_settings.set_options()
        add_options(loader, NO_OTHERS if self._run_settings is None else started_by_run.OTHER_DEFAULTS)

    def configure(self, updated: set[str]) -> None:
        """Take over changed options; one that is wrong is refused and changes nothing."""
        serving = self._serving
        if self._loaded and (guard := dismiss_guard()) is not None:
            self._closed_proxy.strategy_before = guard.strategy_before
        try:
            settings = current_settings()
            file = serving.file
            if "responsesfile" in updated:
                file = serving.opened(current("responsesfile"), keep_broken=not self._running)
        except ValueError as e:
            if self._running:
                why = serving.refusal(e) if isinstance(e, ResponsesFileError) else str(e)
                raise exceptions.OptionsError(why) from e
            # Raising at start would print a traceback; an error in the log ends mitmdump as well.
            logger.error(str(e))
            if self._loaded:
                say_last("fakebackend has not started: correct what is said above, and start again.")
            return
        switched = serving.serve(file)
        serving.take_over(settings)
        self._admin = Admin(Control(serving), settings.token) if settings.token else None
        self._ending.report_file = settings.report_file
        self._saved_flows = settings.saved_flows
        self._intercepting = current("intercept_active")
        if self._loaded:
            self._closed_proxy.set(closed=not settings.unmatched.forward)
        if switched and self._running:
            announce(f"Answering from {file.summary()}")

    def running(self) -> None:
        """Say what is served, and take a place behind the console's interception."""
        if not self._loaded:
            return
        self._running = True
        take_back()
        self._view = add_view(self._explained)
        self._ending.begin()
        if self._run_settings is not None:
            self._run_settings.begin()
        self._late_answer = AfterIntercept(self._serving.answer)
        ctx.master.addons.add(self._late_answer)
        if self._serving.file.table is not None:
            announce(self._summary())
        if self._run_settings is not None:
            self._run_settings.say_how_to_control()
        for warning in mistyped_options():
            logger.warning(warning)
        if getattr(ctx.options, "stream_large_bodies", None) and not self._serving.answerer.unmatched.forward:
            logger.warning(
                "stream_large_bodies is set: a request with a larger body is refused with 502, not answered."
            )

    def request(self, flow: http.HTTPFlow) -> Awaitable[None] | None:
        """Answer the request; only where that takes waiting is there something to await."""
        if self._admin is not None and is_control(flow):
            return self._serving.control(flow, self._admin)
        if self._serving.answerer.exchanges.are_kept and flow.live:
            self._serving.answerer.exchanges.begin(flow)
        if not self._loaded:
            self._run_once(flow)
        elif not flow.live:
            return self._serving.answer_saved(flow) if self._saved_flows else None
        elif flow.response or flow.error:
            return None
        elif self._intercepting and self._late_answer:
            flow.metadata[DEFERRED] = True
        else:
            return self._serving.answer(flow)
        return None

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Hold a real answer back that is to be changed."""
        self._serving.answerer.forwarding.begin_response(flow)

    def response(self, flow: http.HTTPFlow) -> None:
        """Change a real answer as the entry that asked for it says."""
        self._serving.answerer.finish_forwarded(flow)
        self._serving.answerer.exchanges.end(flow)

    def error(self, flow: http.HTTPFlow) -> None:
        """Close the way out of a request that has failed."""
        self._serving.answerer.forwarding.forget(flow)
        self._serving.answerer.exchanges.end(flow)

    def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Let no connection out while nothing is to be forwarded."""
        if not self._serving.answerer.forwarding.allows(data):
            self._closed_proxy.check_connection(data)
        if not data.server.error and self._serving.answerer.own_connections.brought(data.client):
            data.server.error = IN_A_CIRCLE

    def server_connected(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Take note of a connection, to know a request that comes back by it."""
        self._serving.answerer.own_connections.add(data)
        if not self._serving.answerer.forwarding.allows(data):
            self._closed_proxy.check_connected(data)

    def server_disconnected(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Forget a connection."""
        self._serving.answerer.own_connections.remove(data)

    def client_disconnected(self, client: connection.Client) -> None:
        """Let the requests go that wait for a client that has left."""
        self._serving.answerer.disconnects.cancel(client.id)

    def done(self) -> None:
        """Leave mitmproxy as it was found."""
        self._serving.answerer.disconnects.cancel_all()
        if self._running and ctx.master.should_exit.is_set():
            self._ending.end()
        if self._loaded and not ctx.master.should_exit.is_set():
            self._ending.forget()
            if self._view is not None:
                self._view.forget()
                remove_view()
            if self._run_settings is not None:
                self._run_settings.end()
            self._loaded = False  # mitmproxy may configure what it is about to remove once more
            if (guard := guard_reload()) is None:
                self._closed_proxy.restore()
            else:
                guard.strategy_before = self._closed_proxy.strategy_before
        if self._late_answer:
            ctx.master.addons.remove(self._late_answer)
            self._late_answer = None

    # Commands

    @command.command("responses.list")
    def list_entries(self) -> Sequence[str]:
        """List the entries of the responses file in winning order, with the line of each."""
        table = self._serving.file.table
        return [escape_control(str(entry)) for entry in (table.in_winning_order() if table else ())]

    @command.command("responses.explain")
    def explain(self, flow: flow.Flow) -> Sequence[str]:
        """Explain which entry answers the request of a flow, and why not the others."""
        if not isinstance(flow, http.HTTPFlow):
            raise exceptions.CommandError("responses.explain takes an HTTP flow")
        try:
            return list(self._explained(flow))
        except ValueError as e:
            raise exceptions.CommandError(str(e)) from e

    @command.command("responses.reload")
    def reload(self) -> None:
        """Read the responses file now, changed or not."""
        try:
            self._serving.file.read()
        except ResponsesFileError as e:
            raise exceptions.CommandError(str(e)) from e
        self._serving.file.log_warnings()
        announce(self._summary())

    @command.command("responses.apply")
    def apply(self, flows: Sequence[flow.Flow]) -> None:
        """Give saved flows the responses of the responses file; flows without an entry keep theirs."""
        self._serving.file.refresh_sync()
        try:
            self._serving.table()
        except ValueError as e:
            raise exceptions.CommandError(str(e)) from e
        answered = [f for f in flows if isinstance(f, http.HTTPFlow) and not f.live and self._apply(f)]
        ctx.master.addons.trigger(hooks.UpdateHook(answered))
        announce(f"{len(answered)} of {len(flows)} flows answered from {self._serving.file.summary()}.")

    @command.command("responses.reset")
    def reset(self) -> None:
        """Set state, sequences, limits, counters, sessions, pages and the report back to the start."""
        self._serving.reset()
        announce("State, sequences, limits and counters are back at the start, and so is the report.")

    @command.command("responses.state")
    def show_state(self) -> str:
        """Show the state variables as JSON."""
        return json.dumps(self._serving.answerer.states.shared.variables, ensure_ascii=False, indent=2, default=str)

    @command.command("responses.report")
    def show_report(self) -> Sequence[str]:
        """Show what has been answered by which entry, what has not, and which entries were never used."""
        return list(summary_lines(self._serving.report()))

    def _explained(self, flow: http.HTTPFlow) -> Iterator[str]:
        self._serving.file.refresh_sync()
        return self._serving.explained(flow)

    def _apply(self, flow: http.HTTPFlow) -> bool:
        try:
            return self._serving.answer_saved_now(flow)
        except Exception as e:
            self._serving.answerer.fail(flow, e)
            return False

    def _run_once(self, flow: http.HTTPFlow) -> None:
        # The console's `|` runs this file as a new script on one flow, without `load` and without awaiting.
        try:
            self._serving.file.refresh_sync()
            if self._serving.answer_saved_now(flow):
                ctx.master.addons.trigger(hooks.UpdateHook([flow]))  # the console shows it anew
        except Exception as e:
            self._serving.answerer.fail(flow, e)

    def _summary(self) -> str:
        return f"Answering from {self._serving.file.summary()}; other requests are {self._serving.answerer.unmatched}."
