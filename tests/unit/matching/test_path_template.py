import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.matching.path_template import parse_path_template
from fakebackend.matching.segment import Segment

UUID = "123e4567-e89b-12d3-a456-426614174000"


def segment_of(text: str) -> Segment:
    """Return the one segment of a path `/…`."""
    [_, segment] = parse_path_template("/" + text).segments
    assert isinstance(segment, Segment)
    return segment


@pytest.mark.parametrize(
    ("pattern", "text", "captures"),
    [
        pytest.param("{id}", "a", ("a",), id="whole"),
        pytest.param("{id}", "", None, id="whole-empty"),
        pytest.param("{id}", "a.b-c", ("a.b-c",), id="whole-takes-all"),
        pytest.param("{id}.json", "7.json", ("7",), id="suffix"),
        pytest.param("{id}.json", ".json", None, id="suffix-empty"),
        pytest.param("{id}.json", "7.jsonx", None, id="suffix-is-the-end"),
        pytest.param("{id}.json", "a.json.json", ("a.json",), id="suffix-is-the-last"),
        pytest.param("report-{n:int}.csv", "report-12.csv", ("12",), id="both-sides"),
        pytest.param("report-{n:int}.csv", "report-x.csv", None, id="both-sides-no-integer"),
        pytest.param("aba{x}ba", "aba1ba", ("1",), id="ends-alike"),
        pytest.param("ab{x}ba", "aba", None, id="ends-may-not-overlap"),
        pytest.param("ab{x}ba", "abba", None, id="nothing-between-the-ends"),
        pytest.param("{a}.{b}", "x.y", ("x", "y"), id="two"),
        pytest.param("{a}.{b}", "x.y.z", ("x", "y.z"), id="first-takes-little"),
        pytest.param("{a}.{b}", "..y", (".", "y"), id="first-is-not-empty"),
        pytest.param("{a}.{b}", "x.", None, id="last-is-not-empty"),
        pytest.param("{a}.{b}", ".y", None, id="first-empty"),
        pytest.param("{a}-{n:int}", "x-y-7", ("x-y", "7"), id="takes-more-for-a-later-integer"),
        pytest.param("{a:int}-{b}", "1-2-3", ("1", "2-3"), id="integer-first"),
        pytest.param("{a:int}-{b}", "x-1", None, id="integer-first-missing"),
        pytest.param("{a}{b}", "xyz", ("x", "yz"), id="side-by-side"),
        pytest.param("{a}{b}", "x", None, id="side-by-side-too-short"),
        pytest.param("{a:int}{b:int}", "123", ("1", "23"), id="integers-side-by-side"),
        pytest.param("{a:uuid}-{b}", f"{UUID}-x", (UUID, "x"), id="uuid-with-its-own-hyphens"),
        pytest.param("{a:uuid}-{b}", f"{UUID}0-x", None, id="uuid-is-no-longer-than-it-is"),
        pytest.param("{a}-{b}.{c}", "1-2-3.4.5", ("1", "2-3", "4.5"), id="three"),
        pytest.param("{a}--{b:int}", "x--y--1", ("x--y", "1"), id="long-literal-between"),
        pytest.param("{id}:archive", "7:archive", ("7",), id="colon-suffix"),
        pytest.param("v{p:path}", "v", ("",), id="rest-empty"),
        pytest.param("v{p:path}", "v1/a/", ("1/a/",), id="rest-with-slashes"),
        pytest.param("{a}.{p:path}", "x.y/z", ("x", "y/z"), id="rest-after-a-parameter"),
        pytest.param("{a}.{p:path}", "x/y.z", None, id="no-slash-in-a-parameter-before-the-rest"),
        pytest.param("{a}{p:path}", "x/y", ("x", "/y"), id="rest-side-by-side"),
        pytest.param("{a}{p:path}", "x", ("x", ""), id="rest-side-by-side-empty"),
    ],
)
def test_parameters_take_as_little_as_they_can_from_left_to_right(
    pattern: str, text: str, captures: tuple[str, ...] | None
) -> None:
    assert segment_of(pattern).match(text) == captures


def test_a_pattern_has_literals_decoded_and_parameters_by_name() -> None:
    pattern = parse_path_template("/a%20b/{id:int}/./x/../{name}.json")
    assert pattern.segments == ("", "a b", segment_of("{n:int}"), segment_of("{x}.json"))
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


def test_a_path_that_fits_in_a_hundred_ways_is_refused_at_once() -> None:
    [segment] = [s for s in parse_path_template("/{a}-{b}-{c}-{d:int}-{e:int}").segments if isinstance(s, Segment)]
    assert segment.match("-" * 300) is None
    assert segment.match("-" * 300 + "1-2") == ("-", "-", "-" * 295, "1", "2")


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
