import json
import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import product
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from fakebackend.format.compile import compile_file
from fakebackend.matching.url_pattern import parse_url_pattern
from fakebackend.messages.origin import Origin
from fakebackend.messages.request import Request
from fakebackend.table import shadowing
from fakebackend.table.entry import Entry
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.shadowing import find_shadowed
from tests.conftest import look_up
from tests.conftest import table_of

IF = {"$when": {"query": {"x": 1}}, "$body": 1}


def shadowed_in(file: dict[str, Any]) -> list[str]:
    return [str(problem) for problem in find_shadowed(table_of(file))]


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        pytest.param("GET /{p:path}", "GET ~^/a", id="expression-behind-every-path"),
        pytest.param("* /{p:path}", "GET ~^/a?", id="expression-behind-every-path-and-method"),
        pytest.param("GET /x-{identifier}", "GET /x-{n:int}", id="longer-name-of-equal-rank"),
        pytest.param("GET /a/x{identifier}-y", "GET /a/x{n:int}-y", id="text-around"),
        pytest.param("GET /{first}{second}", "GET /{a:int}{b}", id="two-parameters"),
    ],
)
@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
def test_what_never_answers_is_named_with_what_always_wins(winner: str, loser: str, backwards: bool) -> None:
    keys = [loser, winner] if backwards else [winner, loser]
    [problem] = shadowed_in(dict.fromkeys(keys, 1))
    column = 2 if backwards else len(json.dumps(dict.fromkeys(keys[:1], 1))) + 2
    assert problem == f"responses.json:1:{column}: {loser}: never answers, {winner} (responses.json:1) always wins"


@pytest.mark.parametrize(
    ("file", "losers"),
    [
        pytest.param({"*": {"/{p:path}": 1}}, ["GET /a"], id="any"),
        pytest.param({"GET": {"/a": 1}}, ["GET /a"], id="the-same"),
        pytest.param({"GET": {"/{x}": 1}}, ["GET /a"], id="template"),
        pytest.param({"GET": {"/{x}?q=1": 1}}, [], id="query"),
        pytest.param({"POST": {"/a": 1}}, [], id="method"),
        pytest.param({"HEAD": {"/a": 1}}, [], id="head"),
        pytest.param({"GET": {"/a/b": 1}}, [], id="longer"),
        pytest.param({"GET": {"/a/{p:path}": 1}}, [], id="rest-needs-its-slash"),
        pytest.param({"GET": {"//h/a": 1}}, [], id="host"),
        pytest.param({"GET": {"~a": 1}}, [], id="an-expression-is-not-looked-into"),
        pytest.param({"*": {"/{p:path}": IF}}, [], id="conditions"),
        pytest.param({"*": {"/{p:path}": {"$cases": [IF, 0]}}}, ["GET /a"], id="cases-that-always-answer"),
        pytest.param({"GET": {"/{x:int}": 1}}, [], id="no-integer"),
    ],
)
def test_before_may_leave_entries_no_request(file: dict[str, Any], losers: list[str]) -> None:
    found = shadowed_in({"$before": file, "GET /a": 1})
    assert [line.split(": ")[1] for line in found] == losers


@pytest.mark.parametrize(
    ("wide", "narrow", "covers"),
    [
        pytest.param("GET /a", "HEAD /a", True, id="get-answers-head"),
        pytest.param("GET /a?q", "GET /a?q=1", True, id="any-value-covers-a-value"),
        pytest.param("GET /a?q=1", "GET /a?q=1&r", True, id="fewer-constraints-cover-more"),
        pytest.param("GET /a?q=1", "GET /a?q", False, id="a-value-covers-not-any"),
        pytest.param("GET //h/a", "GET https://h/a", True, id="host-covers-scheme"),
        pytest.param("GET //h:81/a", "GET http://h:81/a", True, id="port-covers-scheme-and-port"),
        pytest.param("GET http://h/a", "GET https://h/a", False, id="other-scheme"),
        pytest.param("GET //h/a", "GET //i/a", False, id="other-host"),
        pytest.param("GET /a", "GET https://h/a", True, id="no-host-covers-any"),
        pytest.param("GET /{x}/b", "GET /{x:int}/b", True, id="any-covers-integer"),
        pytest.param("GET /{x:int}", "GET /{x}", False, id="integer-covers-not-any"),
        pytest.param("GET /{x}", "GET /a{x}", True, id="any-covers-text-around"),
        pytest.param("GET /a{x}", "GET /b{x}", False, id="other-text-around"),
        pytest.param("GET /a{x}", "GET /ab", True, id="text-around-covers-literal"),
        pytest.param("GET /a{x}", "GET /b", False, id="text-around-covers-not-another-literal"),
        pytest.param("GET /{x}", "GET /{p:path}", False, id="any-covers-not-rest"),
        pytest.param("GET /a{x}", "GET /a{p:path}", False, id="text-around-covers-not-rest"),
        pytest.param("GET /{x}", "GET /{x}/{y}", False, id="shorter"),
        pytest.param("GET /{x}/{y}", "GET /{x}", False, id="longer"),
        pytest.param("GET /a/{p:path}", "GET /a/{x}/b", True, id="rest-covers-segments"),
        pytest.param("GET /a/{p:path}", "GET /a", False, id="rest-needs-its-slash"),
        pytest.param("GET /a{p:path}", "GET /ab/c", True, id="text-before-rest"),
        pytest.param("GET /a{p:path}", "GET /a{x}", True, id="same-text-before-rest"),
        pytest.param("GET /ab{p:path}", "GET /a{x}", False, id="more-text-before-rest"),
        pytest.param("GET /{x}{p:path}", "GET /a/b", False, id="two-parameters-and-rest-is-not-decided"),
        pytest.param("OPTIONS /{p:path}", "OPTIONS /a", False, id="preflights-see-no-before"),
        pytest.param("* /{p:path}", "OPTIONS /a", False, id="preflights-see-no-any"),
        pytest.param("GET /a/{p:path}", "GET ~^/a/b", False, id="rest-of-a-folder-covers-no-expression"),
        pytest.param("GET /a", "GET ~^/a$", False, id="literal-covers-no-expression"),
    ],
)
def test_covering(wide: str, narrow: str, covers: bool) -> None:
    found = shadowed_in({"$before": {wide: 1}, narrow: 1})
    assert bool(found) is covers


def test_entries_of_before_are_told_too_and_not_by_those_behind_them() -> None:
    file = {"$before": {"GET /x-{identifier}": 1, "GET /x-{n:int}": 1, "GET /a": IF}, "GET /{p:path}": 1}
    [problem] = shadowed_in(file)
    assert problem.split(": ")[1] == "GET /x-{n:int}"


def test_nothing_is_said_of_ordinary_files() -> None:
    assert shadowed_in({"GET": {"/a": 1, "/{x}": 1, "/{x:int}": 1, "/a/{p:path}": 1, "/{p:path}": 1}}) == []


def test_among_very_many_odd_keys_none_are_compared() -> None:
    keys = {f"GET /k{n}-{{x:int}}": 1 for n in range(300)}
    assert shadowed_in({**keys, "GET /x-{identifier}": 1, "GET /x-{n:int}": 1}) == []


# Very many entries. They are counted by whom each is compared with, as no clock is fair.


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how often each entry is compared with another one, by what it is known by."""
    times: Counter[str] = Counter()
    shadows = shadowing._shadows

    def counted(one: Entry, other: Entry, table: EntryTable) -> bool:
        times[str(other)] += 1
        return shadows(one, other, table)

    monkeypatch.setattr(shadowing, "_shadows", counted)
    return times


def lines_of(*keys: str) -> str:
    return ",\n".join(f'"{key}": 1' for key in keys)


def test_among_thousands_each_entry_is_compared_with_few_and_the_right_ones_are_found(compared: Counter[str]) -> None:
    before = [key for n in range(1000) for key in (f"GET /l{n}", f"* /p{n}/{{x}}")]
    entries = [key for n in range(500) for key in (f"GET /l{n}", f"POST /l{n}", f"PUT /p{n}/a", f"PUT /p{n}/a/b")]
    text = f'{{"$before": {{\n{lines_of(*before)}}},\n{lines_of(*entries)}}}'
    found = [str(warning) for warning in compile_file(text.encode(), "f").warnings]
    assert found == [
        warning
        for n in range(500)
        for warning in (
            f"f:{2002 + 4 * n}:1: GET /l{n}: never answers, GET /l{n} (f:{2 + 2 * n}) always wins",
            f"f:{2004 + 4 * n}:1: PUT /p{n}/a: never answers, * /p{n}/{{x}} (f:{3 + 2 * n}) always wins",
        )
    ]
    assert max(compared.values()) <= 2


def warnings_of(file: dict[str, Any]) -> list[str]:
    """Return the warnings of a file, for which its entries are compared once."""
    return [str(warning) for warning in compile_file(json.dumps(file).encode(), "f").warnings]


@pytest.mark.parametrize("parameter", ["", "/{x}"], ids=["literal", "parameters"])
def test_of_very_many_entries_of_one_path_few_are_looked_at(compared: Counter[str], parameter: str) -> None:
    before = [f"GET /a{parameter}?n={n}" for n in range(250)]
    entries = [f"GET /a{parameter}?m={n}" for n in range(10)] + [f"GET /{n}" for n in range(10)]
    assert warnings_of({"$before": dict.fromkeys(before, 1), **dict.fromkeys(entries, 1)}) == []
    assert max(compared.values()) == shadowing._FEW
    assert len(compared) == 260


def test_rivals_of_the_file_are_compared_beside_those_before(compared: Counter[str]) -> None:
    rivals = [f"GET /x-{{a}}-{n}" for n in range(50)]
    before = [f"GET /a?n={n}" for n in range(250)]
    assert warnings_of({"$before": dict.fromkeys(before, 1), **dict.fromkeys([*rivals, "GET /a", "GET /b"], 1)}) == []
    assert compared["GET /b (f:1)"] == len(rivals)
    assert compared["GET /a (f:1)"] == max(compared.values()) == shadowing._FEW + len(rivals)


def test_the_least_specific_of_very_many_before_is_found() -> None:
    before = [f"GET /a?n={n}" for n in range(250)]
    assert warnings_of({"$before": dict.fromkeys([*before, "GET /a"], 1), "GET /a?m": 1})[-1].endswith(
        "GET /a?m: never answers, GET /a (f:1) always wins"
    )


def test_the_only_entry_before_is_named_wherever_it_stands() -> None:
    file = {"$before": {"*": {"/{rest:path}": {"$status": 503}}}, "GET": {"/user": 1, "/users": []}}
    text = json.dumps(file, indent=2)
    assert [str(warning) for warning in compile_file(text.encode(), "f").warnings] == [
        "f:10:5: GET /user: never answers, * /{rest:path} (f:4) always wins",
        "f:11:5: GET /users: never answers, * /{rest:path} (f:4) always wins",
    ]


# Whatever the entries: one that is said never to answer answers none of the requests made from it and its winner.

UUID = "123e4567-e89b-12d3-a456-426614174000"

FORMS = {
    "a": ["a", "{}", "{:path}", "{}{}"],
    "7": ["7", "{:int}", "{}", "{:path}"],
    "x-7": ["x-{:int}", "x-{}", "{}-{}", "{}-{:int}", "x{:path}", "x-{:path}", "{}"],
    UUID: ["{:uuid}", "{}", "{}-{}"],
}
"""Segments, each with those of keys that match it."""

FILLED = [
    {"": "a", ":int": "7", ":uuid": UUID, ":path": "a/7"},
    {"": "7", ":int": "07", ":uuid": UUID, ":path": ""},
    {"": "x-7", ":int": "7", ":uuid": UUID, ":path": "x-7"},
    {"": UUID, ":int": "0", ":uuid": UUID.upper(), ":path": "7"},
]

ORIGINS = [None, Origin("https", "h", 443), Origin("https", "h", 8443)]
PREFLIGHT = [("Origin", "http://a"), ("Access-Control-Request-Method", "GET")]

methods = st.sampled_from(["GET", "GET", "*", "HEAD", "OPTIONS"])
wide_methods = st.sampled_from(["*", "*", "*", "GET", "OPTIONS"])
origins = st.sampled_from(["", "", "", "", "", "", "//h", "https://h", "//h:8443"])
queries = st.sampled_from(["", "", "", "", "?q=1", "?q", "?q=1&r"])
values = st.sampled_from([1, 1, {"$delay": "1s"}, {"$when": {"query": {"w": {"$exists": True}}}}, {"$cases": [1]}])


@st.composite
def keys(draw: st.DrawFn, parts: list[str], methods: st.SearchStrategy[str]) -> str:
    """Draw a key for a path, or one with a regular expression."""
    if draw(st.integers(0, 9)) == 0:
        return f"{draw(methods)} ~^/{parts[0][:1]}"
    path = ""
    for part in parts:
        path += "/" + draw(st.sampled_from(FORMS[part]))
        if ":path" in path:
            break
    for number in range(path.count("{")):
        path = re.sub(r"\{(?=[:}])", f"{{p{number}", path, count=1)
    return f"{draw(methods)} {draw(origins)}{path}{draw(queries)}"


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a file with keys for one path; of those that ask for the same the last is kept."""
    parts = draw(st.lists(st.sampled_from(list(FORMS)), min_size=1, max_size=2))

    def entries(methods: st.SearchStrategy[str]) -> dict[str, Any]:
        unique = {}
        for key in draw(st.lists(keys(parts, methods), min_size=1, max_size=5)):
            method, _, url = key.partition(" ")
            unique[method, parse_url_pattern(url).dedup_key] = key
        return {key: draw(values) for key in unique.values()}

    return {"$before": entries(wide_methods), **entries(methods)}


class Asked(Request):
    """A request with nothing around it, as hundreds are asked of each file."""

    def __init__(
        self, method: str, target: str, origin: Origin | None, headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(method, target)
        self.__dict__.update(origin=origin, headers=headers)


def targets_of(entry: Entry) -> Iterator[str]:
    """Yield targets that an entry matches, or nearly does."""
    path = re.sub(r"^(https?:)?//[^/]*", "", entry.url).partition("?")[0]
    query = "&".join(name if value is None else f"{name}={value}" for name, value in entry.query)
    for filled in FILLED:
        bare = re.sub(r"\{\w+(:\w+)?\}", lambda match: filled[match[1] or ""], path.replace("~^", ""))  # noqa: B023
        for more in ("", "&q=1&r=2&w"):
            yield f"{bare}?{query}{more}"


@hypothesis.given(files())
@hypothesis.example({"$before": {"* /{p0:path}": 1}, "OPTIONS /a": 1, "HEAD ~^/a": 1, "GET https://h/a?q": 1})
@hypothesis.example({"$before": {}, "GET /{p0}-{p1}": 1, "GET /{p0}-{p1:int}": 1, "* /{p0:path}": 1, "GET ~^/": 1})
def test_one_that_is_said_never_to_answer_answers_no_request(file: dict[str, Any]) -> None:
    table = table_of(file)
    entries = {entry.location: entry for entry in table}
    by_name = {str(entry): entry for entry in table}
    for warning in find_shadowed(table):
        loser = entries[warning.location]
        winner = by_name[warning.text.removeprefix("never answers, ").removesuffix(" always wins")]
        hypothesis.event("told")
        targets = dict.fromkeys([*targets_of(loser), *targets_of(winner)])
        for target, origin in product(targets, ORIGINS):
            for method in ("GET", "HEAD", "OPTIONS", "PUT"):
                assert look_up(table, Asked(method, target, origin)).entry is not loser
            assert look_up(table, Asked("OPTIONS", target, origin, PREFLIGHT)).entry is not loser
