import pytest

from fakebackend.path_parameter import PARAMETER_KINDS
from fakebackend.path_parameter import REST
from fakebackend.path_parameter import SEGMENT
from fakebackend.path_parameter import ParameterKind
from fakebackend.url_path import ENCODED_SLASH

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
    assert PARAMETER_KINDS[word].accepts(text) is accepted


@pytest.mark.parametrize(("text", "accepted"), [("", False), ("a", True), (" ", True), ("0", True)])
def test_a_plain_parameter_is_anything_but_nothing(text: str, accepted: bool) -> None:
    assert SEGMENT.accepts(text) is accepted


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        pytest.param(PARAMETER_KINDS["int"], "007", 7, id="int-is-an-integer"),
        pytest.param(PARAMETER_KINDS["uuid"], UUID.upper(), UUID.upper(), id="uuid-is-text-as-sent"),
        pytest.param(SEGMENT, f"a{ENCODED_SLASH}b", "a/b", id="encoded-slash-is-a-slash"),
        pytest.param(SEGMENT, "a\udcff", "a\ufffd", id="no-utf-8"),
        pytest.param(REST, f"a/{ENCODED_SLASH}\udcff", "a//\ufffd", id="rest"),
    ],
)
def test_a_value_is_what_templates_see(kind: ParameterKind, text: str, value: str | int) -> None:
    assert kind.value(text) == value
    assert type(kind.value(text)) is type(value)


def test_more_specific_kinds_rank_before_others() -> None:
    ranks = [PARAMETER_KINDS["int"].rank, SEGMENT.rank, REST.rank]
    assert ranks == sorted(set(ranks))
    assert PARAMETER_KINDS["uuid"].rank == PARAMETER_KINDS["int"].rank
