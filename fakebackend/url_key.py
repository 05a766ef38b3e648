"""URL keys: which requests an entry is for."""

from dataclasses import dataclass

from fakebackend.problems import FieldError
from fakebackend.problems import shown
from fakebackend.url_path import canonical_path


@dataclass(frozen=True, slots=True)
class UrlKey:
    """What a URL key asks of a request."""

    path: str  # canonical


_LATER = {"{": "path templates", "}": "path templates", "?": "query constraints"}


def parse_url_key(text: str) -> UrlKey:
    """Return what a URL key means; `/a%20b` is the path `/a b`.

    Raises `FieldError` for a key that is wrong or that asks for what is not supported yet.
    """
    if text.startswith(("~", "//", "http://", "https://")):
        what = "regular expressions" if text.startswith("~") else "hosts"
        raise FieldError(f"{what} in URL keys are not supported yet, got {shown(text)}", at_key=True)
    if "#" in text:
        raise FieldError(f"a URL key has no fragment, got {shown(text)}; a literal # is %23", at_key=True)
    for char, what in _LATER.items():
        if char in text:
            raise FieldError(f"{what} in URL keys are not supported yet, got {shown(text)}", at_key=True)
    if not text.startswith("/"):
        hint = "" if not text or text != text.strip() else f", did you mean {shown('/' + text)}?"
        raise FieldError(f'a URL key starts with "/", got {shown(text)}{hint}', at_key=True)
    return UrlKey(canonical_path(text))
