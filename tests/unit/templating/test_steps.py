import datetime
import re
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from jinja2.exceptions import SecurityError

from fakebackend.templating.bounds import Step
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.limits import LARGEST_TEXT
from fakebackend.templating.own_filters import OWN_FILTERS
from fakebackend.templating.steps import FILTERS
from fakebackend.templating.steps import METHOD_NAMES
from fakebackend.templating.steps import METHODS
from fakebackend.templating.steps import check_method
from fakebackend.templating.template import rendered
from tests.answering import context_for

TOO_LARGE = "the result is larger than"
TOO_MANY = "of more than 100,000 elements is too much"
REFERENCE = Path(__file__).parents[3] / "docs" / "templates.md"
MANY = [0] * 100_001
LONG = "a" * (LARGEST_TEXT + 1)


def test_only_filters_that_there_are_are_offered_and_the_docs_list_them() -> None:
    assert set(FILTERS) - set(OWN_FILTERS) < set(Environment().filters)
    assert set(OWN_FILTERS).isdisjoint(Environment().filters)
    assert _listed("Filters") == set(FILTERS)


def test_the_docs_list_all_methods() -> None:
    assert _listed("Methods") == METHOD_NAMES


def _listed(what: str) -> set[str]:
    line = next(line for line in REFERENCE.read_text().splitlines() if line.startswith(f"- {what}: "))
    return set(re.findall("`([a-z0-9_]+)`[,.]", line))


@pytest.mark.parametrize("name", sorted(METHODS[str]))
def test_a_method_of_text_does_not_work_on_more_than_the_largest(name: str) -> None:
    assert callable(getattr("", name))
    if name not in {"encode", "format", "split", "splitlines"}:
        with pytest.raises(SecurityError, match=TOO_LARGE):
            check_method(Step(name, LONG, ["a"], {}))


@pytest.mark.parametrize(
    "name",
    sorted(
        set(FILTERS) - {"d", "default", "first", "last", "count", "length", "abs", "truncate", "strftime", "timestamp"}
    ),
)
def test_a_filter_does_not_work_on_more_than_the_largest(name: str) -> None:
    with pytest.raises(SecurityError, match=r"larger than|too much"):
        FILTERS[name](Step(name, LONG, [], {}))


@pytest.mark.parametrize(
    ("name", "value", "args", "kwargs", "error"),
    [
        pytest.param("center", "a", [100_000], {}, None, id="widest"),
        pytest.param("center", "a", [100_001], {}, "center with more than 100,000 is too much", id="center"),
        pytest.param("batch", [1], [100_001], {}, "batch with more than", id="batch"),
        pytest.param("slice", MANY, [2], {}, TOO_MANY, id="slice"),
        pytest.param("indent", "a", [], {"width": 100_001}, "indent with more than", id="by-name"),
        pytest.param("round", 1, [-100_001], {}, "round with more than", id="below-zero"),
        pytest.param("default", "a", [100_001], {}, None, id="no-padding"),
        pytest.param("replace", "aa", ["a", "b" * (LARGEST_TEXT // 2)], {}, None, id="largest-replacement"),
        pytest.param("replace", "aa", ["a", "b" * (LARGEST_TEXT // 2 + 1)], {}, TOO_LARGE, id="replacement"),
        pytest.param("replace", "aa", [], {"old": "a", "new": "b" * LARGEST_TEXT}, TOO_LARGE, id="named-replacement"),
        pytest.param("replace", "aa", ["c", "b" * LARGEST_TEXT], {}, None, id="nothing-to-replace"),
        pytest.param("replace", "aa", ["a"], {}, None, id="replacement-missing"),
        pytest.param("replace", 11, [1, "b" * LARGEST_TEXT], {}, TOO_LARGE, id="number-in-a-number"),
        pytest.param("join", [1] * 20_000, ["b" * 1_000], {}, TOO_LARGE, id="list-is-joined"),
        pytest.param("join", [1] * 20_000, [], {"d": "b" * 1_000}, TOO_LARGE, id="list-is-joined-by-name"),
        pytest.param("join", [1] * 20_000, [], {}, None, id="joined-by-nothing"),
        pytest.param("join", [["a" * 9_999] * 9_999], [], {}, TOO_LARGE, id="lists-are-joined"),
        pytest.param("join", 7, ["a"], {}, None, id="what-has-no-length"),
        pytest.param("indent", "a\n" * 200, [99_999], {}, TOO_LARGE, id="many-lines-indented"),
        pytest.param("indent", "a\u2028\r" * 100, [99_999], {}, TOO_LARGE, id="lines-of-all-kinds"),
        pytest.param("indent", "a\n" * 200, ["b" * 99_999], {}, TOO_LARGE, id="indented-by-text"),
        pytest.param("indent", "a\n" * 200, [], {}, None, id="indented-by-four"),
        pytest.param("tojson", [0] * 200, [99_999], {}, TOO_LARGE, id="elements-indented"),
        pytest.param("tojson", {"a": {"b": [0] * 200}}, [], {"indent": 30_000}, TOO_LARGE, id="deep-ones"),
        pytest.param("tojson", [0] * 200, ["b" * 99_999], {}, TOO_LARGE, id="elements-indented-by-text"),
        pytest.param("tojson", {"a": [0] * 200}, [2], {}, None, id="indented-by-two"),
        pytest.param("tojson", [0] * 200, [], {}, None, id="not-indented"),
        pytest.param("tojson", [["a" * 9_999] * 9_999], [], {}, TOO_LARGE, id="the-same-often"),
        pytest.param("string", [["a" * 9_999] * 9_999], [], {}, TOO_LARGE, id="text-of-a-list"),
        pytest.param("sum", [[1]], [None, []], {}, "sum adds numbers only", id="lists-added-up"),
        pytest.param("sum", [[1]], [], {"start": []}, "sum adds numbers only", id="lists-added-up-by-name"),
        pytest.param("sum", [1], [None, 0.5], {}, None, id="numbers-added-up"),
        pytest.param("sum", MANY, [], {}, TOO_MANY, id="many-added-up"),
        pytest.param("escape", "&" * 2_000_000, [], {}, None, id="largest-escaped"),
        pytest.param("e", "'" * 2_200_000, [], {}, TOO_LARGE, id="escaped"),
        pytest.param("sort", MANY, [], {}, "sort of more than 100,000 elements is too much", id="sorted"),
        pytest.param("sort", [[0] * 9_999] * 999, [], {}, TOO_LARGE, id="sorted-by-what-is-inside"),
        pytest.param("sort", iter([[0]]), [], {}, None, id="sorted-one-by-one"),
        pytest.param("unique", [0] * 10_001, [], {}, "unique of more than 10,000 elements", id="unique"),
        pytest.param("map", [], [], {"attribute": "0." * 51}, "map with more than 100 characters", id="attribute"),
        pytest.param("indent", "\n" * 100_000, [1], {}, "indent of more than 100,000 lines", id="lines"),
        pytest.param("map", iter(MANY), ["upper"], {}, None, id="what-another-filter-yields"),
        pytest.param("list", "a" * 1_000_001, [], {}, "larger than 1,000,000", id="list"),
        pytest.param("list", iter(MANY), [], {}, None, id="list-of-what-has-no-length"),
        pytest.param("urlencode", "a" * 1_000_001, [], {}, "larger than 1,000,000", id="taken-apart"),
        pytest.param("title", "a" * 1_000_000, [], {}, None, id="just-taken-apart"),
        pytest.param("trim", "a", ["a" * 101], {}, "trim with more than 100 characters is too much", id="trim"),
        pytest.param("trim", "a", [], {"chars": "a" * 100}, None, id="longest-trim"),
        pytest.param("int", "9" * 4_301, [], {"base": 16}, "a number of more than 4,300 digits", id="int"),
        pytest.param("float", "9" * 4_300, [], {}, None, id="float"),
        pytest.param("int", 10**5_000, [], {}, None, id="int-of-a-number"),
        pytest.param("format", "%s%s", ["a" * LARGEST_TEXT, "a"], {}, TOO_LARGE, id="format"),
        pytest.param("format", "%(a)s%(a)s", [], {"a": LONG[1:]}, TOO_LARGE, id="format-named"),
        pytest.param("upper", "a", [], {}, None, id="upper"),
    ],
)
def test_a_filter_is_refused_if_its_work_or_result_would_be_too_large(
    name: str, value: Any, args: Sequence[Any], kwargs: Mapping[str, Any], error: str | None
) -> None:
    if error is None:
        FILTERS[name](Step(name, value, args, kwargs))
    else:
        with pytest.raises(SecurityError, match=error):
            FILTERS[name](Step(name, value, args, kwargs))


@pytest.mark.parametrize(
    ("name", "value", "args", "kwargs", "error"),
    [
        pytest.param("ljust", "a", [100_001], {}, "ljust with more than", id="ljust"),
        pytest.param("rjust", "a", [100_001], {}, "rjust with more than", id="rjust"),
        pytest.param("zfill", "a", [100_000], {}, None, id="zfill"),
        pytest.param("join", "b" * 1_000, [["1"] * 2_000], {}, None, id="join"),
        pytest.param("split", "\n" * 2_000_000, ["\n", 1], {}, None, id="split-once"),
        pytest.param("split", "\n" * 2_000_000, ["\n", -1], {}, "larger than 1,000,000", id="split-everywhere"),
        pytest.param("split", "\n" * 2_000_000, [], {"maxsplit": 1_000_001}, "larger than 1,000,000", id="split-often"),
        pytest.param("encode", "a", ["utf_8", "replace"], {}, None, id="utf_8"),
        pytest.param("encode", "a", ["ascii", "namereplace"], {}, "encode with errors other than", id="errors"),
        pytest.param("encode", LONG, [], {}, TOO_LARGE, id="long-text-encoded"),
        pytest.param("hex", LONG.encode(), [], {}, TOO_LARGE, id="many-bytes"),
        pytest.param("isoformat", datetime.time(1, 2), [], {}, None, id="time"),
        pytest.param("total_seconds", datetime.timedelta(1), [], {}, None, id="time-delta"),
        pytest.param("join", "b" * 1_000, [["1"] * 20_000], {}, TOO_LARGE, id="joins-too-much"),
        pytest.param("replace", "aa", ["a", "b" * (LARGEST_TEXT // 2 + 1)], {}, TOO_LARGE, id="replacement"),
        pytest.param("format", "{:100001}", [1], {}, "a format with more than", id="format"),
        pytest.param("split", " " * 1_000_001, [], {}, "larger than 1,000,000", id="split"),
        pytest.param("split", "\u3000\x85" * 500_001, [], {}, "larger than 1,000,000", id="split-by-all-spaces"),
        pytest.param("split", "a" * 2_000_000, [], {}, None, id="one-word"),
        pytest.param("split", ",a" * 1_000_001, [","], {}, "larger than 1,000,000", id="split-by-a-separator"),
        pytest.param("split", "a" * 1_000_001, [], {"sep": ","}, None, id="nothing-to-split"),
        pytest.param("rsplit", "a", ["a" * 101], {}, "rsplit with more than 100 characters", id="rsplit"),
        pytest.param("rpartition", "a", ["a" * 101], {}, "rpartition with more than 100 characters", id="rpartition"),
        pytest.param("rsplit", "a b", [], {}, None, id="rsplit-by-spaces"),
        pytest.param("splitlines", "\r\u2028" * 500_001, [], {}, "larger than 1,000,000", id="splitlines"),
        pytest.param("strip", "a", ["a" * 101], {}, "strip with more than 100 characters", id="strip"),
        pytest.param("encode", "a", ["punycode"], {}, "encode with 'punycode' is not offered", id="charset"),
        pytest.param("encode", "a", ["UTF-8"], {}, None, id="utf-8"),
        pytest.param("decode", b"a", [], {"encoding": "idna"}, "decode with 'idna' is not", id="charset-by-name"),
        pytest.param("decode", b"a", [], {}, None, id="decode"),
        pytest.param("ljust", b"a", [9], {}, "ljust of bytes is not offered", id="of-bytes"),
        pytest.param("translate", "a", [{}], {}, "translate of str is not offered", id="not-offered"),
        pytest.param("from_bytes", int, [b""], {}, "from_bytes of type is not offered", id="of-a-class"),
        pytest.param("strftime", datetime.date(2026, 1, 2), ["%Y" * 501], {}, "a format of more than 1,000", id="date"),
        pytest.param("strftime", datetime.date(2026, 1, 2), ["%Y"], {}, None, id="year"),
        pytest.param("get", {"a": 1}, ["a"], {}, None, id="get"),
    ],
)
def test_a_method_is_refused_if_its_work_or_result_would_be_too_large(
    name: str, value: Any, args: Sequence[Any], kwargs: Mapping[str, Any], error: str | None
) -> None:
    if error is None:
        check_method(Step(name, value, args, kwargs))
    else:
        with pytest.raises(SecurityError, match=error):
            check_method(Step(name, value, args, kwargs))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ true | upper }}", "TRUE"),
        ("{{ none | title }}", "Null"),
        ("{{ true | replace('t', 'T') }}", "True"),
        ("{{ [1, none] | trim }}", "[1, null]"),
        ("{{ {'a': true} | e }}", "{&#34;a&#34;: true}"),
        ("{{ 1.5 | trim }}", "1.5"),
    ],
)
def test_filters_of_text_write_other_values_as_json(template: str, expected: str) -> None:
    assert rendered(compile_templates(template), context_for()) == expected
