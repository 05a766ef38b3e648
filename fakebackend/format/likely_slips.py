"""Values that are good as they stand, but hardly meant so: each is taken, with a warning that says what to write."""

import re
from collections.abc import Mapping
from typing import Any

from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.reading.parts import parts_of
from fakebackend.templating.template_marks import EACH
from fakebackend.templating.template_marks import IF
from fakebackend.templating.template_marks import VALUE

_SILENCED = '"$template": false silences this'
_NEAR_MISS = 0.8  # how alike an unknown $-key of a plain body must be to a reserved one to be a likely slip
_TEMPLATE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_WITH_TEMPLATES = (
    *("$base64", "$body", "$file", "$forward", "$headers"),
    *("$let", "$merge", "$set", "$status", "$text", "$when"),
)
_WORDS = (EACH, IF, VALUE)


def may_be_slip(written: str) -> bool:
    """Tell whether plain data, as JSON, is to be looked at, quickly: nearly none is."""
    return "{{" in written or ('"body"' in written and ('"status"' in written or '"headers"' in written))


def may_mean_more(value: Any) -> bool:
    """Tell whether something in a value may be a template or a word of one, quickly: mostly there is nothing."""
    written = str(value)
    return "{{" in written or any(word in written for word in _WORDS)


def warn_of_plain_body(value: Any, diagnostics: Diagnostics, reserved: Mapping[str, Any], *, template: bool) -> None:
    """Warn of a body that looks like a definition, or has what looks like a template."""
    if isinstance(value, dict):
        _warn_of_near_misses(value, diagnostics, reserved)
        if _looks_like_a_definition(value, reserved):
            ours = ", ".join(f'"${key}": …' for key in value)
            diagnostics.warn(f"is sent as data; a definition is written {{{ours}}}")
    if not template and may_mean_more(value):
        _warn_of_template(value, diagnostics, '{"$template": true, "$body": …}')
        _warn_of_words(value, diagnostics, '{"$template": true, "$body": …}')


def warn_of_templates(value: Mapping[str, Any], diagnostics: Diagnostics) -> None:
    """Warn of what looks like a template in a definition that has none."""
    if not may_mean_more(value):
        return
    for name in _WITH_TEMPLATES:
        if name in value:
            _warn_of_template({name: value[name]}, diagnostics, f'"$template": true; {_SILENCED}')
    if "$body" in value:
        _warn_of_words({"$body": value["$body"]}, diagnostics, f'"$template": true; {_SILENCED}')


def warn_of_empty_lists(when: Any, diagnostics: Diagnostics) -> None:
    """Warn of `[]` in a `$when`, which asks nothing of a list: that of an operator is meant as it stands."""
    if "[]" not in str(when):
        return
    for way, part in parts_of(when):
        if part == [] and way[:1] in (("json",), ("state",)) and not any(str(step).startswith("$") for step in way):
            diagnostics.warn('[] holds for every list; an empty one is {"$size": 0}', "$when", *way)


def warn_of_json_patch(value: Any, diagnostics: Diagnostics) -> None:
    """Warn of a `$merge` that is written as another kind of patch."""
    if isinstance(value, list) and value and all(isinstance(each, dict) and "op" in each for each in value):
        said = "looks like a JSON Patch (RFC 6902) and takes the place of the real answer"
        diagnostics.warn(
            f'$merge {said}; a JSON Merge Patch (RFC 7396) is written {{"name": "new", "gone": null}}', "$merge"
        )


def _warn_of_near_misses(value: dict[Any, Any], diagnostics: Diagnostics, reserved: Mapping[str, Any]) -> None:
    for key in value:  # a handler's may have any keys
        if isinstance(key, str) and key[:1] == "$" and (hint := did_you_mean(key, reserved, cutoff=_NEAR_MISS)):
            diagnostics.warn(f"{format_value(key)} is sent as a part of the body{hint}", key)


def _looks_like_a_definition(value: dict[Any, Any], reserved: Mapping[str, Any]) -> bool:
    status, headers = value.get("status"), value.get("headers")
    has_status = isinstance(status, int) and not isinstance(status, bool)
    if "body" not in value or not (has_status or isinstance(headers, dict)):
        return False
    return all(f"${key}" in reserved for key in value)


def _warn_of_template(value: Any, diagnostics: Diagnostics, instead: str) -> None:
    for way, part in parts_of(value):
        texts = [part] if isinstance(part, str) else part if isinstance(part, dict) else ()
        if found := next(filter(None, (_TEMPLATE.search(text) for text in texts if isinstance(text, str))), None):
            diagnostics.warn(f"{found[0]} is sent as it stands; a template needs {instead}", *way)
            return


def _warn_of_words(value: Any, diagnostics: Diagnostics, instead: str) -> None:
    for way, part in parts_of(value):
        if isinstance(part, dict) and (word := next((word for word in _WORDS if word in part), None)):
            diagnostics.warn(f"{word} is sent as data; to mean something it needs {instead}", *way, word)
            return
