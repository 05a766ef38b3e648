import random
from typing import Any

import pytest
from jinja2.exceptions import SecurityError
from jinja2.exceptions import TemplateAssertionError
from jinja2.exceptions import UndefinedError

from fakebackend.messages.multidict import MultiDict
from fakebackend.state.mock_state import MockState
from fakebackend.templating.sandbox import TemplateEnvironment
from tests.answering import context_for

TOO_LARGE = "the result is larger than"
TOO_WIDE = "with more than 100,000"
TOO_MUCH_WORK = "the templates of the answer make more than"
UNSAFE = "is unsafe"


def text_of(source: str, **names: Any) -> str:
    environment = TemplateEnvironment()
    with environment.bounded(context_for(state=MockState(seed="1"))):
        return environment.from_string(source).render(**names)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        pytest.param("{{ 2 ** 1000000 }}", "a number of more than 100,000 bits", id="power"),
        pytest.param("{{ 'a' * 100000000 }}", TOO_LARGE, id="text-times"),
        pytest.param("{{ 100000000 * [1] }}", TOO_LARGE, id="times-list"),
        pytest.param("{{ [[0] * 10000] * 10000 }}", TOO_LARGE, id="list-of-lists"),
        pytest.param("{{ {'a': [[0] * 10000] * 10000} }}", TOO_LARGE, id="object-of-lists"),
        pytest.param("{{ '%100000000d' % 1 }}", TOO_WIDE, id="percent"),
        pytest.param("{{ '%.*f' % (100000000, 1) }}", TOO_WIDE, id="percent-star"),
        pytest.param("{{ '%100000000d' | format(1) }}", TOO_WIDE, id="filter-format"),
        pytest.param("{{ '{:100000000}'.format(1) }}", TOO_WIDE, id="format"),
        pytest.param("{{ '{:{}}'.format(1, '100000000') }}", "a field inside the format", id="format-nested"),
        pytest.param("{{ '{a:100000000}'.format_map({'a': 1}) }}", "format_map of str", id="format-map"),
        pytest.param("{{ 'a'.zfill(100000000) }}", TOO_WIDE, id="zfill"),
        pytest.param("{{ 'a' | center(width=100000000) }}", TOO_WIDE, id="filter-center"),
        pytest.param("{{ 'a\nb' | indent(100000000) }}", TOO_WIDE, id="filter-indent"),
        pytest.param("{{ [1] | tojson(indent=100000000) }}", TOO_WIDE, id="filter-tojson"),
        pytest.param("{{ 1 | round(100000000, 'ceil') }}", TOO_WIDE, id="filter-round"),
        pytest.param("{{ [1] | slice(100000000) | list }}", TOO_WIDE, id="filter-slice"),
        pytest.param("{{ [1] | batch(100000000, 1) | list }}", TOO_WIDE, id="filter-batch"),
        pytest.param("{{ ('a' * 10000) | replace('a', 'b' * 10000) }}", TOO_LARGE, id="filter-replace"),
        pytest.param("{{ ('a' * 10000).replace('a', 'b' * 10000) }}", TOO_LARGE, id="replace"),
        pytest.param("{{ range(10000) | join('b' * 10000) }}", TOO_LARGE, id="filter-join"),
        pytest.param("{{ ('b' * 10000).join(range(10000) | map('string')) }}", TOO_LARGE, id="join"),
        pytest.param("{{ range(99999) | map('center', 99999) | list }}", TOO_MUCH_WORK, id="many-filters"),
        pytest.param(
            "{% set n = namespace(x=3) %}{% for i in range(99) %}{% set n.x = n.x * n.x %}{% endfor %}",
            "a number of more than 100,000 bits",
            id="squares-of-squares",
        ),
        pytest.param(
            "{% set t %}{% for i in range(9999) %}{{ 'a' * 9999 }}{% endfor %}{% endset %}",
            TOO_MUCH_WORK,
            id="a-block-that-is-set",
        ),
        pytest.param(
            "{% set t %}{% for i in range(99999) %}" + "a" * 999 + "{% endfor %}{% endset %}",
            TOO_MUCH_WORK,
            id="plain-text-in-a-loop",
        ),
        pytest.param(
            "{% macro m() %}" + "a" * 9999 + "{% endmacro %}{% for i in range(9999) %}{% set t = m() %}{% endfor %}",
            TOO_MUCH_WORK,
            id="plain-text-in-a-macro",
        ),
        pytest.param(
            "{% macro m() %}{% for i in range(9999) %}{% set t = caller() %}{% endfor %}{% endmacro %}"
            "{% call m() %}" + "a" * 9999 + "{% endcall %}",
            TOO_MUCH_WORK,
            id="plain-text-in-a-call",
        ),
        pytest.param("{{ [['a' * 9999] * 9999] ~ '' }}", TOO_LARGE, id="tilde-of-lists"),
        pytest.param(
            "{% set n = namespace(s='ab') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
            TOO_LARGE,
            id="doubling-with-tilde",
        ),
        pytest.param(
            "{% set n = namespace(s='ab') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
            TOO_LARGE,
            id="doubling-with-plus",
        ),
    ],
)
def test_what_would_build_something_huge_is_stopped(source: str, reason: str) -> None:
    with pytest.raises(SecurityError, match=reason):
        text_of(source)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", id="loops"),
        pytest.param("{% for i in range(99999) if i < 0 %}{% endfor %}", id="loops-with-a-condition"),
        pytest.param("{% macro m() %}{% endmacro %}{% for i in range(9) %}{{ m() }}{% endfor %}", id="calls"),
        pytest.param("{{ 1 * 1 }}", id="operators"),
        pytest.param("{{ x | upper }}", id="filters"),
    ],
)
def test_what_takes_longer_than_a_second_is_stopped(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.0, *[1.5] * 10])
    monkeypatch.setattr("fakebackend.templating.sandbox.time.monotonic", lambda: next(times))
    environment = TemplateEnvironment()
    template = environment.from_string(source)
    with environment.bounded(context_for()), pytest.raises(SecurityError, match="take longer than 1 s"):
        template.render(x="x")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("{{ ''.__class__ }}", id="class"),
        pytest.param("{{ ().__class__.__base__.__subclasses__() }}", id="subclasses"),
        pytest.param("{{ ''['__class__'] }}", id="subscript"),
        pytest.param("{{ '' | attr('__class__') }}", id="filter-attr"),
        pytest.param("{{ '{0.__class__}'.format(1) }}", id="format"),
        pytest.param("{{ '{a.__class__}'.format_map({'a': 1}) }}", id="format-map"),
        pytest.param("{{ [1] | map(attribute='__class__') | list | first }}", id="map-attribute"),
        pytest.param("{{ cycler.__init__.__globals__ }}", id="globals-of-a-global"),
        pytest.param("{{ f.__globals__ }}", id="globals-of-a-function"),
        pytest.param("{{ f.__code__ }}", id="code"),
        pytest.param("{{ self.__init__ }}", id="self"),
        pytest.param("{{ fields._values }}", id="private"),
        pytest.param("{{ data.update({'a': 2}) }}", id="changing-an-object"),
        pytest.param("{{ numbers.append(1) }}", id="changing-a-list"),
    ],
)
def test_there_is_no_way_out_of_the_sandbox(source: str) -> None:
    data, numbers = {"a": 1}, [1]
    with pytest.raises((SecurityError, UndefinedError, TemplateAssertionError)):
        text_of(source, f=lambda: 1, fields=MultiDict([("a", "1")]), data=data, numbers=numbers)
    assert (data, numbers) == ({"a": 1}, [1])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("{{ 'a' * 3 }}-{{ [1] * 2 }}", "aaa-[1, 1]", id="times"),
        pytest.param("{{ 2 ** 10 }} {{ 2 ** 0.5 > 1 }} {{ 7 % 4 }}", "1024 true 3", id="numbers"),
        pytest.param("{{ 'order 1234567: %05d%%' % 7 }}", "order 1234567: 00007%", id="digits-in-plain-text"),
        pytest.param("{{ '{:>3}|{}|1234567'.format(1, 2000000) }}", "  1|2000000|1234567", id="format"),
        pytest.param("{{ '%s' | format(1700000000) }}", "1700000000", id="large-number-in-a-format"),
        pytest.param("{{ 1700000000 | tojson }} {{ x | default(1700000000) }}", "1700000000 1700000000", id="large"),
        pytest.param("{{ 'a' ~ 1 ~ none }}", "a1null", id="tilde"),
        pytest.param("{{ ['a', 'b'] | join('-') }} {{ '-'.join(['a', 'b']) }}", "a-b a-b", id="join"),
        pytest.param("{{ 'a' | join }}{{ 'aa' | replace('a', 'b', 1) }}", "aba", id="join-text-and-replace"),
        pytest.param("{{ range(3) | map('string') | join(', ') }}", "0, 1, 2", id="generator"),
        pytest.param("{{ (1, {'a': [2]}) }}", '[1, {"a": [2]}]', id="nested"),
        pytest.param("{{ ['a'] | map('upper') | first }}", "A", id="filter-by-name"),
        pytest.param("{{ data.items }} {{ data['keys'] }} {{ data.get('items') }}", "1 2 1", id="keys-win"),
        pytest.param("{{ data.values() | list }}", "[1, 2]", id="methods-of-objects"),
        pytest.param("{{ fields.getlist('a') }} {{ fields.b }}", '["1"] 2', id="getlist-wins-over-a-key"),
        pytest.param("a\n", "a\n", id="trailing-line-end-stays"),
        pytest.param("{% for i in 'abc' if i != 'b' %}{{ loop.cycle(1, 2) }}{{ i }}{% endfor %}", "1a2c", id="loop-if"),
        pytest.param("{% set c = cycler(1, 2) %}{{ c.next() }}{{ c.next() }}", "12", id="cycler"),
        pytest.param(
            "{% autoescape true %}{% for i in [1] %}<{{ '<' }}{% endfor %}{% endautoescape %}", "<&lt;", id="in-a-loop"
        ),
        pytest.param("{{ [true, none, 1.0, 'a'] | join(', ') }}", "true, null, 1.0, a", id="join-as-json"),
        pytest.param("{{ [{'a': 1}, {'a': none}] | join('-', attribute='a') }}", "1-null", id="join-attributes"),
        pytest.param("{{ true | string }}{{ {'a': 'é'} | string }}", 'true{"a": "é"}', id="string-as-json"),
        pytest.param("{{ {'a': '<é>'} | tojson }}", '{"a": "<é>"}', id="tojson-as-it-is"),
        pytest.param("{{ [1] | tojson(indent=2) }}", "[\n  1\n]", id="tojson-indented"),
        pytest.param("{% set x %}{{ none }}{% endset %}{{ x }}", "null", id="block-as-json"),
        pytest.param("{{ true }}{{ none }}", "truenull", id="constants-as-json"),
        pytest.param("{{ fields }}", '{"a": "1", "getlist": "x", "b": "2"}', id="query-as-json"),
        pytest.param("{% for i in [] %}x{% else %}none{% endfor %}", "none", id="empty-loop"),
    ],
)
def test_what_is_reasonable_works(source: str, expected: str) -> None:
    fields = MultiDict([("a", "1"), ("getlist", "x"), ("b", "2")])
    assert text_of(source, data={"items": 1, "keys": 2}, fields=fields) == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param("{{ data.nmae }}", "'nmae' is not in the object (has: name); default('…') gives one", id="key"),
        pytest.param("{{ {}.a }}", "'a' is not in the object (which is empty); default('…') gives one", id="empty"),
        pytest.param(
            "{{ data.name.x }}", "'x' is not in the value, which is text; default('…') gives one", id="attribute"
        ),
        pytest.param("{{ nothing }}", "'nothing' is undefined", id="name"),
    ],
)
def test_what_is_not_there_is_an_error_that_says_what_is(source: str, message: str) -> None:
    with pytest.raises(UndefinedError) as caught:
        text_of(source, data={"name": "x"})
    assert str(caught.value) == message


def test_the_random_filter_takes_its_chance_from_the_one_given() -> None:
    assert text_of("{{ range(1000) | random }}") == str(random.Random("1").choice(range(1000)))


def test_there_is_no_random_text_that_a_seed_would_not_fix() -> None:
    assert "lipsum" not in TemplateEnvironment().globals


def test_each_rendering_has_its_own_allowance() -> None:
    environment = TemplateEnvironment()
    template = environment.from_string("{{ ('a' * 9000000) | length }}")
    for _ in range(8):
        with environment.bounded(context_for()):
            assert template.render() == "9000000"
