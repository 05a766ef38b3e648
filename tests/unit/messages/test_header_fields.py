from typing import Any

import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.messages.header_fields import parse_header_fields


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        pytest.param({}, (), id="none"),
        pytest.param({"X-A": "b"}, ((b"X-A", b"b"),), id="string"),
        pytest.param({"A": 1, "B": 1.5}, ((b"A", b"1"), (b"B", b"1.5")), id="numbers"),
        pytest.param({"A": ["1", 2]}, ((b"A", b"1"), (b"A", b"2")), id="repeated"),
        pytest.param({"A": []}, (), id="empty-list"),
        pytest.param({"A": None}, (), id="removed"),
        pytest.param({"A": " \tb c\t "}, ((b"A", b"b c"),), id="padding-goes"),
        pytest.param({"A": "b\tc"}, ((b"A", b"b\tc"),), id="inner-tab-stays"),
        pytest.param({"A": "\xfc"}, ((b"A", b"\xfc"),), id="latin-1"),
        pytest.param({"A": ""}, ((b"A", b""),), id="empty"),
        pytest.param({"!#$%&'*+-.^_`|~": "1"}, ((b"!#$%&'*+-.^_`|~", b"1"),), id="odd-name"),
    ],
)
def test_fields_are_encoded_in_order_and_every_name_is_known(value: Any, fields: object) -> None:
    headers = parse_header_fields(value)
    assert headers.fields == fields
    assert headers.named == {name.lower().encode() for name in value}


@pytest.mark.parametrize(
    ("value", "error", "path", "at_key"),
    [
        pytest.param([], "$headers must be an object of names and values, got []", (), False, id="list"),
        pytest.param("A: b", '$headers must be an object of names and values, got "A: b"', (), False, id="string"),
        pytest.param({"a b": "1"}, 'got "a b"', ("a b",), True, id="space-in-name"),
        pytest.param({"": "1"}, 'got ""', ("",), True, id="empty-name"),
        pytest.param({"A\n": "1"}, r'got "A\n"', ("A\n",), True, id="line-end-in-name"),
        pytest.param({"Ä": "1"}, 'got "Ä"', ("Ä",), True, id="name-not-ascii"),
        pytest.param({"content-LENGTH": 1}, "content-LENGTH is computed", ("content-LENGTH",), True, id="length"),
        pytest.param({"Transfer-Encoding": None}, "is computed", ("Transfer-Encoding",), True, id="transfer-encoding"),
        pytest.param({"Connection": "x"}, "Connection is computed", ("Connection",), True, id="connection"),
        pytest.param({"A": 1, "a": 2}, '$headers names "A" and "a", which are the same', ("a",), True, id="same-name"),
        pytest.param({"A": True}, 'got a boolean, did you mean "true"?', ("A",), False, id="boolean"),
        pytest.param(
            {"A": {}}, "header A must be a string, a number, a list of them or null", ("A",), False, id="object"
        ),
        pytest.param({"A": ["1", None]}, "got null", ("A", 1), False, id="null-in-list"),
        pytest.param({"A": [["1"]]}, "got a list", ("A", 0), False, id="list-in-list"),
        pytest.param({"A": "b\r\nC: d"}, "must be one line without control characters", ("A",), False, id="injection"),
        pytest.param({"A": ["\x7f"]}, "must be one line without control characters", ("A", 0), False, id="delete"),
        pytest.param({"A": "a猫"}, 'must be Latin-1, got "猫"; percent-encode it', ("A",), False, id="not-latin-1"),
    ],
)
def test_a_wrong_header_is_refused_at_its_part(
    value: Any, error: str, path: tuple[str | int, ...], at_key: bool
) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_header_fields(value)
    assert error in str(caught.value)
    assert (caught.value.path, caught.value.at_key) == (path, at_key)
