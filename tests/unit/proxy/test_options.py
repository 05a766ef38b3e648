import pytest
from mitmproxy.addonmanager import Loader
from mitmproxy.test import taddons

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.proxy.options import OPTIONS
from fakebackend.proxy.options import add_options
from fakebackend.proxy.options import current
from fakebackend.proxy.options import current_delay


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_is_added_with_its_default_and_is_text_or_a_switch(tctx: taddons.context, name: str) -> None:
    """A wrong `--set` for any other type would leave the script out without a word."""
    assert name not in tctx.options
    add_options(Loader(tctx.master))
    assert getattr(tctx.options, name) == OPTIONS[name].default
    assert OPTIONS[name].type in (str, str | None)
    assert OPTIONS[name].help.endswith(".")


def test_an_option_has_its_default_where_it_was_never_added(tctx: taddons.context) -> None:
    assert current("responsesfile") == "responses.json"
    assert current_delay() == 0.0


def test_an_option_of_others_is_off_where_they_are_missing(tctx: taddons.context) -> None:
    assert current("intercept_active") is False
    tctx.options.add_option("intercept_active", bool, True, "As the addon Intercept adds it.")
    assert current("intercept_active") is True


def test_an_option_has_the_value_that_was_set(tctx: taddons.context) -> None:
    add_options(Loader(tctx.master))
    tctx.options.update(responsesfile="other.yaml", responses_delay="250ms")
    assert (current("responsesfile"), current_delay()) == ("other.yaml", 0.25)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param(
            "2", 'responses_delay must be like "200ms" or "1.5s", got "2", did you mean "2s" or "2ms"?', id="no-unit"
        ),
        pytest.param("", 'responses_delay must be like "200ms" or "1.5s", got ""', id="nothing"),
        pytest.param("90000s", 'responses_delay must not be longer than a day, got "90000s"', id="too-long"),
    ],
)
def test_a_delay_that_is_none_is_refused(tctx: taddons.context, text: str, error: str) -> None:
    add_options(Loader(tctx.master))
    tctx.options.update(responses_delay=text)
    with pytest.raises(ValidationError) as caught:
        current_delay()
    assert str(caught.value) == error
