import pytest

from fakebackend.messages.methods import STANDARD_METHODS
from fakebackend.messages.methods import is_method
from fakebackend.messages.methods import misspelled


@pytest.mark.parametrize("word", [*STANDARD_METHODS, "*", "PROPFIND", "M-SEARCH", "X1", "A|B", "BASELINE-CONTROL"])
def test_tokens_in_upper_case_are_methods(word: str) -> None:
    assert is_method(word)


@pytest.mark.parametrize("word", ["get", "Get", "", "$GET", "/USER", "GET /A", "G\n", "123", "-", "**", "GÉT", "GET:"])
def test_other_words_are_no_methods(word: str) -> None:
    assert not is_method(word)


@pytest.mark.parametrize(
    ("method", "meant"),
    [
        pytest.param("PSOT", "POST", id="swapped"),
        pytest.param("PIST", "POST", id="changed"),
        pytest.param("POSTT", "POST", id="one-too-many"),
        pytest.param("ELETE", "DELETE", id="first-missing"),
        pytest.param("DELET", "DELETE", id="last-missing"),
        pytest.param("OPTION", "OPTIONS", id="singular"),
        pytest.param("PTACH", "PATCH", id="swapped-inside"),
        pytest.param("GTE", "GET", id="swapped-at-end"),
        pytest.param("GET", None, id="right"),
        pytest.param("*", None, id="any"),
        pytest.param("PROPFIND", None, id="unknown"),
        pytest.param("TEG", None, id="reversed"),
        pytest.param("PO", None, id="two-missing"),
        pytest.param("DLTEEE", None, id="two-edits"),
    ],
)
def test_one_edit_away_from_a_standard_method_is_a_likely_slip(method: str, meant: str | None) -> None:
    assert misspelled(method) == meant
