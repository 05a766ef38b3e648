"""The values of our options, read and checked together."""

import os
from typing import NamedTuple

from fakebackend.answers.unmatched_policy import UnmatchedPolicy
from fakebackend.answers.unmatched_policy import parse_unmatched
from fakebackend.diagnostics.wording import format_value
from fakebackend.journal.admin import parse_token
from fakebackend.journal.fail_on import parse_fail_on
from fakebackend.journal.report_file import ReportFile
from fakebackend.journal.report_file import parse_report_file
from fakebackend.messages.cors import CorsPolicy
from fakebackend.messages.cors import parse_cors
from fakebackend.proxy.options import current
from fakebackend.proxy.options import current_delay
from fakebackend.proxy.options import current_switch
from fakebackend.state.client_states import StateKey
from fakebackend.state.client_states import parse_state_key

_JOURNAL = 1_000
"""How many requests are kept where something shows them, and nobody has said how many."""


class Settings(NamedTuple):
    """What the options say, but for which file is served."""

    unmatched: UnmatchedPolicy
    delay: float
    cors: CorsPolicy
    saved_flows: bool
    access_log: bool
    seed: str | None
    report_file: ReportFile | None
    fail_on: tuple[str, ...]
    journal: int
    token: str
    state_key: StateKey | None


def current_settings() -> Settings:
    """Return what the options say now.

    Raises `ValueError` for the first that is wrong.
    """
    report_file, token = parse_report_file(current("responses_report")), parse_token(current("responses_admin"))
    if report_file is not None and _is_same(report_file.path, current("responsesfile")):
        raise ValueError("responses_report names the responses file, which it would take the place of")
    return Settings(
        parse_unmatched(current("responses_unmatched")),
        current_delay(),
        parse_cors(current("responses_cors")),
        current_switch("responses_saved_flows"),
        current_switch("responses_log"),
        current("responses_seed") or None,
        report_file,
        parse_fail_on(current("responses_fail_on")),
        _journal(current("responses_journal"), default=_JOURNAL if report_file or token else 0),
        token,
        parse_state_key(current("responses_state_key")),
    )


def _is_same(path: str, responsesfile: str) -> bool:
    return os.path.realpath(path) == os.path.realpath(os.path.expanduser(responsesfile))


def _journal(text: str, default: int) -> int:
    text = text.strip()
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ValueError(f"responses_journal must be a number of requests, got {format_value(text)}")
    return int(text)
