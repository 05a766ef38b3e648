"""The reserved keys at the top of a file: each is one record, and this is the only list of them."""

from collections.abc import Callable
from typing import Any
from typing import NamedTuple

from fakebackend.answers.answer import NO_ASSIGNMENTS
from fakebackend.answers.head import ResponseHead
from fakebackend.diagnostics.json_schema import Hover
from fakebackend.diagnostics.json_schema import Schema
from fakebackend.diagnostics.json_schema import ref
from fakebackend.diagnostics.json_schema import text
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.validation_error import parse_all
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.format.key_parsers import own_names
from fakebackend.format.keys import RESERVED_KEYS
from fakebackend.format.scope import Defaults
from fakebackend.format.shapes import FILE_NAME
from fakebackend.matching.url_pattern import BASE_SHAPE
from fakebackend.matching.url_pattern import parse_base
from fakebackend.reading.includes import parse_include
from fakebackend.templating.load_files import HERE
from fakebackend.templating.load_files import LoadFolder
from fakebackend.templating.template_scope import TemplateScope

DEFAULTS = ("$headers", "$delay", "$template", "$let")
"""What `$defaults` may hold."""


def _ignore(_: Any, __: LoadFolder = HERE) -> None:
    pass


def parse_defaults(value: Any, load_folder: LoadFolder = HERE) -> Defaults:
    """`$defaults`: an object of what holds for every answer of the file."""
    if not isinstance(value, dict):
        raise ValidationError(f"$defaults must be an object, got {json_type_name(value)}")

    def parse(key: str, content: Any) -> Any:
        if key not in DEFAULTS:
            expected, hint = ", ".join(DEFAULTS), did_you_mean(key, DEFAULTS)
            text = f"unknown key {format_value(key)} in $defaults, expected {expected}{hint}"
            raise ValidationError(text, at_key=True)
        return RESERVED_KEYS[key].parse(content, templates)

    on, names = value.get("$template") is True, own_names(value.get("$let"))
    templates = TemplateScope(on, names, None, load_folder)
    parts = dict(zip(value, parse_all(value.items(), parse), strict=True))
    layers = (parts["$headers"],) if "$headers" in parts else ()
    head, lets = ResponseHead(200, layers), parts.get("$let", NO_ASSIGNMENTS)
    return Defaults(head, parts.get("$delay"), parts.get("$template", False), lets=lets)


def parse_good_defaults(value: Any, load_folder: LoadFolder = HERE) -> Defaults:
    """Return what is good of `$defaults` that are wrong, so that no error follows from an error."""
    names = own_names(value.get("$let")) if isinstance(value, dict) else frozenset()
    good: dict[str, Any] = {"$template": True} if isinstance(value, dict) and value.get("$template") is True else {}
    for key in DEFAULTS if isinstance(value, dict) else ():
        try:
            parse_defaults({**good, key: value[key]}, load_folder)
            good[key] = value[key]
        except (KeyError, ValidationError):
            continue
    defaults = parse_defaults(good, load_folder)
    return defaults._replace(lets={**dict.fromkeys(names), **defaults.lets})


def parse_state(value: Any, _: LoadFolder = HERE) -> dict[str, Any]:
    """`$state`: an object of names and their first values."""
    if not isinstance(value, dict):
        raise ValidationError(f"$state must be an object of names and values, got {json_type_name(value)}")
    return value


def parse_before(value: Any, _: LoadFolder = HERE) -> None:
    """`$before`: refuse what is no object; an object is opened before it gets here."""
    raise ValidationError(f"$before must be an object of methods, got {json_type_name(value)}")


class FileKey(NamedTuple):
    """A reserved word at the top of a file: the JSON Schema of its value, what takes that, what editors show of it."""

    name: str
    schema: Schema
    parse: Callable[[Any, LoadFolder], Any]
    hover: Hover


FILE_KEYS = {
    key.name: key
    for key in (
        FileKey(
            "$schema",
            {},
            _ignore,
            Hover("JSON Schema", "Where your editor finds the schema of this file.", ("./responses.schema.json",)),
        ),
        FileKey(
            "$include",
            {"type": "array", "items": FILE_NAME},
            lambda value, _: parse_include(value),
            Hover(
                "Included files",
                "Files or globs, relative to this one, whose entries are taken in. Equal ones of this file win.",
                (["users.json", "shop/*.yaml"],),
            ),
        ),
        FileKey(
            "$base",
            {"type": "string", **text(BASE_SHAPE, 'A path like "/api" or an origin like "https://host".')},
            lambda value, _: parse_base(value),
            Hover(
                "Base",
                "A path or an origin that is put before every URL key of this file.",
                ("/api/v1", "https://api.example.com"),
            ),
        ),
        FileKey(
            "$defaults",
            ref("defaults"),
            parse_defaults,
            Hover(
                "Defaults",
                "What holds for every answer of this file unless it says otherwise itself.",
                ({"$headers": {"X-Powered-By": None}, "$delay": "200ms"},),
            ),
        ),
        FileKey(
            "$before",
            ref("entries"),
            parse_before,
            Hover(
                "Asked first",
                "Entries that come before all others, such as login walls and outages.",
                ({"*": {"/{rest:path}": {"$probability": 0.1, "$status": 503}}},),
            ),
        ),
        FileKey(
            "$state",
            {"type": "object"},
            parse_state,
            Hover("First state", "State variables and the values that they have at first.", ({"user": None},)),
        ),
        FileKey(
            "$unmatched",
            ref("value"),
            _ignore,
            Hover("Unmatched requests", "The value that answers every request without an entry.", ({"error": "none"},)),
        ),
    )
}
"""Every key beside methods that a file may have, by name."""
