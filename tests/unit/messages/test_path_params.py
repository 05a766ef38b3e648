import pytest

from fakebackend.matching.path_template import parse_path_template
from fakebackend.messages.path_params import NO_PARAMS
from fakebackend.messages.path_params import PathParams
from fakebackend.messages.url_path import ENCODED_SLASH


@pytest.mark.parametrize(
    ("texts", "typed"),
    [
        pytest.param({}, {}, id="none"),
        pytest.param({"id": "007"}, {"id": "007"}, id="digits-stay-text"),
        pytest.param({"name": f"a{ENCODED_SLASH}b"}, {"name": "a/b"}, id="encoded-slash-is-a-slash"),
        pytest.param({"name": "a\udcff"}, {"name": "a\ufffd"}, id="no-utf-8"),
    ],
)
def test_where_the_path_says_nothing_of_types_parameters_are_readable_text(
    texts: dict[str, str], typed: dict[str, str]
) -> None:
    params = PathParams(texts)
    assert params.typed == typed
    assert params.texts == texts


def test_typed_parameters_are_what_the_path_makes_of_the_texts() -> None:
    params = PathParams(
        {"id": "007", "name": "ann"}, lambda texts: {"id": int(texts["id"]), "name": len(texts["name"])}
    )
    assert params.typed == {"id": 7, "name": 3}
    assert params.texts == {"id": "007", "name": "ann"}


def test_a_match_gives_texts_as_they_were_sent_and_types_as_the_key_asks() -> None:
    params = parse_path_template("/{id:int}/{name}/{rest:path}").match(f"/007/a{ENCODED_SLASH}b/c/d")
    assert params is not None
    assert params.texts == {"id": "007", "name": f"a{ENCODED_SLASH}b", "rest": "c/d"}
    assert params.typed == {"id": 7, "name": "a/b", "rest": "c/d"}


def test_typed_parameters_are_made_anew_so_that_changing_them_changes_nothing_else() -> None:
    params = PathParams({"id": "7"})
    params.typed["id"] = 8
    NO_PARAMS.typed["id"] = 8
    assert params.typed == {"id": "7"}
    assert (NO_PARAMS.typed, NO_PARAMS.texts) == ({}, {})
