"""What happens to a request that no entry answers: the option `responses_unmatched`."""

from dataclasses import dataclass

DEFAULT = "404"


@dataclass(frozen=True, slots=True)
class UnmatchedPolicy:
    """`status` is what is answered; None with `forward` or without it for `kill`."""

    status: int | None
    forward: bool = False

    def __str__(self) -> str:
        if self.status is not None:
            return f"answered {self.status}, nothing is forwarded"
        return "forwarded to the real server" if self.forward else "killed, nothing is forwarded"


def parse_unmatched(text: str) -> UnmatchedPolicy:
    """Return the policy that a status code from 200 to 599, `forward` or `kill` stands for.

    Raises `ValueError` for anything else.
    """
    match text.strip():
        case "forward":
            return UnmatchedPolicy(None, forward=True)
        case "kill":
            return UnmatchedPolicy(None)
        case code if len(code) == 3 and code.isascii() and code.isdigit() and 200 <= int(code) <= 599:
            return UnmatchedPolicy(int(code))
    raise ValueError(f'responses_unmatched must be a status code from 200 to 599, "forward" or "kill", got "{text}"')
