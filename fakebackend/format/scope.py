"""What a value's meaning depends on beside itself."""

import hashlib
import json
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from fakebackend.answers.answer import NO_ASSIGNMENTS
from fakebackend.answers.delay import Delay
from fakebackend.answers.head import PLAIN_HEAD
from fakebackend.answers.head import ResponseHead


class Defaults(NamedTuple):
    """What holds for an answer unless it says otherwise: from `$defaults`, or from beside `$cases` or `$sequence`."""

    head: ResponseHead = PLAIN_HEAD
    delay: Delay | None = None
    template: bool = False
    assignments: Mapping[str, Any] = NO_ASSIGNMENTS
    sequences: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Tell whether a plain body with these defaults is ready when the file is read."""
        return self.delay is None and not self.template and not self.assignments and not self.sequences


NO_DEFAULTS = Defaults()


class Scope(NamedTuple):
    """Where a value stands: in a file of `folder`, as (a part of) the value of the entry `label`."""

    defaults: Defaults = NO_DEFAULTS
    folder: str = "."
    label: str = ""
    parameters: Sequence[str] = ()
    """The names of the entry's path parameters."""
    parameters_with_slashes: Sequence[str] = ()
    """Those of them that may stand for several segments."""
    steps: tuple[str | int, ...] = ()
    private: set[str] | None = None
    """The files that no `$file` gives away, to which handlers add their own while all are read."""
    runs_handlers: bool = True
    """Whether a handler's file is run to see whether it has the function, or only looked at."""

    def inside(self, defaults: Defaults, *steps: str | int) -> "Scope":
        """Return the scope of a part, with the defaults that hold there."""
        return self._replace(defaults=defaults, steps=(*self.steps, *steps))

    def sequence_key(self, value: Any) -> str:
        """Return what a `$sequence` is remembered by: another one if its content or its entry changes."""
        content = json.dumps([value, self.steps], sort_keys=True, default=str)
        return f"{self.label} {hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()}"
