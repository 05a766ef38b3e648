import pytest

from fakebackend.messages.prefer import Preference
from fakebackend.messages.prefer import parse_preference


@pytest.mark.parametrize(
    ("fields", "preference"),
    [
        pytest.param(["code=404"], Preference(404), id="code"),
        pytest.param(['code="404"'], Preference(404), id="quoted-code"),
        pytest.param(["Code = 404"], Preference(404), id="case-and-space"),
        pytest.param(["example=empty"], Preference(example="empty"), id="example"),
        pytest.param(['example="no users, sorry"'], Preference(example="no users, sorry"), id="comma-in-quotes"),
        pytest.param([r'example="a \"b\" \\c"'], Preference(example=r'a "b" \c'), id="escapes-in-quotes"),
        pytest.param(["code=404, example=b"], Preference(404, "b"), id="both-in-one-field"),
        pytest.param(["code=404", "example=b"], Preference(404, "b"), id="both-in-two-fields"),
        pytest.param(["return=minimal, wait=10, code=503"], Preference(503), id="among-others"),
        pytest.param(["code=404, code=500"], Preference(404), id="the-first-counts"),
        pytest.param(["code=404; foo=bar"], Preference(404), id="with-a-parameter"),
        pytest.param(['foo; bar="code=1, example=2", code=404'], Preference(404), id="after-a-quoted-parameter"),
        pytest.param(["example"], Preference(example=""), id="no-value"),
        pytest.param([], None, id="no-field"),
        pytest.param([""], None, id="empty"),
        pytest.param(["respond-async"], None, id="of-others"),
        pytest.param(["foo; code=404"], None, id="parameter-of-another"),
        pytest.param(["code=4040"], None, id="no-status"),
        pytest.param(["code=abc"], None, id="no-number"),
        pytest.param(["code=٤٠٤"], None, id="digits-of-another-script"),
        pytest.param(['example="open'], None, id="open-quote"),
        pytest.param(["code 404"], None, id="no-equals-sign"),
        pytest.param([",,;=,"], None, id="punctuation"),
    ],
)
def test_what_a_request_prefers(fields: list[str], preference: Preference | None) -> None:
    assert parse_preference(fields) == preference


@pytest.mark.parametrize(
    "field",
    [
        pytest.param("a" * 60_000 + '"', id="token"),
        pytest.param("a=" * 30_000 + '"', id="equals-signs"),
        pytest.param('"' + r"\"" * 30_000, id="escapes"),
        pytest.param(" " * 60_000, id="spaces"),
    ],
)
def test_a_long_field_of_nonsense_is_turned_down(field: str) -> None:
    """Without backtracking, which would take hours here."""
    assert parse_preference([field]) is None


@pytest.mark.parametrize(
    ("preference", "status", "name", "fits"),
    [
        pytest.param(Preference(404), 404, None, True, id="code"),
        pytest.param(Preference(404), 200, None, False, id="other-code"),
        pytest.param(Preference(404), None, None, False, id="code-not-known"),
        pytest.param(Preference(example="a"), 200, "a", True, id="example"),
        pytest.param(Preference(example="a"), 200, None, False, id="no-name"),
        pytest.param(Preference(404, "a"), 404, "a", True, id="both"),
        pytest.param(Preference(404, "a"), 404, "b", False, id="both-but-name"),
        pytest.param(Preference(404, "a"), 200, "a", False, id="both-but-code"),
    ],
)
def test_which_case_fits(preference: Preference, status: int | None, name: str | None, fits: bool) -> None:
    assert preference.fits(status, name) is fits


@pytest.mark.parametrize(
    ("preference", "text"),
    [
        pytest.param(Preference(404), "code=404", id="code"),
        pytest.param(Preference(example="empty"), "example=empty", id="example"),
        pytest.param(Preference(404, 'no "b", sorry'), r'code=404, example="no \"b\", sorry"', id="quoted"),
        pytest.param(Preference(example=""), 'example=""', id="nothing"),
    ],
)
def test_how_it_is_said_to_be_applied(preference: Preference, text: str) -> None:
    """What is said reads back as the same."""
    assert str(preference) == text
    assert parse_preference([text]) == preference
