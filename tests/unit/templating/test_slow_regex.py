import pytest

from fakebackend.format.compile import compile_file
from fakebackend.templating.slow_regex import check_foreign
from fakebackend.templating.slow_regex import has_nested_quantifiers
from fakebackend.templating.slow_regex import slow_regexes


@pytest.mark.parametrize(
    ("source", "nested"),
    [
        ("(a+)+", True),
        ("(a*)*b", True),
        ("(?:a|b+)*", True),
        ("((x)+y)*", True),
        ("(?=(a+)+)", True),
        ("(a+?)*?", True),
        ("(.*,)*", True),
        ("^/v[0-9]+/(?P<id>[a-z]+)$", False),
        ("(ab)+c*", False),
        ("(a{1,3})+", False),
        ("(a+){2}", False),
        ("(?>a+)+", True),
        ("", False),
        ("[+*]+", False),
    ],
)
def test_a_quantifier_inside_another_is_found(source: str, nested: bool) -> None:
    assert has_nested_quantifiers(source) is nested


def test_every_regex_of_a_condition_is_looked_at() -> None:
    when = {"query": {"a": {"$regex": "(a+)+"}, "b": {"$regex": "a+"}}, "json": [{"x": {"$not": {"$regex": "(b*)*"}}}]}
    assert sorted(slow_regexes(when), key=str) == [
        ("json", 0, "x", "$not", "$regex"),
        ("query", "a", "$regex"),
    ]


def test_a_file_with_one_is_warned_of_at_its_place() -> None:
    text = """{"GET": {
  "~^/(a+)+$": 1,
  "/b": {"$when": {"text": {"$regex": "(b+)*"}}, "$body": 1}
}}"""
    assert [str(warning) for warning in compile_file(text.encode(), "r.json").warnings] == [
        'r.json:2:3: GET ~^/(a+)+$: "~^/(a+)+$" has a quantifier inside another one, as (a+)+: '
        "for some texts it takes for ever",
        "r.json:3:29: GET /b: $regex has a quantifier inside another one, as (a+)+: for some texts it takes for ever",
    ]


@pytest.mark.parametrize(
    ("source", "length"),
    [
        ("^[a-z]+@[a-z]+$", 1_000),
        ("a{3}(b)?", 1_000),
        ("^(a|b)c*", 100_000),
        ("[0-9]+", 1_000_000),
        ("", 10_000_000),
    ],
)
def test_what_takes_no_long_time_may_come_with_a_request(source: str, length: int) -> None:
    check_foreign(source, length)


@pytest.mark.parametrize(
    ("source", "length"),
    [
        pytest.param("^(a+)+$", 40, id="nested"),
        pytest.param("(a{1,9}){1,9}", 40, id="nested-with-limits"),
        pytest.param("(a|aa)+$", 40, id="choice"),
        pytest.param("(?=(a|aa)*)b", 40, id="choice-ahead"),
        pytest.param("a*a*a*b", 1_000, id="several"),
        pytest.param("x" * 101, 1, id="long"),
    ],
)
def test_what_may_take_long_may_not(source: str, length: int) -> None:
    with pytest.raises(ValueError, match=r"may take too long|more than 100 characters"):
        check_foreign(source, length)
