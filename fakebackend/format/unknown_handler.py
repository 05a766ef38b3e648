"""A `$handler` that names neither a function of a file nor a built-in handler."""

from fakebackend.answers.builtin_handlers import BUILTIN_HANDLERS
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value


def check_handler_name(name: str) -> None:
    """Refuse a name without a file that no built-in handler has, with the list of those that there are."""
    if name not in BUILTIN_HANDLERS and ":" not in name:
        known, hint = ", ".join(sorted(BUILTIN_HANDLERS)), did_you_mean(name, BUILTIN_HANDLERS)
        raise ValidationError(
            f'$handler must be like "file.py:function" or a built-in handler ({known}), got {format_value(name)}{hint}'
        )
