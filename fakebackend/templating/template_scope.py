"""What is known of where a value stands before its templates are compiled."""

from collections.abc import Collection
from collections.abc import Iterable
from typing import NamedTuple

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import format_value
from fakebackend.templating.globals import TEMPLATE_NAMES
from fakebackend.templating.load_files import HERE
from fakebackend.templating.load_files import LoadFolder

JINJA_NAMES = frozenset({"cycler", "dict", "joiner", "namespace", "range"})
"""Names that Jinja2 itself knows in every template."""

_IN_STATEMENTS = frozenset({"caller", "loop", "self", "super", "varargs", "kwargs"})
_JINJA_WORDS = frozenset(
    {"True", "False", "None", "true", "false", "none", "not", "and", "or", "in", "is", "if", "else", "elif"}
)
_COMING = frozenset({"resources"})


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


def check_own_name(name: str) -> None:
    """Refuse a name for a value that no template could use, or that stands for something else already.

    Raises `ValidationError`.
    """
    if not name.isidentifier() or name in _JINJA_WORDS or name.startswith("_"):
        expected = "is made of letters, digits and _, and begins with a letter"
        raise ValidationError(f"{format_value(name)} cannot be used in a template: a name {expected}", at_key=True)
    if name in TEMPLATE_NAMES or name in JINJA_NAMES or name in _IN_STATEMENTS or name in _COMING:
        raise ValidationError(
            f"{format_value(name)} means something in templates already, use another name", at_key=True
        )
