from fakebackend.answers.answer import Answer
from fakebackend.answers.answer import FixedSource
from fakebackend.answers.body_sources import TemplateBodySource
from fakebackend.answers.file import FilledFileSource
from fakebackend.answers.outcome import Fault
from fakebackend.format.scope import Scope
from fakebackend.messages.canned_response import canned_response
from fakebackend.templating.compile_templates import compile_templates
from tests.answering import context_for

READY = FixedSource(canned_response(200, b"x"))


def test_a_constant_always_gives_the_same() -> None:
    assert READY.resolve(context_for()) is READY.outcome
    assert FixedSource(Fault.HANG).resolve(context_for()) is Fault.HANG


def test_an_answer_offers_itself_whatever_the_request() -> None:
    answer = Answer(READY)
    assert list(answer.candidates(context_for())) == [answer]
    assert list(answer.condition_results(context_for())) == []


def test_an_answer_may_pass_if_its_source_may() -> None:
    head = Scope().defaults.head
    assert Answer(READY).always_answers
    assert Answer(TemplateBodySource("$body", 1, head)).always_answers
    assert not Answer(FilledFileSource(".", "{a}", "", head)).always_answers


def test_each_variable_that_is_set_sees_those_before_it_and_memory_stays() -> None:
    context = context_for(state={"n": 1, "other": 0})
    sets = {name: compile_templates(value) for name, value in {"n": "{{ state.n + 1 }}", "m": "{{ state.n }}"}.items()}
    assert Answer(READY, assignments={**sets, "plain": [1]}).variables(context) == {
        "n": 2,
        "m": 2,
        "plain": [1],
        "other": 0,
    }
    assert context.state.variables == {"n": 1, "other": 0}
