"""Schema and loader agree about files that nobody has written down.

Most of each file is good, so that what is wrong in it decides alone.
"""

from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from fakebackend.diagnostics.json_schema import NOTHING
from fakebackend.format.file_keys import DEFAULTS
from fakebackend.format.keys import COMPANIONS
from fakebackend.format.keys import EXCLUSIVE_KEYS
from fakebackend.format.keys import RESERVED_KEYS
from fakebackend.matching.value_patterns import OPERATORS
from fakebackend.matching.when import WHEN_PARTS
from fakebackend.templating.template_marks import EACH
from fakebackend.templating.template_marks import IF
from fakebackend.templating.template_marks import VALUE
from tests.agreement import disagreement
from tests.unit.format.test_keys import BAD
from tests.unit.format.test_keys import GOOD

TEMPLATES = ["{{ 1 }}", "a{% if query %}b{% endif %}"]
JUNK: list[Any] = [None, True, 0, -1, 2.0, 1.5, "", "a", "x€", "a\n", [], [1], {}, {"a": 1}, {"a": None}, *TEMPLATES]

junk = st.sampled_from(JUNK)
good_names = st.sampled_from(["a", "b", "user", "x_1"])
any_names = st.sampled_from(["b-c", "größe", "query", "Content-Length", "connection", "_x", "true", "$a", "", "X\n"])


def mostly(good: st.SearchStrategy[Any], other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 9).flatmap(lambda chance: other if chance == 0 else good)


def known(key: str) -> st.SearchStrategy[Any]:
    """Return values that the tests have of a key."""
    good, bad = ([*table.get(key, ()), *table.get(f"{key} with templates", ())] for table in (GOOD, BAD))
    return mostly(st.sampled_from(good), st.sampled_from([*bad, *JUNK]))


def objects(keys: st.SearchStrategy[str], values: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[Any]:
    return st.dictionaries(keys, values, min_size=least, max_size=2)


def lists(elements: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(elements, min_size=1, max_size=2)


names = mostly(good_names, any_names)
scalars = mostly(st.sampled_from([0, 1.5, "", "a", "{{ 1 }}", True]), junk)
data = st.recursive(
    scalars,
    lambda inner: (
        lists(inner)
        | objects(st.sampled_from(["a", "b", "{{ 1 }}", "$ref", IF]), inner)
        | st.tuples(mostly(st.sampled_from([2, 1.0, [1], "{{ [1] }}", {"user": [1]}]), inner), inner).map(
            lambda parts: {EACH: parts[0], VALUE: parts[1]}
        )
        | st.tuples(scalars, inner).map(lambda parts: {IF: parts[0], "a": parts[1]})
        | objects(st.sampled_from([EACH, IF, VALUE, "a"]), inner)
    ),
    max_leaves=5,
)


def under(name: str, content: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return content.map(lambda value: {name: value})


def operators_on(pattern: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    inner = {
        **dict.fromkeys(("$not", "$elemMatch"), pattern),
        **dict.fromkeys(("$and", "$or", "$all"), lists(pattern)),
        **dict.fromkeys(("$eq", "$ne"), scalars | lists(scalars)),
        **dict.fromkeys(("$in", "$nin"), lists(scalars)),
    }
    return st.one_of(*(under(name, inner.get(name, known(name))) for name in OPERATORS))


patterns = st.recursive(
    scalars,
    lambda inner: (
        operators_on(inner)
        | operators_on(inner)
        | lists(inner)
        | objects(st.sampled_from(["a", "b.c", "name", "size", "$nope"]), inner)
        | st.tuples(operators_on(inner), operators_on(inner) | st.just({"a": 1})).map(lambda two: {**two[0], **two[1]})
    ),
    max_leaves=4,
)
fields = objects(mostly(good_names, st.sampled_from(list(OPERATORS))), patterns, 1)
uploads = objects(good_names, objects(st.sampled_from(["name", "type", "size", "text"]), patterns) | patterns)
all_names = objects(good_names, scalars | lists(scalars)).map(lambda values: {"$eq": values})
conditions = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("query", "cookies", "form"), fields | all_names),
        **dict.fromkeys(("headers", "path", "state"), fields),
        "files": uploads,
        "json": patterns,
        "text": patterns,
    },
)
whens = st.recursive(
    conditions,
    lambda inner: (
        inner.map(lambda when: {"$not": when})
        | st.tuples(st.sampled_from(["$or", "$and"]), lists(inner)).map(lambda group: {group[0]: group[1]})
        | objects(st.sampled_from([*WHEN_PARTS, "qeury"]), inner)
    ),
    max_leaves=3,
)
headers = objects(names, scalars | lists(scalars))
forwards = st.fixed_dictionaries({"headers": headers}, optional={"to": known("$forward")})


def of_key(key: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return what may stand under a key."""
    limits = st.fixed_dictionaries({"requests": st.just(1), "per": st.just("1s")}, optional={"answer": values})
    inner: dict[str, st.SearchStrategy[Any]] = {
        "$status": st.sampled_from([200, 204, 205.0, 304, 404, "{{ 204 }}"]),
        "$headers": headers,
        "$cases": lists(values),
        "$sequence": lists(values),
        "$limit": limits,
        "$when": whens,
        "$body": data,
        "$let": objects(names, data),
        "$set": objects(names, data),
        "$merge": data,
        "$forward": forwards | known(key),
    }
    return mostly(inner[key], known(key)) if key in inner else known(key)


NOT_YET = [key.name for key in RESERVED_KEYS.values() if key.schema == NOTHING]
BESIDE = {"$sequence": "$repeat", "$forward": "$merge", "$handler": "$users"}
OTHERS = [key for key in RESERVED_KEYS if key not in (*EXCLUSIVE_KEYS, *COMPANIONS, *NOT_YET)]


@st.composite
def definitions(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Return an object with one key that says what is answered, or none, and others beside it."""
    keys = draw(st.lists(st.sampled_from(OTHERS), max_size=3))
    if draw(st.integers(0, 3)):
        answering = draw(st.sampled_from(sorted(EXCLUSIVE_KEYS)))
        keys += [answering, *([BESIDE[answering]] if answering in BESIDE and draw(st.booleans()) else [])]
    keys += draw(mostly(st.just([]), st.sampled_from([*RESERVED_KEYS, EACH, "a", "$nope"]).map(lambda key: [key])))
    made = {key: draw(of_key(key, values)) if key in GOOD else 1 for key in keys}
    return {**made, "$handler": "login"} if "$users" in made and draw(st.booleans()) else made


values: st.SearchStrategy[Any] = st.deferred(lambda: data | definitions(values))
urls = mostly(
    st.sampled_from(["/", "/{a}/{name}", "/x?{", "//h/a", "HTTPS://h:8", "~x"]),
    st.sampled_from(["/{", "/{a:path}/b", "~^/(", "a", "", "/a#b", "//h:0/", "ftp://h/"]),
)
good_or_any: dict[str, tuple[list[Any], list[Any]]] = {
    "$base": (["/api", "https://h", "/{b}/"], ["/{p:path}", "x", "/?"]),
    "$state": ([{}, {"a": None}], JUNK),
    "$include": ([[]], [*JUNK, [""]]),
}
defaults = st.fixed_dictionaries(
    {},
    optional={
        "$template": st.booleans(),
        "$headers": headers,
        "$let": objects(names, data),
        "$delay": known("$delay"),
    },
)
file_keys: dict[str, st.SearchStrategy[Any]] = {
    **{key: mostly(st.sampled_from(good), st.sampled_from(bad)) for key, (good, bad) in good_or_any.items()},
    "$defaults": mostly(defaults, objects(st.sampled_from([*DEFAULTS, "$status"]), junk)),
    "$before": mostly(st.fixed_dictionaries({"*": st.dictionaries(urls, values, max_size=1)}), junk),
    "$unmatched": values,
    "GET /flat": values,
}
files = st.fixed_dictionaries({"GET": mostly(st.dictionaries(urls, values, max_size=2), junk)}, optional=file_keys)
odd_keys = mostly(
    st.just({}), st.sampled_from(["get", "M-X\n", "/a", "$bse", "GET a", "GET /\n"]).map(lambda key: {key: {}})
)
in_a_file = st.tuples(st.sampled_from([{}, {"$defaults": {"$template": True}}]), definitions(values) | data).map(
    lambda parts: {**parts[0], "GET": {"/{a}/{name}": parts[1]}}
)


@pytest.mark.slow
@hypothesis.settings(max_examples=300)
@hypothesis.given(file=in_a_file | in_a_file | st.tuples(files, odd_keys).map(lambda parts: {**parts[0], **parts[1]}))
def test_schema_and_loader_agree_about_any_file(file: dict[str, Any]) -> None:
    assert disagreement(file) is None
