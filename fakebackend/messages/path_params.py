"""What the parameters of a matched path stand for."""

from collections.abc import Callable
from collections.abc import Mapping
from typing import NamedTuple

from fakebackend.messages.url_path import readable


def readable_texts(texts: Mapping[str, str]) -> dict[str, str | int]:
    """Return parameters as people and templates see them where the path says nothing of their types."""
    return {name: readable(text) for name, text in texts.items()}


class PathParams(NamedTuple):
    """The parameters of one match: `texts` are canonical, `to_python` makes of them what the path says.

    `/users/{id:int}` against `/users/007` has the texts `{"id": "007"}`, and `typed` gives `{"id": 7}`.
    """

    texts: Mapping[str, str]
    to_python: Callable[[Mapping[str, str]], dict[str, str | int]] = readable_texts

    @property
    def typed(self) -> dict[str, str | int]:
        """Return the parameters as templates and handlers see them: `:int` as integers."""
        return self.to_python(self.texts)


NO_PARAMS = PathParams({})
