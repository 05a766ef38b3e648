import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.matching.converters import CONVERTERS
from fakebackend.matching.converters import SEGMENT
from fakebackend.matching.path_template import parse_path_template
from fakebackend.matching.segment import Segment


def test_a_pattern_has_literals_decoded_and_parameters_by_name() -> None:
    pattern = parse_path_template("/a%20b/{id:int}/./x/../{name}.json")
    assert pattern.segments == (
        "",
        "a b",
        Segment(("", ""), (CONVERTERS["int"],)),
        Segment(("", ".json"), (SEGMENT,)),
    )
    assert pattern.names == ("id", "name")
    assert pattern.to_python({"id": "007", "name": "ann"}) == {"id": 7, "name": "ann"}


def test_patterns_are_equal_whatever_their_parameters_are_called() -> None:
    assert parse_path_template("/a/{x}-{y:int}").segments == parse_path_template("/a/{p}-{q:int}").segments
    assert parse_path_template("/a/{x}").segments != parse_path_template("/a/{x:int}").segments


@pytest.mark.parametrize("name", ["id", "user-id", "a b", "ü", "$x", "0", "a?b", "a#b", "a.b"])
def test_a_name_is_any_characters(name: str) -> None:
    assert parse_path_template(f"/{{{name}}}").names == (name,)


@pytest.mark.parametrize(
    ("more", "less"),
    [
        pytest.param("/a", "/a{x}", id="literal-before-text-around"),
        pytest.param("/ab{x}", "/a{x}", id="more-literal-characters"),
        pytest.param("/a{x}bc", "/ab{x}", id="characters-on-both-sides-count"),
        pytest.param("/{x}.{y}", "/{x:int}", id="text-around-before-integer"),
        pytest.param("/a{p:path}", "/{x:int}", id="text-around-rest-before-integer"),
        pytest.param("/{x:int}", "/{x}", id="integer-before-any"),
        pytest.param("/{x:uuid}", "/{x}", id="uuid-before-any"),
        pytest.param("/{x}", "/{x:path}", id="any-before-rest"),
        pytest.param("/a/{x}", "/{x}/a", id="first-segment-decides"),
        pytest.param("/{x:int}/{p:path}", "/{x}/a", id="first-segment-decides-whatever-follows"),
        pytest.param("/{x}/a", "/{x}/{y}", id="second-segment-decides"),
        pytest.param("/a/{x}/{y}", "/a/{x:path}", id="segments-before-rest"),
    ],
)
def test_segment_by_segment_the_more_specific_ranks_first(more: str, less: str) -> None:
    assert parse_path_template(more).sort_key < parse_path_template(less).sort_key


def test_integer_and_uuid_rank_alike() -> None:
    assert parse_path_template("/{x:int}").sort_key == parse_path_template("/{x:uuid}").sort_key


def test_a_literal_of_a_million_characters_still_ranks_behind_a_literal_segment() -> None:
    assert parse_path_template("/" + "a" * 1_000_001 + "{x}").sort_key > parse_path_template("/a").sort_key


@pytest.mark.parametrize(
    ("path", "error"),
    [
        pytest.param("/{}", "a parameter needs a name, as in {id}", id="no-name"),
        pytest.param("/{:int}", "a parameter needs a name, as in {id}", id="kind-alone"),
        pytest.param(
            "/{id:integer}",
            'unknown parameter type "integer", expected int, uuid, path, did you mean "int"?',
            id="unknown-kind",
        ),
        pytest.param("/{id:}", 'unknown parameter type "", expected int, uuid, path', id="empty-kind"),
        pytest.param("/{id:float}", 'unknown parameter type "float", expected int, uuid, path', id="starlettes-float"),
        pytest.param("/{a}/{a}", "the parameter {a} is named twice", id="twice"),
        pytest.param("/{a}-{a}", "the parameter {a} is named twice", id="twice-in-a-segment"),
        pytest.param("/{id", 'a brace without its other half in "{id"; a literal one is %7B or %7D', id="open"),
        pytest.param("/id}", 'a brace without its other half in "id}"; a literal one is %7B or %7D', id="close"),
        pytest.param("/{a/b}", 'a brace without its other half in "{a"; a literal one is %7B or %7D', id="slash"),
        pytest.param("/{{a}}", 'a brace without its other half in "{"; a literal one is %7B or %7D', id="doubled"),
        pytest.param(
            "/{p:path}/a", "{p:path} takes the rest of the path, so it must stand at its end", id="rest-in-front"
        ),
        pytest.param(
            "/{p:path}.json",
            "a :path parameter takes the rest of the path, so it must stand at its end",
            id="text-after-rest",
        ),
        pytest.param(
            "/{p:path}{q}",
            "a :path parameter takes the rest of the path, so it must stand at its end",
            id="parameter-after-rest",
        ),
    ],
)
def test_a_misspelled_template_is_refused(path: str, error: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_path_template(path)
    assert str(caught.value) == error


def test_an_encoded_brace_is_literal() -> None:
    assert parse_path_template("/%7Bid%7D/{x}").segments[1] == "{id}"
