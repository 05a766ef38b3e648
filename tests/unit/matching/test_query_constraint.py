import pytest

from fakebackend.matching.query_constraint import Constraint
from fakebackend.matching.query_constraint import constraint_holds
from fakebackend.matching.query_constraint import parse_constraints
from fakebackend.messages.form import decode_form


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
