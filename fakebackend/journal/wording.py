"""How reports put things, whatever their form."""

from fakebackend.journal.tally import AnswerFailure
from fakebackend.journal.tally import UnmatchedRequest


def times(count: int, noun: str) -> str:
    """Return `1 request` or `2,000 requests`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def near_text(request: UnmatchedRequest) -> str:
    """Return the entry that comes nearest to a request and what differs, or nothing."""
    return f"{request.nearest}: {request.difference}" if request.nearest else ""


def error_text(error: AnswerFailure) -> str:
    """Return what went wrong, with the entry unless it is named in that already."""
    is_named = error.entry is None or error.entry in error.message
    return error.message if is_named else f"{error.entry}: {error.message}"
