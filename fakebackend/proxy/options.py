"""The options that the addon adds to mitmproxy."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from typing import NamedTuple

from mitmproxy import ctx
from mitmproxy.addonmanager import Loader

from fakebackend.answers import unmatched_policy
from fakebackend.answers.delay import parse_duration
from fakebackend.messages import cors


class AddonOption(NamedTuple):
    """An option as mitmproxy wants it: text that `configure` checks.

    A value that mitmproxy itself found wrong would leave the script out. `str | None` is for what is on or off:
    given without a value it is None.
    """

    type: Any
    default: Any
    help: str


OPTIONS = {
    "responsesfile": AddonOption(
        str, "responses.json", "The file with the responses, JSON or YAML. Read again whenever it has changed."
    ),
    "responses_unmatched": AddonOption(
        str,
        unmatched_policy.DEFAULT,
        "What happens to a request without a response in the file: a status code from 200 to 599, "
        "forward (to the real server) or kill.",
    ),
    "responses_saved_flows": AddonOption(
        str | None,
        "false",
        "Also give flows that are read from a file the responses of the responses file: true or false.",
    ),
    "responses_cors": AddonOption(
        str,
        cors.DEFAULT,
        "Which pages may read responses from the file across origins: true (all), false, or a list of origins.",
    ),
    "responses_delay": AddonOption(str, "0s", "How much longer every response from the file takes, for example 200ms."),
    "responses_log": AddonOption(
        str | None,
        "false",
        "Log a line for each request, with the entry that has answered it: true or false.",
    ),
    "responses_report": AddonOption(
        str,
        "",
        "Where to write a report at the end: a file name in .json, .xml (JUnit) or .md (Markdown). Empty: nowhere.",
    ),
    "responses_fail_on": AddonOption(
        str,
        "",
        "What makes mitmdump end with status 1: unmatched (a request without an entry), unused (an entry without "
        "a request), error (an answer that failed), or several of them with commas.",
    ),
    "responses_journal": AddonOption(
        str,
        "",
        "How many of the last requests are kept. Empty: 1000 if responses_admin or responses_report is set, else none.",
    ),
    "responses_admin": AddonOption(
        str,
        "",
        "A token of 16 or more characters, with which tests may ask for /__fakebackend/… and change what is answered. "
        "Empty: nobody may.",
    ),
    "responses_state_key": AddonOption(
        str,
        "",
        "Keep state apart for each client, told by header:NAME, cookie:NAME or client (its address). "
        "Empty: all share one.",
    ),
    "responses_seed": AddonOption(
        str, "", "Fixes everything random in responses, so that a run can be repeated. Empty: nothing is fixed."
    ),
}

NO_OTHERS: Mapping[str, Any] = MappingProxyType({})

_ON = ("true", "yes", "on", "1")
_OFF = ("false", "no", "off", "0")

_OF_OTHERS = {"intercept_active": False}  # what mitmproxy has in some of its tools only


def add_options(loader: Loader, defaults: Mapping[str, Any] = NO_OTHERS) -> None:
    """Add every option, with other defaults for some."""
    for name, option in OPTIONS.items():
        loader.add_option(name, option.type, defaults.get(name, option.default), option.help)


def current(name: str) -> Any:
    """Return an option's value, or its default where `load` was never called, as `script.run` does."""
    if name in ctx.options:
        return getattr(ctx.options, name)
    return OPTIONS[name].default if name in OPTIONS else _OF_OTHERS[name]


def current_switch(name: str) -> bool:
    """Return whether an option is on; given without a value it is.

    Raises `ValueError` for anything but `true`, `yes`, `on`, `1` and their opposites.
    """
    value = current(name)
    if value is None or value.strip().lower() in _ON:
        return True
    if value.strip().lower() in _OFF:
        return False
    raise ValueError(f'{name} must be true or false, got "{value}"')


def current_delay() -> float:
    """Return the seconds of `responses_delay`.

    Raises `ValueError` if it is no duration.
    """
    return parse_duration(current("responses_delay"), "responses_delay", '"200ms" or "1.5s"')
