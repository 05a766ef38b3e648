"""`Prefer: code=404` and `Prefer: example=NAME` (RFC 7240): asking for one of an entry's cases."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from fakebackend.messages.methods import TOKEN

_QUOTED = r'"((?:[^"\\]|\\.)*+)"'
# Possessive throughout: a long field that is no list of preferences must not take long to turn down.
_ITEM = re.compile(r'(?:[^,"]++|"(?:[^"\\]|\\.)*+"?)++')
_PREFERENCE = re.compile(rf'\s*+({TOKEN}+)\s*+(?:=\s*+(?:{_QUOTED}|([^\s,;"]*+)))?+\s*+(?:;|\Z)')


class Preference(NamedTuple):
    """What a request asks for: a status, the `$name` of a case, both or neither."""

    code: int | None = None
    example: str | None = None

    def fits(self, status: int | None, name: str | None) -> bool:
        """Tell whether a case with this status and name is what is asked for."""
        return self.example in (None, name) and self.code in (None, status)

    def __str__(self) -> str:
        """Return it as `Preference-Applied` says it."""
        parts = [f"code={self.code}"] if self.code is not None else []
        parts += [f"example={_quoted(self.example)}"] if self.example is not None else []
        return ", ".join(parts)


def parse_preference(values: Iterable[str]) -> Preference | None:
    """Return what the `Prefer` fields of a request ask for, or None if it is nothing of ours."""
    found: dict[str, str] = {}
    for value in values:
        for match in filter(None, map(_PREFERENCE.match, _ITEM.findall(value))):
            text = re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else match[3] or ""
            found.setdefault(match[1].lower(), text)
    code = re.fullmatch(r"[0-9]{3}", found.get("code", ""))
    preference = Preference(int(code[0]) if code else None, found.get("example"))
    return None if preference == Preference() else preference


def _quoted(text: str) -> str:
    if re.fullmatch(TOKEN, text):
        return text
    escaped = re.sub(r'(["\\])', r"\\\1", text)
    return f'"{escaped}"'
