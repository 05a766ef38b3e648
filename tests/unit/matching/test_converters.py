import pytest

from fakebackend.matching.converters import CONVERTERS
from fakebackend.matching.converters import REST
from fakebackend.matching.converters import SEGMENT
from fakebackend.matching.converters import Converter
from fakebackend.messages.url_path import ENCODED_SLASH

UUID = "123e4567-e89b-12d3-a456-426614174000"


@pytest.mark.parametrize(
    ("word", "text", "accepted"),
    [
        pytest.param("int", "0", True, id="int-zero"),
        pytest.param("int", "007", True, id="int-leading-zeros"),
        pytest.param("int", "9" * 4000, True, id="int-4000-digits"),
        pytest.param("int", "9" * 4001, False, id="int-more-than-python-converts"),
        pytest.param("int", "", False, id="int-empty"),
        pytest.param("int", "-1", False, id="int-sign"),
        pytest.param("int", "1.0", False, id="int-fraction"),
        pytest.param("int", "1_0", False, id="int-underscore"),
        pytest.param("int", " 1", False, id="int-space"),
        pytest.param("int", "1\n", False, id="int-newline"),
        pytest.param("int", "٣", False, id="int-digits-are-ascii"),
        pytest.param("int", "²", False, id="int-superscript"),
        pytest.param("uuid", UUID, True, id="uuid"),
        pytest.param("uuid", UUID.upper(), True, id="uuid-upper-case"),
        pytest.param("uuid", UUID.replace("-", ""), False, id="uuid-without-hyphens"),
        pytest.param("uuid", f"{{{UUID}}}", False, id="uuid-in-braces"),
        pytest.param("uuid", UUID + "\n", False, id="uuid-newline"),
        pytest.param("uuid", UUID[:-1], False, id="uuid-short"),
        pytest.param("uuid", UUID + "0", False, id="uuid-long"),
        pytest.param("uuid", "g" + UUID[1:], False, id="uuid-no-hex"),
        pytest.param("path", "", True, id="path-empty"),
        pytest.param("path", "a/b/", True, id="path-slashes"),
    ],
)
def test_a_kind_accepts_exactly_its_texts(word: str, text: str, accepted: bool) -> None:
    assert CONVERTERS[word].matches(text) is accepted


@pytest.mark.parametrize(("text", "accepted"), [("", False), ("a", True), (" ", True), ("0", True)])
def test_a_plain_parameter_is_anything_but_nothing(text: str, accepted: bool) -> None:
    assert SEGMENT.matches(text) is accepted


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        pytest.param(CONVERTERS["int"], "007", 7, id="int-is-an-integer"),
        pytest.param(CONVERTERS["uuid"], UUID.upper(), UUID.upper(), id="uuid-is-text-as-sent"),
        pytest.param(SEGMENT, f"a{ENCODED_SLASH}b", "a/b", id="encoded-slash-is-a-slash"),
        pytest.param(SEGMENT, "a\udcff", "a\ufffd", id="no-utf-8"),
        pytest.param(REST, f"a/{ENCODED_SLASH}\udcff", "a//\ufffd", id="rest"),
    ],
)
def test_a_value_is_what_templates_see(kind: Converter, text: str, value: str | int) -> None:
    assert kind.to_python(text) == value
    assert type(kind.to_python(text)) is type(value)


def test_more_specific_kinds_rank_before_others() -> None:
    ranks = [CONVERTERS["int"].weight, SEGMENT.weight, REST.weight]
    assert ranks == sorted(set(ranks))
    assert CONVERTERS["uuid"].weight == CONVERTERS["int"].weight
