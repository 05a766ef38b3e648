import gc
import json
import re
from typing import Any

import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.state.mock_state import MockState
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template_scope import TemplateScope
from fakebackend.templating.template_text import TemplateText
from tests.answering import context_for

BODY = '{"big": 123456789012345678901234567890, "list": [1, "a", null], "yes": true, "none": null, "f": 1.5}'


def value_of(source: str) -> Any:
    return TemplateText(source).render(context_for("POST", "/?q={{ 7*7 }}", body=BODY, state={"n": 1}))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        pytest.param("{{ json.big }}", 123456789012345678901234567890, id="big-integer"),
        pytest.param("{{ json.list }}", [1, "a", None], id="list"),
        pytest.param("{{ json.yes }}", True, id="boolean"),
        pytest.param("{{ json.none }}", None, id="null"),
        pytest.param("{{ json.f }}", 1.5, id="float"),
        pytest.param("{{json}}", json.loads(BODY), id="object"),
        pytest.param("{{- json.yes -}}", True, id="with-minus"),
        pytest.param("{{+ json.yes }}", True, id="with-plus"),
        pytest.param("{{ 1 if json.yes else 2 }}", 1, id="condition"),
        pytest.param("{{ {'a': {'b': 1}} }}", {"a": {"b": 1}}, id="literal-with-braces"),
        pytest.param("{{ state.n + 1 }}", 2, id="arithmetic"),
        pytest.param("{{ '}}' }}", "}}", id="braces-in-text"),
        pytest.param("{# one #}{{ json.f }}{# two #}", 1.5, id="comments-beside-it"),
        pytest.param(" {{- json.f -}} \n", 1.5, id="space-beside-it-that-is-taken-away"),
        pytest.param("{{ json.list[:2] }}", [1, "a"], id="slice"),
        pytest.param("{{ json.list | map('string') | batch(2) }}", [["1", "a"], ["null"]], id="batch-of-each"),
        pytest.param("{{ query | tojson }}", '{"q": "{{ 7*7 }}"}', id="query-as-json"),
        pytest.param("{{ query | urlencode }}", "q=%7B%7B+7%2A7+%7D%7D", id="query-as-a-query"),
        pytest.param("{{ '<b>' | safe ~ '<' | e }}", "<b>&lt;", id="plain-text-after-safe-and-escape"),
        pytest.param("{{ dict({'a': 1}, b=2) }}", {"a": 1, "b": 2}, id="dict"),
        pytest.param("{{ now().time().isoformat()[2:3] }}", ":", id="time"),
        pytest.param("{{ 'ABC' is upper }}", True, id="test"),
        pytest.param("{{ range(3) | map('string') }}", ["0", "1", "2"], id="a-filter-that-yields"),
        pytest.param(" {{ json.yes }}", " true", id="space-before-is-text"),
        pytest.param("{{ ['a'] | map('u' ~ 'pper') }}", ["A"], id="filter-by-an-expression"),
        pytest.param("{{ json.f }}{{ json.f }}", "1.51.5", id="two-are-text"),
        pytest.param("{% if json.yes %}a{% endif %}", "a", id="a-statement-is-text"),
        pytest.param("{# nothing #}", "", id="a-comment-is-nothing"),
        pytest.param("a{{ json.none }}", "anull", id="null-in-text"),
        pytest.param("{{ query.q }}", "{{ 7*7 }}", id="what-a-request-says-is-not-evaluated"),
        pytest.param("no template } {", "no template } {", id="plain"),
    ],
)
def test_a_string_that_is_one_expression_keeps_the_type(template: str, expected: object) -> None:
    value = value_of(template)
    assert (value, type(value)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("value", "text", "path"),
    [
        pytest.param("{{ nmae }}", 'unknown name "nmae" in a template', (), id="unknown-name"),
        pytest.param(
            "{{ querry.a }}",
            'unknown name "querry" in a template, did you mean "query"?',
            (),
            id="near-miss",
        ),
        pytest.param("{{ lipsum() }}", 'unknown name "lipsum" in a template', (), id="removed-global"),
        pytest.param("{{ a b }}", 'the template "{{ a b }}" is wrong: expected token', (), id="syntax"),
        pytest.param("{{ 1", 'the template "{{ 1" is wrong: unexpected end of template', (), id="unclosed"),
        pytest.param("{% if 1 %}", 'the template "{% if 1 %}" is wrong: ', (), id="unclosed-statement"),
        pytest.param(
            "{{ 1 | nofilter }}",
            'no filter "nofilter" is offered in templates; the docs list those that are, under $template',
            (),
            id="unknown-filter",
        ),
        pytest.param(
            "{{ 1 | lowr }}", 'no filter "lowr" is offered in templates, did you mean "lower"?', (), id="filter"
        ),
        pytest.param("{% filter xmlattr %}{% endfilter %}", 'no filter "xmlattr" is offered', (), id="filter-block"),
        pytest.param("{% if 0 %}{{ 1 | attr('a') }}{% endif %}", 'no filter "attr" is', (), id="filter-never-reached"),
        pytest.param("{{ [1] | map('pprint') }}", 'no filter "pprint" is offered', (), id="filter-of-each"),
        pytest.param("{{ text.translate({}) }}", 'no method "translate" is offered', (), id="method"),
        pytest.param("{{ text['translate']({}) }}", 'no method "translate" is offered', (), id="method-as-item"),
        pytest.param("{{ json.a.b.clear() }}", 'no method "clear" is offered', (), id="method-of-data"),
        pytest.param("{% include 'a' %}", "{% include %} is not offered in templates", (), id="include"),
        pytest.param("{% from 'a' import b %}", "{% from %} is not offered in templates", (), id="from"),
        pytest.param("{% block a %}{% endblock %}", "{% block %} is not offered in templates", (), id="block"),
        pytest.param("{% autoescape 1 %}{% endautoescape %}", "{% autoescape %} is not offered", (), id="autoescape"),
        pytest.param("{{ fake.__init__ }}", 'no method of fake "__init__" is offered', (), id="of-fakes-inside"),
        pytest.param("{{ [1] | map('lowr') }}", 'no filter "lowr" is offered', (), id="near-filter-of-each"),
        pytest.param("{{ [1] | select('ood') }}", 'no test "ood" is offered in templates', (), id="test-of-each"),
        pytest.param("{{ [1] | rejectattr('a', 'evn') }}", 'no test "evn" is offered in templates, did', (), id="test"),
        pytest.param("{{ fake.nmae() }}", 'no method of fake "nmae" is offered in templates, did', (), id="fake"),
        pytest.param("{{ fake['no_such']() }}", 'no method of fake "no_such" is', (), id="fake-as-item"),
        pytest.param("{{ fake.unique.name() }}", 'no method of fake "unique" is offered', (), id="fakers-own"),
        pytest.param("{{ text.uper() }}", 'no method "uper" is offered in templates, did you', (), id="near-method"),
        pytest.param("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "the template", (), id="nested-too-deep"),
    ],
)
def test_a_wrong_template_is_refused_at_load_with_its_place(value: Any, text: str, path: tuple[object, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        TemplateText(value)
    assert str(caught.value).startswith(text)
    assert caught.value.path == path


NOT_IN_QUERY = "'none' is not in the query (has: q); default('…') gives one"


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        pytest.param("{{ query.none }}", NOT_IN_QUERY, id="undefined-value"),
        pytest.param("a{{ query.none }}", NOT_IN_QUERY, id="undefined-in-text"),
        pytest.param("{{ [query.none] }}", NOT_IN_QUERY, id="undefined-in-a-list"),
        pytest.param("a{{ [query.none] }}", NOT_IN_QUERY, id="undefined-in-a-list-in-text"),
        pytest.param(
            "{{ form.a }}", "'a' is not in the form (which is empty); default('…') gives one", id="nothing-there"
        ),
        pytest.param("{{ 1 / 0 }}", "division by zero", id="error"),
        pytest.param("{{ json.list[9] }}", "9 is not in the list, which has 3; default('…') gives one", id="index"),
        pytest.param("{{ 'a' * 99999999 }}", "the result is larger than", id="too-large"),
        pytest.param("{{ ''.__class__ }}", "access to attribute '__class__' of 'str' object is unsafe.", id="escape"),
        pytest.param("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "maximum recursion depth", id="recursion"),
    ],
)
def test_a_rendering_that_fails_says_which_and_why(template: str, reason: str) -> None:
    with pytest.raises(RenderingError) as caught:
        value_of(template)
    assert str(caught.value).startswith(f'in "{template[:20]}')
    assert reason in str(caught.value)


def test_a_text_that_gets_too_long_piece_by_piece_is_stopped() -> None:
    with pytest.raises(RenderingError, match="the text gets longer than 10,485,760 characters"):
        value_of("{% for i in range(20) %}{{ 'a' * 999999 }}{% endfor %}")


def test_an_error_without_a_text_is_known_by_its_type(monkeypatch: pytest.MonkeyPatch) -> None:
    view = context_for(state={"n": 1})
    monkeypatch.setattr(view.state, "count", lambda name, counts: (_ for _ in ()).throw(KeyError))
    with pytest.raises(RenderingError, match="KeyError"):
        TemplateText("{{ counter('a') }}").render(view)


def test_a_value_that_is_too_large_as_a_whole_is_an_error() -> None:
    with pytest.raises(RenderingError, match="the result is larger than"):
        value_of("{{ ['a' * 9999999, 'a' * 9999999] }}")


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        pytest.param("{{ 'a'.encode().center(9) }}", "center of bytes is not offered", id="of-another-kind"),
        pytest.param("{% set f = 'a'.translate %}{{ f({}) }}", "translate of str is not offered", id="by-another-name"),
        pytest.param("{{ (7).__class__ }}", "is unsafe", id="inner"),
        pytest.param(
            "{% set f = dict.update %}{{ f(state, n=2) }}", "there is no 'update' in the value", id="of-a-function"
        ),
        pytest.param("{% set f = cycler.next %}{{ f(1) }}", "is unsafe", id="of-a-class-by-name"),
        pytest.param("{{ dict([['a', 1]]) }}", "dict takes an object and name=value", id="dict-of-pairs"),
        pytest.param("{{ (text ~ 'a' * 9999999) * 2 }}", "the result is larger than", id="tilde-in-an-expression"),
        pytest.param("{{ [query.none] ~ '' }}", NOT_IN_QUERY, id="undefined-with-a-tilde"),
        pytest.param("{{ ([text] * 999999) is lower }}", "the result is larger than", id="test-of-a-list"),
        pytest.param("{% set f = {}.fromkeys %}{{ f([1]) }}", "fromkeys of type is not offered", id="of-a-class"),
        pytest.param("{% set f = state.pop %}{{ f('n') }}", "'pop' is not in the state", id="of-the-state"),
        pytest.param("{{ 'a'.encode() * 999999999 }}", "the result is larger than", id="bytes-times"),
    ],
)
def test_a_method_that_is_only_seen_when_it_is_called_is_refused_then(template: str, reason: str) -> None:
    with pytest.raises(RenderingError, match=re.escape(reason)):
        value_of(template)


def test_bytes_have_few_methods() -> None:
    assert value_of("{{ 'é'.encode().hex() }}{{ 'é'.encode().decode() }}") == "c3a9é"


def test_without_faker_its_name_is_refused_when_the_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fakebackend.templating.globals.importlib.util.find_spec", lambda name: None)
    with pytest.raises(ValidationError, match="fake needs Faker"):
        TemplateText("{{ fake.name() }}")


def test_a_date_in_a_format_is_written_as_anywhere_else() -> None:
    assert value_of("{{ '%s' % now() }}")[10:11] == "T"


def test_names_that_a_template_makes_itself_are_known() -> None:
    assert (
        value_of("{% set x = 1 %}{% for i in range(2) %}{{ i }}{{ x }}{{ loop.last }}{% endfor %}") == "01false11true"
    )


def test_one_template_renders_each_request_anew() -> None:
    template, state = TemplateText("{{ counter('c') }}: {{ query.q }}"), MockState()
    assert [template.render(context_for(path=f"/?q={q}", state=state)) for q in "ab"] == ["1: a", "2: b"]


def test_chance_is_taken_from_the_state_of_the_request() -> None:
    template = TemplateText("{{ range(99999) | random }}")
    values = [template.render(context_for(state=MockState(seed=seed))) for seed in ("7", "8", "7")]
    assert values[0] == values[2] != values[1]


@pytest.mark.parametrize(
    ("template", "error"),
    [
        pytest.param(
            "{{ request.metod }}", 'request.metod is nothing that templates know, did you mean "method"?', id="near"
        ),
        pytest.param(
            "{{ request['xyz'] }}", "request.xyz is nothing that templates know; it has method, url, scheme, ", id="far"
        ),
        pytest.param("{{ resources }}", "resources is not supported yet", id="coming"),
        pytest.param("{{ params.id }}", 'unknown name "params" in a template, did you mean "path"?', id="elsewhere"),
        pytest.param("{{ load() }}", 'load takes the name of a file, as load("data.json")', id="load-nothing"),
        pytest.param("{{ load(5) }}", 'load takes the name of a file, as load("data.json")', id="load-a-number"),
        pytest.param("{{ load('a', 'b') }}", 'load takes the name of a file, as load("data.json")', id="load-two"),
        pytest.param("{{ load(name='a') }}", 'load takes the name of a file, as load("data.json")', id="load-by-name"),
    ],
)
def test_what_cannot_be_there_is_told_when_the_file_is_read(template: str, error: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TemplateText(template)
    assert str(caught.value).startswith(error)


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        pytest.param(
            "{{ session.user }}", "'user' is not in the session, which is null; default('…') gives one", id="null"
        ),
        pytest.param(
            "{{ json.list.x }}", "'x' is not in the value, which is a list; default('…') gives one", id="list"
        ),
        pytest.param("{{ query.q.x }}", "'x' is not in the value, which is text; default('…') gives one", id="text"),
        pytest.param("{{ (1).x }}", "'x' is not in the value, which is a number; default('…') gives one", id="number"),
        pytest.param("{{ now().x }}", "there is no 'x' in the value; default('…') gives one", id="date"),
        pytest.param(
            "{{ random_int(5, 1) }}", "random_int goes from the lesser to the greater, got 5 and 1", id="random"
        ),
        pytest.param("{{ now(month=1) }}", "now takes weeks, days, hours, minutes, seconds, got month", id="now"),
    ],
)
def test_what_is_missing_in_something_else_than_an_object_is_told(template: str, reason: str) -> None:
    with pytest.raises(RenderingError) as caught:
        value_of(template)
    assert str(caught.value).endswith(reason)


def test_a_source_is_compiled_once_and_forgotten_with_its_last_template() -> None:
    source = "{{ query.once }}{{ query.more }}"
    one, other = TemplateText(source), TemplateText(source, TemplateScope(names=frozenset({"a"})))
    assert one._compiled is other._compiled
    assert source in TemplateText.texts._compiled
    del one, other
    gc.collect()
    assert source not in TemplateText.texts._compiled
