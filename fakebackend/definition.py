"""The value of an entry: a plain JSON body, or a definition made of reserved keys."""

from collections.abc import Callable
from typing import Any

from fakebackend.answer import NO_SETS
from fakebackend.answer import Constant
from fakebackend.answer_head import AnswerHead
from fakebackend.body_kinds import EMPTY
from fakebackend.choice import Cases
from fakebackend.choice import Choice
from fakebackend.choice import Example
from fakebackend.choice import Sequence
from fakebackend.choice import always_answers
from fakebackend.choice import new_guarded
from fakebackend.file_source import parse_file
from fakebackend.findings import Findings
from fakebackend.forward_source import ForwardSource
from fakebackend.json_text import json_text
from fakebackend.problems import FieldError
from fakebackend.problems import did_you_mean
from fakebackend.problems import shown
from fakebackend.reserved_keys import COMPANIONS
from fakebackend.reserved_keys import EXCLUSIVE_KEYS
from fakebackend.reserved_keys import RESERVED_KEYS
from fakebackend.static_answer import json_answer
from fakebackend.value_answer import answer_with_body
from fakebackend.value_answer import plain_body
from fakebackend.value_answer import wrapped
from fakebackend.value_context import NO_DEFAULTS
from fakebackend.value_context import Defaults
from fakebackend.value_context import ValueContext

_NEAR_MISS = 0.8  # how alike an unknown $-key of a plain body must be to a reserved one to be a likely slip

_RESERVED = frozenset(RESERVED_KEYS)
_WITH_COMPANIONS = frozenset(COMPANIONS)

_PLAIN = ValueContext()


def is_definition(value: Any) -> bool:
    """Tell whether a value is an object with at least one reserved key."""
    return isinstance(value, dict) and not _RESERVED.isdisjoint(value)


def parse_value(value: Any, findings: Findings, context: ValueContext = _PLAIN) -> Choice | None:
    """Return what a value of the file answers with, or None after adding to the errors."""
    if is_definition(value):
        return _Definition(value, findings, context).choice()
    if isinstance(value, dict):
        _warn_of_near_misses(value, findings)
    if context.defaults is NO_DEFAULTS:
        return json_answer(json_text(value).encode("utf-8"))
    return plain_body(value, findings, context.defaults)


class _Definition:
    """One definition while it is checked and put together."""

    def __init__(self, value: dict[str, Any], findings: Findings, context: ValueContext) -> None:
        self._value = value
        self._findings = findings
        self._context = context
        self._parts: dict[str, Any] = {}

    def choice(self) -> Choice | None:
        """Return what the definition answers with, or None after adding to the errors."""
        value, parts, errors = self._value, self._parts, self._findings.errors
        known = len(errors)
        outer = self._context.defaults
        template = value.get("$template", outer.template) is True
        exclusive: str | None = None
        for key, content in value.items():
            try:
                if (parse := RESERVED_KEYS.get(key)) is None:
                    raise FieldError(_unknown(key), at_key=True)
                parts[key] = parse(content, template)
            except FieldError as e:
                errors += e.under(key).all()
            if key in EXCLUSIVE_KEYS:
                if exclusive is not None:
                    self._error(f"{exclusive} and {key} exclude each other", key)
                exclusive = key
        if not _WITH_COMPANIONS.isdisjoint(value):
            self._check_companions()
        if len(errors) > known:
            self._look_into_items()
            return None
        inherits = template is outer.template and _PASSED_ON.isdisjoint(value)
        choice = self._made(exclusive, outer if inherits else self._own_defaults(template))
        if choice is None or len(errors) > known:
            return None
        conditions = parts.get("$when", ())
        if "$probability" in parts:
            conditions = (*conditions, parts["$probability"])
        return new_guarded((conditions, choice)) if conditions else choice

    def _look_into_items(self) -> None:
        """Find what is wrong inside, too, where there is no answer anyway."""
        for key in ("$cases", "$sequence"):
            for index, value in enumerate(self._parts.get(key, ())):
                self._item(key, index, value, self._context.defaults)

    def _check_companions(self) -> None:
        for key, companion in COMPANIONS.items():
            if key in self._value and companion not in self._value:
                self._error(f"{key} stands beside {companion} only", key)
        if "$users" in self._value and self._value.get("$handler") != "login":
            self._error('$users stands beside "$handler": "login" only', "$users")

    def _own_defaults(self, template: bool) -> Defaults:
        outer = self._context.defaults
        layers = (*outer.head.layers, self._parts["$headers"]) if "$headers" in self._parts else outer.head.layers
        head = AnswerHead(self._parts.get("$status", outer.head.status), layers)
        sets = {**outer.sets, **self._parts["$set"]} if "$set" in self._parts else outer.sets
        return Defaults(head, self._parts.get("$delay", outer.delay), template, sets, outer.sequences)

    def _made(self, key: str | None, defaults: Defaults) -> Choice | None:
        if key is None:
            return answer_with_body("", EMPTY, defaults)
        if (make := _MAKERS.get(key)) is not None:
            return make(self, defaults)
        if defaults is not NO_DEFAULTS:
            self._refuse_body_if_bodiless(key, defaults)
        return answer_with_body(key, self._parts[key], defaults)

    def _refuse_body_if_bodiless(self, key: str, defaults: Defaults) -> None:
        if defaults.head.may_be_bodiless:
            self._error(f"a {defaults.head.status} has no body, remove {key} or change $status", key)

    def _file(self, defaults: Defaults) -> Choice | None:

        self._refuse_body_if_bodiless("$file", defaults)
        try:
            context = self._context.inside(defaults)
            return wrapped(parse_file(self._parts["$file"], defaults.head, context), defaults)
        except FieldError as e:
            self._findings.errors.append(e.under("$file"))
            return None

    def _cases(self, defaults: Defaults) -> Choice:
        choices: list[Choice] = []
        names: list[str] = []
        examples: list[Example] = []
        for index, case in enumerate(self._parts["$cases"]):
            choice = self._item("$cases", index, case, defaults)
            if choice is None:
                continue
            example = _example(case, defaults)
            # One with a name is there for `Prefer` to choose, whatever stands before it.
            if choices and example.name is None and always_answers(choices[-1]):
                unless = "" if example.status in {e.status for e in examples} else " unless Prefer asks for its status"
                text = f"case {index + 1} never answers{unless}, {names[-1]} before it always does"
                self._findings.warn(text, "$cases", index)
            choices.append(choice)
            examples.append(example)
            names.append(f"case {index + 1}{f' ({examples[-1].name})' if examples[-1].name else ''}")
        return Cases(tuple(choices), tuple(names), tuple(examples))

    def _sequence(self, defaults: Defaults) -> Choice:
        key = self._context.sequence_key(self._value)
        inside = defaults._replace(sequences=(*defaults.sequences, key))
        choices = []
        for index, item in enumerate(self._parts["$sequence"]):
            for guard in ("$when", "$probability"):
                if isinstance(item, dict) and guard in item:
                    text = f"an item of $sequence has no {guard}; put it beside $sequence, or $cases into the item"
                    self._findings.errors.append(FieldError(text, "$sequence", index, guard, at_key=True))
            choices.append(self._item("$sequence", index, item, inside))
        return Sequence(key, tuple(c for c in choices if c is not None), self._parts.get("$repeat", "last"))

    def _item(self, key: str, index: int, value: Any, defaults: Defaults) -> Choice | None:
        found = Findings()
        choice = parse_value(value, found, self._context.inside(defaults, key, index))
        self._findings.add(found, key, index)
        return choice

    def _forward(self, defaults: Defaults) -> Choice:
        has_status, has_merge = "$status" in self._parts, "$merge" in self._parts
        layers = (self._parts["$headers"],) if "$headers" in self._parts else ()
        head = AnswerHead(self._parts.get("$status", 200), layers)
        source = ForwardSource(self._parts["$forward"], head, has_status, self._parts.get("$merge"), has_merge)
        return wrapped(source, defaults)

    def _handler(self, defaults: Defaults) -> Choice | None:
        from fakebackend.handler_answer import handler_source  # noqa: PLC0415  # needs `parse_value` in turn

        plain = defaults._replace(template=False, delay=None, sets=NO_SETS, sequences=())
        try:
            source = handler_source(self._parts["$handler"], self._parts.get("$users"), self._context.inside(plain))
        except FieldError as e:
            self._findings.errors.append(e.under("$handler"))
            return None
        return wrapped(source, defaults)

    def _fault(self, defaults: Defaults) -> Choice:
        return wrapped(Constant(self._parts["$fault"]), defaults)

    def _error(self, text: str, key: str) -> None:
        self._findings.errors.append(FieldError(text, key, at_key=True))


_MAKERS: dict[str, Callable[[_Definition, Defaults], Choice | None]] = {
    "$file": _Definition._file,
    "$cases": _Definition._cases,
    "$sequence": _Definition._sequence,
    "$handler": _Definition._handler,
    "$forward": _Definition._forward,
    "$fault": _Definition._fault,
}
"""What each key that answers in its own way makes; bodies are all made alike."""

_PASSED_ON = frozenset({"$status", "$headers", "$delay", "$set"})
"""Keys that hold for all that stands inside, too; `$template` is the other one."""


def _example(case: Any, defaults: Defaults) -> Example:
    parts = case if is_definition(case) else {}
    status = parts.get("$status", defaults.head.status)
    return Example(parts.get("$name"), status if isinstance(status, int) else None)


def _unknown(key: str) -> str:
    hint = did_you_mean(key, RESERVED_KEYS)
    return (
        f'unknown key {shown(key)} in a definition{hint or "."} Plain data is wrapped: {{"$body": {{{shown(key)}: …}}}}'
    )


def _warn_of_near_misses(value: dict[Any, Any], findings: Findings) -> None:  # a handler's may have any keys
    for key in value:
        if isinstance(key, str) and key[:1] == "$" and (hint := did_you_mean(key, RESERVED_KEYS, cutoff=_NEAR_MISS)):
            findings.warn(f"{shown(key)} is sent as a part of the body{hint}", key)
