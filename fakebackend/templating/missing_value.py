"""What is not there: an error that says of what, and what there is instead."""

from collections.abc import Mapping
from functools import partial
from itertools import islice
from typing import Any

import jinja2
from jinja2.exceptions import UndefinedError
from jinja2.utils import missing

from fakebackend.templating.template import Missing

_MOST_KEYS = 10
_LONGEST_KEY = 40  # characters

_KINDS: dict[Any, str] = {
    type(None): "null",
    str: "text",
    bool: "a boolean",
    (int, float): "a number",
}

_BODY_IS_NO = {"json": "the request's body is no JSON", "text": "the request's body is no text"}

_HINT = "; default('…') gives one"


class MissingError(UndefinedError):
    """A template uses what is not there: `name` of `owner`, or a name of its own if there is no owner."""

    def __init__(self, message: str | None, name: Any = None, owner: Any = missing) -> None:
        super().__init__(message)
        self.name = name
        self.owner = owner

    def __str__(self) -> str:
        return self.explained({})

    def explained(self, names: Mapping[str, Any]) -> str:
        """Return what is missing; `names` are those that the template knows."""
        if self.owner is missing:
            return _BODY_IS_NO.get(str(self.name), self.message or "")
        where = next((name for name, value in names.items() if value is self.owner), None)
        if not isinstance(self.owner, Mapping):
            return self._of_no_object(where)
        place = f"not in the {where or 'object'}"
        keys = ", ".join(str(_shortened(key)) for key in islice(self.owner, _MOST_KEYS))
        more = f" and {len(self.owner) - _MOST_KEYS:,} more" if len(self.owner) > _MOST_KEYS else ""
        has = f"has: {keys}{more}" if keys else "which is empty"
        return f"{self.name!r} is {place} ({has}){_HINT}"

    def _of_no_object(self, where: str | None) -> str:
        if isinstance(self.owner, list | tuple):
            if isinstance(self.name, int):
                return f"{self.name} is not in the {where or 'list'}, which has {len(self.owner):,}{_HINT}"
            return f"{self.name!r} is not in the {where or 'value'}, which is a list{_HINT}"
        kind = next((said for kinds, said in _KINDS.items() if isinstance(self.owner, kinds)), None)
        if kind is None:
            return f"there is no {self.name!r} in the {where or 'value'}{_HINT}"
        return f"{self.name!r} is not in the {where or 'value'}, which is {kind}{_HINT}"


class MissingValue(jinja2.StrictUndefined, Missing):
    """Stands for what is not there; using it is an error that names it and nothing of Python's."""

    __slots__ = ()

    def __init__(
        self, hint: str | None = None, obj: Any = missing, name: Any = None, exc: Any = UndefinedError
    ) -> None:
        # A method of an object that is not offered is a key that is not there, above all.
        if (exc is UndefinedError and hint is None) or (isinstance(obj, Mapping) and str(name)[:1] != "_"):
            hint, exc = None, partial(MissingError, name=_shortened(name), owner=obj)
        super().__init__(hint, obj, _shortened(name), exc)

    @property
    def text(self) -> str:
        """Return what is missing, if it has been explained."""
        return self._undefined_message

    def called(self, name: str) -> "MissingValue":
        """Return the same, with what it is a value of."""
        return MissingValue(f"{name}: {self.text}")

    def explained(self, names: Mapping[str, Any]) -> "MissingValue":
        """Return the same with its text, for where other names are known."""
        error = MissingError(self._undefined_message, self._undefined_name, self._undefined_obj)
        return MissingValue(error.explained(names))


def _shortened(name: Any) -> Any:
    return name[:_LONGEST_KEY] + "…" if isinstance(name, str) and len(name) > _LONGEST_KEY else name
