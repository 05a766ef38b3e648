"""A request as the core sees it, whatever stands in front: mitmproxy, a command line, another server."""

from dataclasses import dataclass

from fakebackend.url_path import canonical_path


@dataclass(slots=True)
class RequestView:
    """The parts of a request that matching looks at.

    `target` is the request target in origin-form (`/users?page=2`) or `*`; bytes of it that are no UTF-8
    are lone surrogates, as in `http.Request.path`.
    """

    method: str
    target: str

    @property
    def path(self) -> str:
        """Return the canonical path."""
        return canonical_path(self.target)
