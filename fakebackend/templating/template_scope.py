"""What is known of where a value stands before its templates are compiled."""

from collections.abc import Collection
from collections.abc import Iterable
from typing import NamedTuple

from fakebackend.templating.load_files import HERE
from fakebackend.templating.load_files import LoadFolder


class TemplateScope(NamedTuple):
    """Whether the strings of a value are templates (`on`), and what these may name.

    `names` are those of `$let` and `$each` around, `parameters` the path parameters (None: not known here), `folder`
    is where `load` reads files.
    """

    on: bool = True
    names: frozenset[str] = frozenset()
    parameters: Collection[str] | None = None
    folder: LoadFolder = HERE

    def naming(self, names: Iterable[str]) -> "TemplateScope":
        """Return the scope where these names are known, too."""
        return self._replace(names=self.names.union(names))


EVERYWHERE = TemplateScope()
"""For templates of which nothing is known."""

WITHOUT_TEMPLATES = TemplateScope(on=False)
"""For values whose strings are no templates."""
