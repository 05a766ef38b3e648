import pytest

from fakebackend.journal.fail_on import parse_fail_on


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", (), id="nothing"),
        pytest.param(" , ", (), id="nothing-but-commas"),
        pytest.param("unused", ("unused",), id="one"),
        pytest.param(" error ,unmatched,", ("unmatched", "error"), id="in-our-order"),
        pytest.param("error,error", ("error",), id="twice"),
        pytest.param("error,unused,unmatched", ("unmatched", "unused", "error"), id="all"),
    ],
)
def test_words_are_separated_by_commas(text: str, words: tuple[str, ...]) -> None:
    assert parse_fail_on(text) == words


@pytest.mark.parametrize(
    ("text", "got"),
    [
        pytest.param("unmached", '"unmached", did you mean "unmatched"?', id="slip"),
        pytest.param("unused,errors", '"errors", did you mean "error"?', id="the-second"),
        pytest.param("unused error", '"unused error"', id="without-comma"),
        pytest.param("true", '"true"', id="nothing-like-it"),
        pytest.param("un\x1bused", '"un\\u001bused", did you mean "unused"?', id="control-character"),
    ],
)
def test_an_unknown_word_is_refused_with_the_nearest(text: str, got: str) -> None:
    expected = "unmatched, unused or error, or several with commas"
    with pytest.raises(ValueError, match=expected) as refused:
        parse_fail_on(text)
    assert str(refused.value).startswith(f"responses_fail_on must be {expected}, got {got}")
