"""Names that a file gives to values for its templates, and those that mean something there already."""

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import format_value
from fakebackend.templating.globals import TEMPLATE_NAMES

JINJA_NAMES = frozenset({"cycler", "dict", "joiner", "namespace", "range"})
"""Names that Jinja2 itself knows in every template."""

_IN_STATEMENTS = frozenset({"caller", "loop", "self", "super", "varargs", "kwargs"})
_JINJA_WORDS = frozenset(
    {"True", "False", "None", "true", "false", "none", "not", "and", "or", "in", "is", "if", "else", "elif"}
)
COMING = frozenset({"resources"})
"""Names that are kept free for what is not supported yet."""


TAKEN_NAMES = _JINJA_WORDS | JINJA_NAMES | _IN_STATEMENTS | COMING | frozenset(TEMPLATE_NAMES)
"""All that no value can be named."""


def check_own_name(name: str) -> None:
    """Refuse a name for a value that no template could use, or that stands for something else already.

    Raises `ValidationError`.
    """
    if name in _JINJA_WORDS:
        raise ValidationError(f"{format_value(name)} is a word of templates, use another name", at_key=True)
    if not name.isidentifier() or name.startswith("_"):
        expected = "is made of letters, digits and _, and begins with a letter"
        raise ValidationError(f"{format_value(name)} cannot be used in a template: a name {expected}", at_key=True)
    if name in TAKEN_NAMES:
        raise ValidationError(
            f"{format_value(name)} means something in templates already, use another name", at_key=True
        )
