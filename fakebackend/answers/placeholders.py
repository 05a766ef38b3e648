"""`{name}` of a path parameter, as the values of `$file` and `$forward` have it."""

import re
from collections.abc import Collection

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import did_you_mean

PLACEHOLDER = re.compile(r"\{([^{}:/]+)\}")


def check_placeholders(key: str, text: str, parameters: Collection[str]) -> None:
    """Refuse a parameter in the text of a key that the URL key does not have.

    Raises `ValidationError`.
    """
    for name in PLACEHOLDER.findall(text):
        if name not in parameters:
            hint = did_you_mean(name, parameters)
            raise ValidationError(f"{key} names {{{name}}}, which the URL key does not have{hint}")
