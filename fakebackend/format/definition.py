"""The value of an entry: a plain JSON body, or a definition made of reserved keys."""

from collections.abc import Mapping
from typing import Any

from fakebackend.answers.answer import PASSING
from fakebackend.answers.answer import Answer
from fakebackend.answers.bodies import EMPTY
from fakebackend.answers.head import ResponseHead
from fakebackend.answers.selection import Alternative
from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.format.body_answers import answer_with_body
from fakebackend.format.body_answers import plain_body
from fakebackend.format.building import ParseValue
from fakebackend.format.key_parsers import own_names
from fakebackend.format.keys import COMPANIONS
from fakebackend.format.keys import EXCLUSIVE_KEYS
from fakebackend.format.keys import INHERITED_KEYS
from fakebackend.format.keys import RESERVED_KEYS
from fakebackend.format.likely_slips import warn_of_empty_lists
from fakebackend.format.likely_slips import warn_of_json_patch
from fakebackend.format.likely_slips import warn_of_plain_body
from fakebackend.format.likely_slips import warn_of_templates
from fakebackend.format.scope import Defaults
from fakebackend.format.scope import Scope
from fakebackend.format.surroundings import Surroundings
from fakebackend.format.surroundings import is_mere_guard
from fakebackend.format.surroundings import warn_of_empty_guard
from fakebackend.templating.slow_regex import NESTED
from fakebackend.templating.slow_regex import slow_regexes
from fakebackend.templating.template_marks import EACH
from fakebackend.templating.template_marks import IF
from fakebackend.templating.template_marks import VALUE
from fakebackend.templating.template_scope import TemplateScope

_RESERVED = frozenset(RESERVED_KEYS)
_WITH_COMPANIONS = frozenset(COMPANIONS)

_PLAIN = Scope()


def is_definition(value: Any) -> bool:
    """Tell whether a value is an object with at least one reserved key."""
    return isinstance(value, dict) and not _RESERVED.isdisjoint(value)


def parse_value(value: Any, diagnostics: Diagnostics, scope: Scope = _PLAIN) -> Alternative | None:
    """Return what a value of the file answers with, or None after adding to the errors."""
    if is_definition(value):
        return Definition(value, diagnostics, scope).alternative()
    warn_of_plain_body(value, diagnostics, RESERVED_KEYS, template=scope.defaults.template)
    return plain_body(value, diagnostics, scope)


class Definition:
    """One definition while it is checked and put together."""

    def __init__(self, value: dict[str, Any], diagnostics: Diagnostics, scope: Scope) -> None:
        self.value: Mapping[str, Any] = value
        self.parts: dict[str, Any] = {}
        self.scope = scope
        self.diagnostics = diagnostics
        self.parse_value: ParseValue = parse_value
        self.is_definition = is_definition

    def alternative(self) -> Alternative | None:
        """Return what the definition answers with, or None after adding to the errors."""
        value, errors = self.value, self.diagnostics.errors
        known = len(errors)
        outer = self.scope.defaults
        template = value.get("$template", outer.template) is True
        if not template and "$template" not in value:
            warn_of_templates(value, self.diagnostics)
        if "$let" in value:
            self.scope = self.scope._replace(names=self.scope.names | own_names(value["$let"]))
        exclusive = self._prepare(self.scope.templates(on=template))
        if not _WITH_COMPANIONS.isdisjoint(value):
            self._check_companions()
        if len(errors) > known:
            self._look_into_items(outer._replace(template=template))
            return None
        inherits = INHERITED_KEYS.isdisjoint(value)
        defaults = outer if inherits else self._own_defaults(template)
        alternative = self._made(exclusive, defaults)
        around = Surroundings(self, defaults)
        guarded = alternative and around.put_around(alternative)
        return None if len(errors) > known else guarded

    def item(self, key: str, index: int | str, value: Any, defaults: Defaults) -> Alternative | None:
        """Return what a value inside answers with, or None after adding to the errors."""
        found = Diagnostics()
        alternative = parse_value(value, found, self.scope.inside(defaults, key, index))
        self.diagnostics.take(found, key, index)
        return alternative

    def error(self, text: str, *path: str | int) -> None:
        """Add an error about a key."""
        self.diagnostics.errors.append(ValidationError(text, *path, at_key=True))

    def _prepare(self, templates: TemplateScope) -> str | None:
        """Prepare the values of all keys; return the one that says what is answered, if there is one."""
        exclusive: str | None = None
        for name, content in self.value.items():
            try:
                if (key := RESERVED_KEYS.get(name)) is None:
                    raise ValidationError(_unknown(name), at_key=True)
                self.parts[name] = key.parse(content, templates)
                if name == "$merge":
                    warn_of_json_patch(content, self.diagnostics)
                if name == "$when":
                    for path in slow_regexes(content):
                        self.diagnostics.warn(f"$regex {NESTED}", name, *path)
                    warn_of_empty_lists(content, self.diagnostics)
            except ValidationError as e:
                self.diagnostics.errors += e.prefixed(name).all()
            if name in EXCLUSIVE_KEYS:
                if exclusive is not None:
                    self.error(f"{exclusive} and {name} exclude each other: one of them must go", name)
                exclusive = name
        return exclusive

    def _look_into_items(self, defaults: Defaults) -> None:
        """Find what is wrong inside, too, where there is no answer anyway."""
        for key in ("$cases", "$sequence"):
            for index, value in enumerate(self.parts.get(key, ())):
                self.item(key, index, value, defaults)

    def _check_companions(self) -> None:
        for key, companion in COMPANIONS.items():
            if key in self.value and companion not in self.value:
                self.error(f"{key} stands beside {companion} only", key)
        if "$users" in self.value and self.value.get("$handler") != "login":
            self.error('$users stands beside "$handler": "login" only', "$users")

    def _own_defaults(self, template: bool) -> Defaults:
        outer, parts = self.scope.defaults, self.parts
        layers = (*outer.head.layers, parts["$headers"]) if "$headers" in parts else outer.head.layers
        head = ResponseHead(parts.get("$status", outer.head.status), layers)
        assignments = {**outer.assignments, **parts["$set"]} if "$set" in parts else outer.assignments
        return Defaults(head, parts.get("$delay", outer.delay), template, assignments, outer.lets)

    def _made(self, exclusive: str | None, defaults: Defaults) -> Alternative | None:
        warn_of_empty_guard(self, exclusive)
        if exclusive is None:
            if is_mere_guard(self.value):
                return Answer(PASSING)
            return answer_with_body("", EMPTY, defaults)
        make = RESERVED_KEYS[exclusive].make
        assert make is not None  # that is what makes it exclusive
        return make(self, exclusive, defaults)


def _unknown(key: Any) -> str:
    if not isinstance(key, str):
        return "a definition with a key that is no text"  # a handler's
    if key in (EACH, IF, VALUE):
        return f"{key} stands inside a body, not beside reserved keys; a condition for the whole answer is $when"
    hint = did_you_mean(key, RESERVED_KEYS) or "."
    wrapped = f'{{"$body": {{{format_value(key)}: …}}}}'
    return f"unknown key {format_value(key)} in a definition{hint} Plain data is wrapped: {wrapped}"
