import pytest

from fakebackend.matching.query_constraint import Constraint
from fakebackend.matching.query_constraint import constraint_holds
from fakebackend.matching.query_constraint import parse_constraints
from fakebackend.messages.form import decode_form


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("a=1&b=2", [("a", "1"), ("b", "2")], id="pairs"),
        pytest.param("a=1&a=2", [("a", "1"), ("a", "2")], id="repeated-in-order"),
        pytest.param("a", [("a", "")], id="name-alone"),
        pytest.param("a=", [("a", "")], id="empty-value"),
        pytest.param("=1", [("", "1")], id="empty-name"),
        pytest.param("&&a=1&", [("a", "1")], id="empty-pieces"),
        pytest.param("a=b=c", [("a", "b=c")], id="second-equals"),
        pytest.param("a+b=c+d", [("a b", "c d")], id="plus-is-a-space"),
        pytest.param("a=%2B%20%26%3D", [("a", "+ &=")], id="percent"),
        pytest.param("a=%E7%8C%AB", [("a", "猫")], id="utf-8"),
        pytest.param("a=%ff", [("a", "\udcff")], id="no-utf-8"),
        pytest.param("a=100%&b=%zz", [("a", "100%"), ("b", "%zz")], id="stray-percent"),
        pytest.param("a;b", [("a;b", "")], id="semicolon-is-no-separator"),
        pytest.param("a[]=1", [("a[]", "1")], id="brackets"),
        pytest.param("\udcff+=1", [("\udcff ", "1")], id="raw-byte"),
    ],
)
def test_a_query_is_decoded_as_a_form(query: str, pairs: list[tuple[str, str]]) -> None:
    assert decode_form(query) == pairs


@pytest.mark.parametrize(
    ("query", "constraints"),
    [
        pytest.param("", (), id="none"),
        pytest.param("q=cats", (("q", "cats"),), id="value"),
        pytest.param("debug", (("debug", None),), id="any-value"),
        pytest.param("debug=", (("debug", ""),), id="empty-value"),
        pytest.param("b=2&a=1", (("a", "1"), ("b", "2")), id="order-is-no-difference"),
        pytest.param("a=1&a=1", (("a", "1"),), id="each-once"),
        pytest.param("a&a=1", (("a", "1"),), id="any-value-goes-without-saying"),
        pytest.param("a=2&a=1", (("a", "1"), ("a", "2")), id="both-values"),
        pytest.param("a+b=c%2Bd", (("a b", "c+d"),), id="decoded-as-the-request-is"),
    ],
)
def test_constraints_of_a_key(query: str, constraints: tuple[Constraint, ...]) -> None:
    assert parse_constraints(query) == constraints


@pytest.mark.parametrize(
    ("constraint", "query", "holds"),
    [
        pytest.param(("a", "1"), "a=1&b=2", True, id="others-may-be-there"),
        pytest.param(("a", "1"), "a=2&a=1", True, id="any-of-a-repeated-name"),
        pytest.param(("a", "1"), "a=2", False, id="other-value"),
        pytest.param(("a", "1"), "A=1", False, id="case-counts"),
        pytest.param(("a", "1"), "", False, id="absent"),
        pytest.param(("a", None), "a=1", True, id="any-value"),
        pytest.param(("a", None), "a", True, id="no-value"),
        pytest.param(("a", None), "b", False, id="any-value-absent"),
        pytest.param(("a", ""), "a=", True, id="empty"),
        pytest.param(("a", ""), "a", True, id="empty-without-equals"),
        pytest.param(("a", ""), "a=1", False, id="not-empty"),
        pytest.param(("a", "\ufffd"), "a=%ff", False, id="no-utf-8-is-no-replacement-character"),
    ],
)
def test_a_constraint_holds_if_the_pair_is_there(constraint: Constraint, query: str, holds: bool) -> None:
    assert constraint_holds(constraint, decode_form(query)) is holds
