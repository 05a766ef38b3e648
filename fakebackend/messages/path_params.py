"""What the parameters of a matched path stand for."""

from collections.abc import Callable
from collections.abc import Mapping
from typing import NamedTuple

from fakebackend.messages.url_path import percent_encoded
from fakebackend.messages.url_path import readable
from fakebackend.messages.url_path import spelled_pieces


def readable_texts(texts: Mapping[str, str]) -> dict[str, str | int]:
    """Return parameters as people and templates see them where the path says nothing of their types."""
    return {name: readable(text) for name, text in texts.items()}


def no_spans(_: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Return that it is not known where parameters stand in a path."""
    return {}


class PathParams(NamedTuple):
    """The parameters of one match: `texts` are canonical, `to_python` makes of them what the path says.

    `/users/{id:int}` against `/users/007` has the texts `{"id": "007"}`, and `typed` gives `{"id": 7}`.
    """

    texts: Mapping[str, str]
    to_python: Callable[[Mapping[str, str]], dict[str, str | int]] = readable_texts
    spans: Callable[[Mapping[str, str]], dict[str, tuple[int, int]]] = no_spans
    """Tells where in the canonical path each of the texts stands, as far as that is known."""

    def spelled(self, target: str) -> dict[str, str]:
        """Return the parameters as the path of a request target spells them, still encoded.

        Where one cannot be found there, as in a path with bytes that are no UTF-8, it is encoded anew, slashes too.
        """
        pieces, spans = spelled_pieces(target), self.spans(self.texts)
        return {
            name: "".join(pieces[slice(*spans[name])]) if name in spans else percent_encoded(text)
            for name, text in self.texts.items()
        }

    @property
    def typed(self) -> dict[str, str | int]:
        """Return the parameters as templates and handlers see them: `:int` as integers."""
        return self.to_python(self.texts)


NO_PARAMS = PathParams({})
