from pathlib import Path

import pytest
from mitmproxy import exceptions
from mitmproxy.test import taddons

from fakebackend.journal.markdown import as_markdown
from fakebackend.proxy.addon import DummyBackend
from fakebackend.proxy.settings import current_settings

TOKEN = "0123456789abcdef"


def test_by_default_there_is_nothing_of_all_that(backend: DummyBackend) -> None:
    settings = current_settings()
    assert (settings.report_file, settings.fail_on, settings.journal, settings.token) == (None, (), 0, "")
    assert (settings.state_key, settings.seed, settings.saved_flows, settings.access_log) == (None, None, False, False)


def test_the_options_are_read_together(backend: DummyBackend, tctx: taddons.context, folder: Path) -> None:
    tctx.configure(
        backend,
        responses_report="r.md",
        responses_fail_on="error,unused",
        responses_admin=TOKEN,
        responses_state_key=" cookie:sid ",
        responses_seed="7",
        responses_delay="1s",
    )
    settings = current_settings()
    assert settings.report_file == (str(folder / "r.md"), as_markdown)
    assert (settings.fail_on, settings.token, settings.seed, settings.delay) == (("unused", "error"), TOKEN, "7", 1.0)
    assert settings.state_key is not None
    assert settings.state_key.written == "cookie:sid"


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        pytest.param({}, 0, id="default"),
        pytest.param({"responses_admin": TOKEN}, 1_000, id="control"),
        pytest.param({"responses_report": "r.json"}, 1_000, id="report"),
        pytest.param({"responses_admin": TOKEN, "responses_journal": "0"}, 0, id="none-is-wanted"),
        pytest.param({"responses_journal": " 20000 "}, 20_000, id="so-many"),
        pytest.param({"responses_journal": "  "}, 0, id="blank"),
        pytest.param({"responses_journal": "007"}, 7, id="zeros"),
    ],
)
def test_requests_are_kept_where_something_shows_them(
    backend: DummyBackend, tctx: taddons.context, options: dict[str, str], kept: int
) -> None:
    tctx.configure(backend, **options)
    assert current_settings().journal == kept
    assert backend._serving.answerer.exchanges.journal.size == kept


@pytest.mark.parametrize(
    ("option", "value", "error"),
    [
        *[
            pytest.param("responses_journal", value, "responses_journal must be a number of requests, got ", id=value)
            for value in ("-1", "+1", "1.5", "1e3", "1_000", "٣", "²", "9999999999", "all")
        ],
        pytest.param("responses_report", "r.txt", "responses_report must end in .json, .xml or .md", id="report"),
        pytest.param("responses_fail_on", "unuse", 'got "unuse", did you mean "unused"?', id="fail-on"),
        pytest.param("responses_admin", "short", "responses_admin must be empty or a token of 16", id="token"),
        pytest.param("responses_state_key", "header", "responses_state_key must be header:NAME", id="state-key"),
    ],
)
def test_a_wrong_option_is_refused_and_changes_nothing(
    backend: DummyBackend, tctx: taddons.context, option: str, value: str, error: str
) -> None:
    before = current_settings()
    with pytest.raises(exceptions.OptionsError) as refused:
        tctx.options.update(**{option: value, "responses_seed": "7"})
    assert error in str(refused.value)
    after = current_settings()
    assert (after.journal, after.token, after.seed) == (before.journal, before.token, before.seed)
    assert backend._serving.answerer.states.shared.seed is None


def test_a_report_does_not_take_the_place_of_the_responses_file(
    backend: DummyBackend, tctx: taddons.context, folder: Path
) -> None:
    (folder / "link.json").symlink_to(folder / "responses.json")
    for name in ("responses.json", "link.json", "./responses.json"):
        with pytest.raises(exceptions.OptionsError, match="names the responses file"):
            tctx.configure(backend, responses_report=name)
