"""`responses_fail_on`: what makes a run a failed one."""

from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value

FAIL_ON = ("unmatched", "unused", "error")
"""What may make a run fail: requests without an entry, entries without a request, answers that failed."""


def parse_fail_on(text: str) -> tuple[str, ...]:
    """Return the words of a list with commas, in our order.

    Raises `ValueError` for an unknown one.
    """
    words = [word.strip() for word in text.split(",")]
    for word in words:
        if word and word not in FAIL_ON:
            hint = did_you_mean(word, FAIL_ON)
            expected = "unmatched, unused or error, or several with commas"
            raise ValueError(f"responses_fail_on must be {expected}, got {format_value(word)}{hint}")
    return tuple(word for word in FAIL_ON if word in words)
