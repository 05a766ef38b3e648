from fakebackend.answer import Answer
from fakebackend.answer import Constant
from fakebackend.answer import Fault
from fakebackend.body_source import TemplateBodySource
from fakebackend.file_source import FilledFileSource
from fakebackend.static_answer import static_answer
from fakebackend.template_value import compile_templates
from fakebackend.value_context import ValueContext
from tests.answering import view_of

READY = Constant(static_answer(200, b"x"))


def test_a_constant_always_gives_the_same() -> None:
    assert READY.produce(view_of()) is READY.product
    assert Constant(Fault.HANG).produce(view_of()) is Fault.HANG


def test_an_answer_offers_itself_whatever_the_request() -> None:
    answer = Answer(READY)
    assert list(answer.offers(view_of())) == [answer]
    assert list(answer.checks(view_of())) == []


def test_an_answer_may_decline_if_its_source_may() -> None:
    head = ValueContext().defaults.head
    assert not Answer(READY).may_decline
    assert not Answer(TemplateBodySource("$body", 1, head)).may_decline
    assert Answer(FilledFileSource(".", "{a}", "", head)).may_decline


def test_each_variable_that_is_set_sees_those_before_it_and_memory_stays() -> None:
    view = view_of(state={"n": 1, "other": 0})
    sets = {name: compile_templates(value) for name, value in {"n": "{{ state.n + 1 }}", "m": "{{ state.n }}"}.items()}
    assert Answer(READY, sets={**sets, "plain": [1]}).new_state(view) == {"n": 2, "m": 2, "plain": [1], "other": 0}
    assert view.memory.state == {"n": 1, "other": 0}
