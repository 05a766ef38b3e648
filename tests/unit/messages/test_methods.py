import pytest

from fakebackend.messages.methods import STANDARD_METHODS
from fakebackend.messages.methods import is_method
from fakebackend.messages.methods import misspelled
from fakebackend.messages.methods import several_methods


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
        pytest.param("ANY", "*", id="any-elsewhere"),
        pytest.param("ALL", "*", id="all-elsewhere"),
        pytest.param("PROPFIND", None, id="unknown"),
        pytest.param("TEG", None, id="reversed"),
        pytest.param("PO", None, id="two-missing"),
        pytest.param("DLTEEE", None, id="two-edits"),
    ],
)
def test_one_edit_away_from_a_standard_method_is_a_likely_slip(method: str, meant: str | None) -> None:
    assert misspelled(method) == meant


@pytest.mark.parametrize(
    ("method", "several"),
    [
        pytest.param("GET|POST", ["GET", "POST"], id="two"),
        pytest.param("GET", [], id="one"),
        pytest.param("GET|READ", [], id="one-of-its-own"),
    ],
)
def test_several_methods_in_one_key_are_seen(method: str, several: list[str]) -> None:
    assert several_methods(method) == several
