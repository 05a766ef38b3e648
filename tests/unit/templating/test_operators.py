from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

import pytest
from jinja2.exceptions import SecurityError

from fakebackend.templating.limits import LARGEST_TEXT
from fakebackend.templating.operators import check_format
from fakebackend.templating.operators import check_operator
from fakebackend.templating.operators import check_percent

TOO_LARGE = "the result is larger than"
TOO_LONG = "the result is larger than 1,000,000 elements"
TOO_WIDE = "a format with more than 100,000 characters is too much"
TOO_MANY_BITS = "a number of more than 100,000 bits is too much"


@pytest.mark.parametrize(
    ("operator", "left", "right", "error"),
    [
        pytest.param("**", 2, 50_000, None, id="largest-power"),
        pytest.param("**", 2, 50_001, TOO_MANY_BITS, id="power"),
        pytest.param("**", 10**30_000, 2, TOO_MANY_BITS, id="power-of-a-large-one"),
        pytest.param("**", 2, -1_000_000, None, id="negative-power"),
        pytest.param("**", 2.0, 1_000_000, None, id="power-of-a-double"),
        pytest.param("*", "ab", LARGEST_TEXT // 2, None, id="largest-text"),
        pytest.param("*", "ab", LARGEST_TEXT // 2 + 1, TOO_LARGE, id="text"),
        pytest.param("*", b"ab", LARGEST_TEXT // 2 + 1, TOO_LARGE, id="bytes"),
        pytest.param("*", 1_000_001, [1], TOO_LONG, id="list-behind"),
        pytest.param("*", (1, 2), 500_001, TOO_LONG, id="tuple"),
        pytest.param("*", "ab", -LARGEST_TEXT, None, id="negative-times"),
        pytest.param("*", 10**9, 10**9, None, id="numbers"),
        pytest.param("*", 2**50_000, 2**49_997, None, id="largest-product"),
        pytest.param("*", 2**50_000, 2**50_000, TOO_MANY_BITS, id="product"),
        pytest.param("*", 1.5, 2**50_000, None, id="product-with-a-double"),
        pytest.param("%", "%d", 100_001, None, id="large-number-in-a-small-field"),
        pytest.param("%", "%100001d", 1, TOO_WIDE, id="field"),
        pytest.param("%", "%100001d", (1,), TOO_WIDE, id="field-of-many"),
        pytest.param("%", "%(a)100001d", {"a": 1}, TOO_WIDE, id="named-field"),
        pytest.param("%", 7, 4, None, id="remainder"),
        pytest.param("+", "a" * (LARGEST_TEXT - 1), "a", None, id="largest-texts-together"),
        pytest.param("+", "a" * LARGEST_TEXT, "a", TOO_LARGE, id="texts-together"),
        pytest.param("+", "€" * (LARGEST_TEXT // 2), "a", TOO_LARGE, id="wide-texts-together"),
        pytest.param("+", [0] * 500_001, [0] * 500_000, TOO_LONG, id="lists-together"),
        pytest.param("+", [0] * 500_000, [0] * 500_000, None, id="longest-lists-together"),
        pytest.param("+", "a", [0], None, id="what-python-refuses"),
        pytest.param("+", {}, {}, None, id="what-has-no-sum"),
        pytest.param("*", {}, 7, None, id="what-has-no-product"),
        pytest.param("+", 2**99_999, 2**99_999, None, id="sum"),
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
    ("text", "given", "error"),
    [
        pytest.param("%100000d", [1], None, id="widest-field"),
        pytest.param("%100001d", [1], TOO_WIDE, id="field"),
        pytest.param("%60000d%60000d", [1, 1], TOO_WIDE, id="fields-together"),
        pytest.param("%.100001f", [1.5], TOO_WIDE, id="precision"),
        pytest.param("%(a)100001d", {"a": 1}, TOO_WIDE, id="named-field"),
        pytest.param("%*d", [100_001, 1], TOO_WIDE, id="width-that-is-given"),
        pytest.param("%*d", [99_999, 1], None, id="widest-that-is-given"),
        pytest.param("%*d%*d", [60_000, 1, 60_000, 1], TOO_WIDE, id="widths-that-are-given-together"),
        pytest.param("%." + "0" * 30 + "999999999f", [1.5], TOO_WIDE, id="zeros-before-a-width"),
        pytest.param("%(a(b))9d", {"a(b)": 1}, "a name with parentheses in a format", id="name-with-parentheses"),
        pytest.param("%.*f", [100_001, 1.5], TOO_WIDE, id="precision-that-is-given"),
        pytest.param("%" + "9" * 5_000 + "d", [1], TOO_WIDE, id="width-of-5,000-digits"),
        pytest.param("%s %s", [1, 100_001], None, id="large-number-in-a-small-field"),
        pytest.param("%s", ["a" * LARGEST_TEXT], None, id="largest-value"),
        pytest.param("%s%s", ["a" * LARGEST_TEXT, "a"], TOO_LARGE, id="values-together"),
        pytest.param("%s", [["a" * LARGEST_TEXT]], TOO_LARGE, id="inner-value"),
        pytest.param("%(a)s" * 2_000, {"a": "a" * 9_999}, TOO_LARGE, id="the-same-again-and-again"),
        pytest.param("%(a)s", {"a": "a" * LARGEST_TEXT}, None, id="once"),
        pytest.param("", {}, None, id="nothing"),
    ],
)
def test_percent_is_refused_wide_fields_and_large_values(
    text: str, given: Sequence[Any] | Mapping[str, Any], error: str | None
) -> None:
    if error is None:
        check_percent(text, given)
    else:
        with pytest.raises(SecurityError, match=error):
            check_percent(text, given)


@pytest.mark.parametrize(
    ("text", "args", "kwargs"),
    [
        pytest.param("{0}" * 2_000, ["a" * 9_999], {}, id="place"),
        pytest.param("{a}" * 2_000, [], {"a": "a" * 9_999}, id="name"),
        pytest.param("{0[a]}" * 2_000, [{"a": ["a" * 9_999]}], {}, id="inner"),
        pytest.param("{a}" * 2_000, [], {"a": b"a" * 9_999}, id="bytes"),
    ],
)
def test_a_format_is_refused_many_times_the_same(text: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    with pytest.raises(SecurityError, match=TOO_LARGE):
        check_format(text, args, kwargs)
    check_format(text[: text.index("}") + 1], args, kwargs)


@pytest.mark.parametrize(
    ("text", "args", "kwargs", "error"),
    [
        pytest.param("{:100000}", [1], {}, None, id="widest"),
        pytest.param("{:100001}", [1], {}, TOO_WIDE, id="width"),
        pytest.param("{:60000}{:60000}", [1, 1], {}, TOO_WIDE, id="together"),
        pytest.param("{a:.100001f}", [], {"a": 1.5}, TOO_WIDE, id="precision"),
        pytest.param("{:{}}", [1, 9], {}, "a field inside the format of another is not offered", id="given"),
        pytest.param("{:{w}}", [1], {"w": "999999999"}, "a field inside the format", id="given-by-name-as-text"),
        pytest.param("{:" + "9" * 5_000 + "}", [1], {}, TOO_WIDE, id="width-of-5,000-digits"),
        pytest.param("{:" + "0" * 30 + "999999999}", [1], {}, TOO_WIDE, id="zeros-before-a-width"),
        pytest.param("{:\u0669\u0669\u0669\u0669\u0669\u0669}", [1], {}, TOO_WIDE, id="digits-of-another-script"),
        pytest.param("{} {0} 100001", [100_001], {"a": 100_001}, None, id="large-numbers-elsewhere"),
        pytest.param("{{:100001}}", [], {}, None, id="no-field"),
    ],
)
def test_a_format_is_refused_wide_fields(
    text: str, args: Sequence[Any], kwargs: Mapping[str, Any], error: str | None
) -> None:
    if error is None:
        check_format(text, args, kwargs)
    else:
        with pytest.raises(SecurityError, match=error):
            check_format(text, args, kwargs)
