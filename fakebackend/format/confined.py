"""What may not stand in entries that came with a request: they run nothing, and see only their folder."""

import os

from fakebackend.answers.file import with_index
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import format_value
from fakebackend.format.scope import Scope


def check_handler(scope: Scope) -> None:
    """Refuse a handler, which would run what a request names.

    Raises `ValidationError`.
    """
    if scope.added:
        raise ValidationError("$handler is not taken from a request; write it into the responses file")


def check_file(value: object, scope: Scope) -> None:
    """Refuse a file above the folder, one whose name begins with a dot, and one that is never given away.

    What a filled name comes to is looked at when it is filled. Raises `ValidationError`.
    """
    if not scope.added or not isinstance(value, str) or "\0" in value:
        return
    base = os.path.realpath(scope.folder)
    fixed = value.partition("{")[0]
    path = os.path.realpath(with_index(os.path.join(base, fixed)) if fixed == value else os.path.join(base, fixed))
    if path != base and not path.startswith(base.rstrip(os.sep) + os.sep):
        raise ValidationError(f"$file names {format_value(value)}, which lies outside the responses file's folder")
    if path in (scope.private or ()) or any(part.startswith(".") for part in path[len(base) :].split(os.sep)):
        raise ValidationError(f"$file names {format_value(value)}, which is not given away to a request")
