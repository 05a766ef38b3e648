"""What a definition puts around its answer: its conditions, its limit, its names and what it counts by."""

from collections.abc import Mapping
from typing import Any

from fakebackend.answers.around import labelled
from fakebackend.answers.bodies import Body
from fakebackend.answers.counted_apart import CountedBy
from fakebackend.answers.let import Let
from fakebackend.answers.limit import TOO_MANY
from fakebackend.answers.limit import Limit
from fakebackend.answers.limit import Limited
from fakebackend.answers.outcome import UNSET
from fakebackend.answers.selection import Alternative
from fakebackend.answers.selection import Conditional
from fakebackend.format.body_answers import answer_with_body
from fakebackend.format.building import Builder
from fakebackend.format.key_parsers import LimitSpec
from fakebackend.format.scope import Defaults

_SAID = Body(TOO_MANY.body, b"text/plain; charset=utf-8")
"""What is said above a limit where the file says nothing else, under the file's own headers."""

_GUARDS = frozenset({"$by", "$description", "$let", "$limit", "$name", "$probability", "$template", "$when"})


def is_mere_guard(value: Mapping[str, Any]) -> bool:
    """Tell whether a definition has a `$limit` and nothing to answer with below it."""
    return "$limit" in value and _GUARDS.issuperset(value)


def warn_of_empty_guard(builder: Builder, exclusive: str | None) -> None:
    """Warn of a limit in `$before` that answers what it hardly means to: with nothing, for whatever is below it."""
    value = builder.value
    if (
        exclusive is None
        and "$limit" in value
        and builder.scope.label.startswith("$before ")
        and not is_mere_guard(value)
    ):
        others = " and ".join(key for key in value if key not in _GUARDS)
        said = f"answers all requests below the limit, with nothing; without {others} they are left to other entries"
        builder.diagnostics.warn(f"$limit {said}", "$limit")


class Surroundings:
    """Puts around an answer what its definition has, from the inside out."""

    def __init__(self, builder: Builder, defaults: Defaults) -> None:
        self._builder = builder
        self._defaults = defaults

    def put_around(self, alternative: Alternative) -> Alternative:
        """Return the alternative in all that is around it."""
        parts, scope = self._builder.parts, self._builder.scope
        if "$name" in parts and scope.steps[-2:-1] == ("$limit",):  # an entry, a case and an item say it themselves
            alternative = labelled(alternative, f'"{parts["$name"]}"')
        if "$limit" in parts:
            alternative = Limited(alternative, self._limit(parts["$limit"]))
        conditions = parts.get("$when", ())
        if "$probability" in parts:
            conditions = (*conditions, parts["$probability"])
        if conditions:
            alternative = Conditional(conditions, alternative)
        by = None
        if "$by" in parts:
            by = CountedBy(scope.remembered_by(["$by", self._builder.value["$by"]]), parts["$by"])
        return Let(alternative, parts.get("$let", {}), by) if by or parts.get("$let") else alternative

    def _limit(self, spec: LimitSpec) -> Limit:
        builder = self._builder
        outer = builder.scope.defaults
        head = outer.head._replace(status=429)
        answer: Alternative | None
        if spec.answer is UNSET:
            answer = answer_with_body("$text", _SAID, Defaults(head))
        else:
            defaults = outer._replace(head=head, template=self._defaults.template, delay=None)
            answer = builder.item("$limit", "answer", spec.answer, defaults)
        key = builder.scope.remembered_by(["$limit", builder.value["$limit"], builder.value.get("$by")])
        return Limit(spec.requests, spec.seconds, key, answer or TOO_MANY, is_mere_guard(builder.value))
