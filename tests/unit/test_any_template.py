"""Templates that nobody thought of: filters, methods and operators one after the other, on large data of a client's."""

import json
from typing import Any

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.templating.limits import LARGEST_TEXT
from fakebackend.templating.limits import check_size
from fakebackend.templating.sandbox import TemplateEnvironment
from fakebackend.templating.steps import FILTERS
from fakebackend.templating.steps import METHOD_NAMES
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template_text import TemplateText
from tests.answering import context_for

pytestmark = pytest.mark.slow

BODY = json.dumps(["<é\n\t%(a)s{0} x" * 2_000, [[n, {"a": str(n)}] for n in range(2_000)], 10**300, 1.5, None])
CONTEXT = context_for("POST", "/?a=%25999999999d", body=BODY)

VALUES = (
    *("text", "json", "json[0]", "json[1]", "json[2]", "json[3]", "query", "query.a", "state", "range(9999)"),
    *("'a'", "'%s'", "'{0}'", "' '", "''", "1", "-1", "99999", "10 ** 9", "none", "true", "[]", "{'a': text}", "now()"),
)
NAMES = ("width", "indent", "sep", "chars", "attribute", "start", "d", "base", "default", "first", "blank")

values = st.sampled_from(VALUES)
arguments = (
    st.just("")
    | values
    | st.builds("{}, {}".format, values, values)
    | st.builds("{}={}".format, st.sampled_from(NAMES), values)
)
expressions = st.recursive(
    values,
    lambda inner: (
        st.builds("({} | {}({}))".format, inner, st.sampled_from(sorted(FILTERS)), arguments)
        | st.builds("({}).{}({})".format, inner, st.sampled_from(sorted(METHOD_NAMES)), arguments)
        | st.builds("({} {} {})".format, inner, st.sampled_from(["*", "%", "+", "~", "~", "in", "=="]), values)
    ),
    max_leaves=4,
)
templates = st.builds("{{{{ {} }}}}".format, expressions) | st.builds(
    "{{% for x in {} if x != {} %}}{{{{ {} }}}}{{% endfor %}}".format, expressions, values, expressions
)


class Huge(BaseException):
    """No `Exception`, as those are reasons why a template cannot be rendered."""


@pytest.fixture(scope="module", autouse=True)
def _watched() -> Any:
    """Have every step say how large its result is."""
    counted = TemplateEnvironment.counted
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TemplateEnvironment, "counted", lambda self, value: counted(self, _not_huge(value)))
        yield


def _not_huge(value: Any) -> Any:
    if isinstance(value, str | bytes | list | tuple) and len(value) > 4 * LARGEST_TEXT:
        raise Huge(len(value))
    return value


@settings(max_examples=100, deadline=None)
@given(source=templates)
@example("{{ ('%(a)s' * 9999) % {'a': text} }}")
@example("{{ json | tojson(indent=99999) }}")
@example("{{ (text * 99) | indent(99999) }}")
def test_any_template_gives_a_value_of_bounded_size_or_says_why_not(source: str) -> None:
    assert check_size(_value_or_reason(source)) <= LARGEST_TEXT


def _value_or_reason(source: str) -> Any:
    try:
        return TemplateText(source).render(CONTEXT)
    except (ValidationError, RenderingError) as e:  # the first for `map("a")`
        return str(e)
