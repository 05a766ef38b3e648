"""What a value's meaning depends on beside itself."""

import hashlib
import json
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from fakebackend.answer import NO_SETS
from fakebackend.answer_head import PLAIN_HEAD
from fakebackend.answer_head import AnswerHead
from fakebackend.delay import Delay
from fakebackend.path_pattern import PathPattern
from fakebackend.quick_tuple import maker_of
from fakebackend.url_key import PathMatcher
from fakebackend.url_key import PathRegex


class Defaults(NamedTuple):
    """What holds for an answer unless it says otherwise: from `$defaults`, or from beside `$cases` or `$sequence`."""

    head: AnswerHead = PLAIN_HEAD
    delay: Delay | None = None
    template: bool = False
    sets: Mapping[str, Any] = NO_SETS
    sequences: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Tell whether a plain body with these defaults is ready when the file is read."""
        return self.delay is None and not self.template and not self.sets and not self.sequences


NO_DEFAULTS = Defaults()


class ValueContext(NamedTuple):
    """Where a value stands: in a file of `folder`, as (a part of) the value of the entry `label`."""

    defaults: Defaults = NO_DEFAULTS
    folder: str = "."
    label: str = ""
    path: PathMatcher = ""
    steps: tuple[str | int, ...] = ()

    @property
    def parameters(self) -> Sequence[str]:
        """Return the names of the path parameters."""
        if isinstance(self.path, PathPattern):
            return self.path.names
        return tuple(self.path.compiled.groupindex) if isinstance(self.path, PathRegex) else ()

    def inside(self, defaults: Defaults, *steps: str | int) -> "ValueContext":
        """Return the context of a part, with the defaults that hold there."""
        return self._replace(defaults=defaults, steps=(*self.steps, *steps))

    def sequence_key(self, value: Any) -> str:
        """Return what a `$sequence` is remembered by: another one if its content or its entry changes."""
        content = json.dumps([value, self.steps], sort_keys=True, default=str)
        return f"{self.label} {hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()}"


new_context = maker_of(ValueContext)
