import datetime
from collections.abc import Sequence
from typing import Any

import pytest
from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.exceptions import UndefinedError
from jinja2.utils import Namespace
from markupsafe import Markup

from fakebackend.messages.multidict import MultiDict
from fakebackend.templating.limits import LARGEST_LIST
from fakebackend.templating.limits import LARGEST_TEXT
from fakebackend.templating.limits import MOST_ELEMENTS
from fakebackend.templating.limits import check_elements
from fakebackend.templating.limits import check_list
from fakebackend.templating.limits import check_size
from fakebackend.templating.limits import is_large

TOO_LARGE = "the result is larger than 10,485,760 bytes"


@pytest.mark.parametrize(
    ("value", "size"),
    [
        pytest.param("abc", 3, id="text"),
        pytest.param(b"abc", 3, id="bytes"),
        pytest.param("", 0, id="empty"),
        pytest.param(None, 4, id="null"),
        pytest.param(10**300, 332, id="large-number"),
        pytest.param(["abc", ""], 9, id="list"),
        pytest.param(("abc", {"d"}), 13, id="tuple-and-set"),
        pytest.param([True, None], 14, id="constants"),
        pytest.param("é" * 100, 100, id="one-byte-each"),
        pytest.param("\u20ac" * 100, 200, id="two-bytes-each"),
        pytest.param("\U0001f600" * 100, 402, id="four-bytes-each"),
        pytest.param({"a": 1}.values(), 3, id="view"),
        pytest.param(Markup("abc" * 99), 297, id="text-of-another-kind"),
        pytest.param({"ab": "c"}, 6, id="keys-count"),
        pytest.param(MultiDict([("a", "b")]), 5, id="mapping"),
        pytest.param([1.5, datetime.date(2026, 1, 2)], 54, id="what-is-long-as-text"),
    ],
)
def test_the_size_of_a_value_is_that_of_its_text_and_elements_together(value: Any, size: int) -> None:
    assert check_size(value) == size


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("a" * LARGEST_TEXT, id="text"),
        pytest.param(["a" * (LARGEST_TEXT - 3)], id="list"),
        pytest.param({"a": "b" * (LARGEST_TEXT - 4)}, id="object"),
    ],
)
def test_a_value_may_be_as_large_as_the_largest(value: Any) -> None:
    assert check_size(value) == LARGEST_TEXT
    with pytest.raises(SecurityError, match=TOO_LARGE):
        check_size([value])


@pytest.mark.parametrize("inner", ["a" * 1024, "", 0, 10**4000], ids=["text", "nothing", "number", "large-number"])
def test_a_list_that_stands_in_another_very_often_counts_each_time(inner: Any) -> None:
    value: list[Any] = [inner] * 20
    for _ in range(25):
        value = [value, value]
    with pytest.raises(SecurityError, match=TOO_LARGE):
        check_size(value)


def test_a_value_nested_very_deep_is_measured_without_recursion() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    check_size(value)


def test_what_is_undefined_inside_a_value_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="'a' is undefined"):
        check_size([{"b": StrictUndefined(name="a")}])


@pytest.mark.parametrize("value", [print, str, "".upper, Namespace()], ids=["function", "class", "method", "namespace"])
def test_what_has_no_text_is_an_error(value: Any) -> None:
    with pytest.raises(TypeError, match=r"is there a `\(\)` missing\?"):
        check_size([value])


def test_an_iterator_inside_a_value_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"needs `\| list` or"):
        check_size([iter("a")])


def test_lists_and_what_is_walked_through_are_bounded() -> None:
    check_list(LARGEST_LIST)
    with pytest.raises(SecurityError, match="larger than 1,000,000"):
        check_list(LARGEST_LIST + 1)
    check_elements("sort", "a" * MOST_ELEMENTS)
    check_elements("sort", iter("a"))
    with pytest.raises(SecurityError, match="sort of more than 100,000 elements is too much"):
        check_elements("sort", [0] * (MOST_ELEMENTS + 1))


@pytest.mark.parametrize(("values", "expected"), [((100_001, -100_001), True), ((100_000, 0, "9" * 9, 1e9), False)])
def test_a_large_number_is_a_whole_one(values: Sequence[Any], expected: bool) -> None:
    assert {is_large(value) for value in values} == {expected}
