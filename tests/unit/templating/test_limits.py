from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

import pytest
from jinja2.exceptions import SecurityError

from fakebackend.templating.limits import LARGEST_TEXT
from fakebackend.templating.limits import check_format
from fakebackend.templating.limits import check_operator
from fakebackend.templating.limits import check_percent_filter
from fakebackend.templating.limits import check_size
from fakebackend.templating.limits import check_step

TOO_LARGE = "the result is larger than"


def test_the_size_of_a_value_is_that_of_its_text_and_elements_together() -> None:
    check_size(["a" * (LARGEST_TEXT - 10)])
    with pytest.raises(SecurityError, match=TOO_LARGE):
        check_size({"a": ["a" * (LARGEST_TEXT - 5)]})


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("a" * LARGEST_TEXT, id="text"),
        pytest.param(["a" * (LARGEST_TEXT - 3)], id="list"),
        pytest.param({"a": "b" * (LARGEST_TEXT - 4)}, id="keys-count"),
        pytest.param(7, id="number"),
        pytest.param(None, id="null"),
    ],
)
def test_a_value_may_be_as_large_as_the_largest(value: Any) -> None:
    check_size(value)
    with pytest.raises(SecurityError, match=TOO_LARGE):
        check_size([value, "a" * LARGEST_TEXT])


def test_a_list_that_stands_in_another_very_often_counts_each_time() -> None:
    value: list[Any] = ["a" * 1024]
    for _ in range(20):
        value = [value, value]
    with pytest.raises(SecurityError, match=r"larger than 10,485,760 characters or elements"):
        check_size(value)


def test_a_value_nested_very_deep_is_measured_without_recursion() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    check_size(value)


@pytest.mark.parametrize(
    ("operator", "left", "right", "error"),
    [
        pytest.param("**", 2, 50_000, None, id="largest-power"),
        pytest.param("**", 2, 50_001, "a power of more than 100,000 bits is too much", id="power"),
        pytest.param("**", 10**30_000, 2, "a power of more than 100,000 bits is too much", id="power-of-a-large-one"),
        pytest.param("**", 2, -1_000_000, None, id="negative-power"),
        pytest.param("**", 2.0, 1_000_000, None, id="power-of-a-double"),
        pytest.param("*", "ab", LARGEST_TEXT // 2, None, id="largest-text"),
        pytest.param("*", "ab", LARGEST_TEXT // 2 + 1, TOO_LARGE, id="text"),
        pytest.param("*", LARGEST_TEXT + 1, [1], TOO_LARGE, id="list-behind"),
        pytest.param("*", (1, 2), LARGEST_TEXT, TOO_LARGE, id="tuple"),
        pytest.param("*", "ab", -LARGEST_TEXT, None, id="negative-times"),
        pytest.param("*", 10**9, 10**9, None, id="numbers"),
        pytest.param("%", "%100000d", 1, None, id="widest-field"),
        pytest.param("%", "%100001d", 1, "a format with more than 100,000 characters is too much", id="field"),
        pytest.param("%", "%60000d%60000d", (1, 1), "a format with more than", id="fields-together"),
        pytest.param("%", "%.100001f", 1.5, "a format with more than", id="precision"),
        pytest.param("%", "%(a)100001d", {"a": 1}, "a format with more than", id="named-field"),
        pytest.param("%", "%*d", (100_001, 1), "a format with more than", id="width-that-is-given"),
        pytest.param("%", "%" + "9" * 5_000 + "d", 1, "a format with more than", id="width-of-5,000-digits"),
        pytest.param("%", "%d", 100_001, None, id="large-number-in-a-small-field"),
        pytest.param("%", 7, 4, None, id="remainder"),
        pytest.param("+", "a" * LARGEST_TEXT, "a", None, id="what-is-counted-afterwards"),
    ],
)
def test_an_operation_is_refused_if_its_result_would_be_too_large(
    operator: str, left: Any, right: Any, error: str | None
) -> None:
    if error is None:
        check_operator(operator, left, right)
    else:
        with pytest.raises(SecurityError, match=error):
            check_operator(operator, left, right)


@pytest.mark.parametrize(
    ("name", "value", "args", "kwargs", "error"),
    [
        pytest.param("center", "a", [100_000], {}, None, id="widest"),
        pytest.param("center", "a", [100_001], {}, "center with more than 100,000 is too much", id="center"),
        pytest.param("ljust", "a", [100_001], {}, "ljust with more than", id="ljust"),
        pytest.param("rjust", "a", [100_001], {}, "rjust with more than", id="rjust"),
        pytest.param("expandtabs", "\t", [100_001], {}, "expandtabs with more than", id="expandtabs"),
        pytest.param("indent", "a", [], {"width": 100_001}, "indent with more than", id="by-name"),
        pytest.param("round", 1, [-100_001], {}, "round with more than", id="below-zero"),
        pytest.param("default", "a", [100_001], {}, None, id="no-padding"),
        pytest.param("replace", "aa", ["a", "b" * (LARGEST_TEXT // 2)], {}, None, id="largest-replacement"),
        pytest.param("replace", "aa", ["a", "b" * (LARGEST_TEXT // 2 + 1)], {}, TOO_LARGE, id="replacement"),
        pytest.param("replace", "aa", [], {"old": "a", "new": "b" * LARGEST_TEXT}, TOO_LARGE, id="named-replacement"),
        pytest.param("replace", "aa", ["c", "b" * LARGEST_TEXT], {}, None, id="nothing-to-replace"),
        pytest.param("replace", "aa", ["a"], {}, None, id="replacement-missing"),
        pytest.param("join", "b" * 1_000, [[1] * 10_000], {}, None, id="separator-joins"),
        pytest.param("join", "b" * 1_000, [[1] * 20_000], {}, TOO_LARGE, id="separator-joins-too-much"),
        pytest.param("join", [1] * 20_000, ["b" * 1_000], {}, TOO_LARGE, id="list-is-joined"),
        pytest.param("join", [1] * 20_000, [], {"d": "b" * 1_000}, TOO_LARGE, id="list-is-joined-by-name"),
        pytest.param("join", [1] * 20_000, [], {}, None, id="joined-by-nothing"),
        pytest.param("join", "b" * LARGEST_TEXT, [iter([1, 2])], {}, None, id="what-has-no-length"),
        pytest.param("indent", "a\n" * 200, [99_999], {}, TOO_LARGE, id="many-lines-indented"),
        pytest.param("indent", "a\n" * 200, ["b" * 99_999], {}, TOO_LARGE, id="indented-by-text"),
        pytest.param("indent", "a\n" * 200, [], {}, None, id="indented-by-four"),
        pytest.param("expandtabs", "\t" * 200, [99_999], {}, TOO_LARGE, id="many-tabs"),
        pytest.param("expandtabs", "\t" * 200, [], {}, None, id="tabs-of-eight"),
        pytest.param("wordwrap", "a" * 9_999, [9, True, "b" * 9_999], {}, TOO_LARGE, id="many-line-ends"),
        pytest.param("wordwrap", "a" * 999_999, [1], {}, TOO_LARGE, id="a-long-word-cut"),
        pytest.param("wordwrap", "a " * 99_999, [], {"wrapstring": "<br>"}, None, id="short-words"),
        pytest.param("tojson", [0] * 200, [99_999], {}, TOO_LARGE, id="elements-indented"),
        pytest.param("tojson", {"a": {"b": [0] * 200}}, [], {"indent": 30_000}, TOO_LARGE, id="deep-ones"),
        pytest.param("tojson", [0] * 200, ["b" * 99_999], {}, TOO_LARGE, id="elements-indented-by-text"),
        pytest.param("tojson", {"a": [0] * 200}, [2], {}, None, id="indented-by-two"),
        pytest.param("tojson", [0] * 200, [], {}, None, id="not-indented"),
        pytest.param("translate", "a" * 2_000, [{97: "b" * 9_999}], {}, TOO_LARGE, id="translated-by-mapping"),
        pytest.param("translate", "a" * 2_000, [["b" * 9_999]], {}, TOO_LARGE, id="translated-by-list"),
        pytest.param("translate", "a" * 2_000, [{97: 98}], {}, None, id="character-for-character"),
        pytest.param("translate", "a" * 2_000, [], {}, None, id="without-a-table"),
        pytest.param("sum", [[1]], [None, []], {}, "sum adds numbers only", id="lists-added-up"),
        pytest.param("sum", [[1]], [], {"start": []}, "sum adds numbers only", id="lists-added-up-by-name"),
        pytest.param("sum", [1], [None, 0.5], {}, None, id="numbers-added-up"),
    ],
)
def test_a_filter_or_method_is_refused_if_its_result_would_be_too_large(
    name: str, value: Any, args: Sequence[Any], kwargs: Mapping[str, Any], error: str | None
) -> None:
    if error is None:
        check_step(name, value, args, kwargs)
    else:
        with pytest.raises(SecurityError, match=error):
            check_step(name, value, args, kwargs)


@pytest.mark.parametrize(
    ("text", "args", "kwargs"),
    [
        pytest.param("%100001d", [1], {}, id="width"),
        pytest.param("%(a)100001d", [], {"a": 1}, id="named"),
        pytest.param("%*d", [100_001, 1], {}, id="given"),
    ],
)
def test_the_filter_format_is_refused_wide_fields(text: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    with pytest.raises(SecurityError, match="a format with more than"):
        check_percent_filter(text, args, kwargs)
    check_percent_filter("%100000d %s", [1, 100_001], {"a": 100_001})


@pytest.mark.parametrize(
    ("text", "args", "kwargs"),
    [
        pytest.param("{0}" * 2_000, ["a" * 9_999], {}, id="place"),
        pytest.param("{a}" * 2_000, [], {"a": "a" * 9_999}, id="name"),
        pytest.param("{0[a]}" * 2_000, [{"a": ["a" * 9_999]}], {}, id="inner"),
        pytest.param("{a}" * 2_000, [{"a": b"a" * 9_999}], {}, id="mapping"),
    ],
)
def test_a_format_is_refused_many_times_the_same(text: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    with pytest.raises(SecurityError, match=TOO_LARGE):
        check_format(text, args, kwargs)
    check_format(text[: text.index("}") + 1], args, kwargs)


@pytest.mark.parametrize(
    ("text", "args", "kwargs", "refused"),
    [
        pytest.param("{:100000}", [1], {}, False, id="widest"),
        pytest.param("{:100001}", [1], {}, True, id="width"),
        pytest.param("{:60000}{:60000}", [1, 1], {}, True, id="together"),
        pytest.param("{a:.100001f}", [], {"a": 1.5}, True, id="precision"),
        pytest.param("{:{}}", [1, 100_001], {}, True, id="given"),
        pytest.param("{:{w}}", [1], {"w": 100_001}, True, id="given-by-name"),
        pytest.param("{:" + "9" * 5_000 + "}", [1], {}, True, id="width-of-5,000-digits"),
        pytest.param("{} {0} 100001", [100_001], {"a": 100_001}, False, id="large-numbers-elsewhere"),
    ],
)
def test_a_format_is_refused_wide_fields(
    text: str, args: Sequence[Any], kwargs: Mapping[str, Any], refused: bool
) -> None:
    if not refused:
        check_format(text, args, kwargs)
    else:
        with pytest.raises(SecurityError, match="a format with more than 100,000 characters is too much"):
            check_format(text, args, kwargs)
