"""What a definition answers with, a function for each key that says so."""

import os
from collections.abc import Container
from typing import Any

from fakebackend.answers.answer import NO_ASSIGNMENTS
from fakebackend.answers.answer import FixedSource
from fakebackend.answers.around import labelled
from fakebackend.answers.file import FilledFileSource
from fakebackend.answers.file import parse_file
from fakebackend.answers.forward import ForwardSource
from fakebackend.answers.head import ResponseHead
from fakebackend.answers.outcome import UNSET
from fakebackend.answers.selection import Alternative
from fakebackend.answers.selection import Case
from fakebackend.answers.selection import Cases
from fakebackend.answers.selection import Sequence
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import numbered
from fakebackend.format.body_answers import answer_with_body
from fakebackend.format.body_answers import wrapped
from fakebackend.format.building import Builder
from fakebackend.format.confined import check_file
from fakebackend.format.confined import check_handler
from fakebackend.format.handler_result import handler_source
from fakebackend.format.key_parsers import name_of
from fakebackend.format.scope import NO_DEFAULTS
from fakebackend.format.scope import Defaults
from fakebackend.reading.whole_number import whole_number

GUARDS = ("$when", "$probability")
"""Keys that an item of `$sequence` does not have."""


def make_body(builder: Builder, key: str, defaults: Defaults) -> Alternative:
    """Return the answer with the body that `$body`, `$text` or `$base64` holds."""
    if defaults is not NO_DEFAULTS:
        _refuse_body_if_bodiless(builder, key, defaults)
    return answer_with_body(key, builder.parts[key], defaults)


def make_file(builder: Builder, key: str, defaults: Defaults) -> Alternative | None:
    """Return the answer with a file's content."""
    _refuse_body_if_bodiless(builder, key, defaults)
    scope = builder.scope
    try:
        check_file(builder.parts[key], scope)
        source = parse_file(
            builder.parts[key],
            defaults.head,
            scope.folder,
            scope.parameters or (),
            templates=scope.templates(on=defaults.template),
            one_segment=set(scope.parameters or ()).difference(scope.parameters_with_slashes),
            private=() if scope.private is None else scope.private,
        )
    except ValidationError as e:
        builder.diagnostics.errors.append(e.prefixed(key))
        return None
    if isinstance(source, FilledFileSource) and not os.path.isdir(os.path.join(source.folder, source.fixed)):
        text = f"$file never finds anything: there is no folder {format_value(source.fixed)} beside this file"
        builder.diagnostics.warn(text, key)
    return wrapped(source, defaults)


def make_cases(builder: Builder, key: str, defaults: Defaults) -> Alternative:
    """Return the choice among several values, of which the first whose conditions hold answers."""
    cases: list[Case] = []
    statuses: set[int | None] = set()
    for index, value in enumerate(builder.parts[key]):
        alternative = builder.item(key, index, value, defaults)
        if alternative is not None:
            case = _case(builder, index + 1, alternative, value, defaults)
            case = case._replace(alternative=labelled(alternative, case.label))
            if cases:
                _warn_if_never_reached(builder, case, cases[-1], statuses)
            cases.append(case)
            statuses.add(case.status)
    return Cases(tuple(cases))


def _case(builder: Builder, number: int, alternative: Alternative, value: Any, defaults: Defaults) -> Case:
    """Return a case with what a request may prefer it by, which only a definition says of itself."""
    parts = value if builder.is_definition(value) else {}
    status = parts.get("$status", defaults.head.status)
    return Case(number, alternative, name_of(value), whole_number(status))


def _warn_if_never_reached(builder: Builder, case: Case, before: Case, statuses: Container[int | None]) -> None:
    # One with a name is there for `Prefer` to choose, whatever stands before it.
    if case.name is None and before.alternative.always_answers:
        unless = "" if case.status in statuses else " unless Prefer asks for its status"
        text = f"case {case.number} never answers{unless}, {before.label} before it always does"
        builder.diagnostics.warn(text, "$cases", case.number - 1)


def make_sequence(builder: Builder, key: str, defaults: Defaults) -> Alternative:
    """Return the values that answer one request each."""
    items = []
    for index, value in enumerate(builder.parts[key]):
        for guard in GUARDS:
            if isinstance(value, dict) and guard in value:
                text = f"an item of $sequence has no {guard}; put it beside $sequence, or $cases into the item"
                builder.error(text, key, index, guard)
        item = builder.item(key, index, value, defaults)
        if item is not None:
            label = numbered("item", index + 1, name_of(value), len(builder.parts[key]))
            items.append(labelled(item, label))
    answering = tuple(items)
    return Sequence(builder.scope.remembered_by(builder.value), answering, builder.parts.get("$repeat", "last"))


def make_forward(builder: Builder, key: str, defaults: Defaults) -> Alternative:
    """Return the real server's answer, changed by what stands beside."""
    parts = builder.parts
    layers = (parts["$headers"],) if "$headers" in parts else ()
    head = ResponseHead(parts.get("$status", 200), layers)
    target = parts[key]
    try:
        target.check_parameters(builder.scope.parameters or ())
    except ValidationError as e:
        builder.diagnostics.errors.append(e.prefixed(key))
    source = ForwardSource(target, head, "$status" in parts, parts.get("$merge", UNSET))
    return wrapped(source, defaults)


def make_handler(builder: Builder, key: str, defaults: Defaults) -> Alternative | None:
    """Return what a function answers; what stands beside are defaults of its answers."""
    plain = defaults._replace(template=False, delay=None, assignments=NO_ASSIGNMENTS)
    scope, parts = builder.scope.inside(plain), builder.parts
    try:
        check_handler(scope)
        source = handler_source(parts[key], parts.get("$users"), scope, builder)
    except ValidationError as e:
        builder.diagnostics.errors.append(e.prefixed(key))
        return None
    return wrapped(source, defaults)


def make_fault(builder: Builder, key: str, defaults: Defaults) -> Alternative:
    """Return that there is no answer."""
    return wrapped(FixedSource(builder.parts[key]), defaults)


def _refuse_body_if_bodiless(builder: Builder, key: str, defaults: Defaults) -> None:
    if defaults.head.may_be_bodiless:
        builder.error(f"a {defaults.head.status} has no body, remove {key} or change $status", key)
