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
from fakebackend.templating.load_files import HERE
from fakebackend.templating.load_files import LoadFolder
from fakebackend.templating.template_scope import TemplateScope


class Defaults(NamedTuple):
    """What holds for an answer unless it says otherwise: from `$defaults`, or from beside `$cases` or `$sequence`."""

    head: ResponseHead = PLAIN_HEAD
    delay: Delay | None = None
    template: bool = False
    assignments: Mapping[str, Any] = NO_ASSIGNMENTS
    lets: Mapping[str, Any] = NO_ASSIGNMENTS
    """The names of `$defaults`; those of definitions stand around what they hold."""

    @property
    def is_plain(self) -> bool:
        """Tell whether a plain body with these defaults is ready when the file is read."""
        return self.delay is None and not self.template and not self.assignments


NO_DEFAULTS = Defaults()


class Scope(NamedTuple):
    """Where a value stands: in a file of `folder`, as (a part of) the value of the entry `label`."""

    defaults: Defaults = NO_DEFAULTS
    folder: str = "."
    label: str = ""
    parameters: Sequence[str] | None = None
    """The names of the entry's path parameters; None where they are not known."""
    parameters_with_slashes: Sequence[str] = ()
    """Those of them that may stand for several segments."""
    steps: tuple[str | int, ...] = ()
    private: set[str] | None = None
    """The files that no `$file` gives away, to which handlers add their own while all are read."""
    names: frozenset[str] = frozenset()
    """The names that `$let` of the file and of the definitions around gives to templates."""
    load_folder: LoadFolder = HERE
    """Where templates load files."""
    runs_handlers: bool = True
    """Whether a handler's file is run to see whether it has the function, or only looked at."""
    added: int = 0
    """The number of what came with a request, which runs no handler and stays below its folder; 0 for a file."""

    def inside(self, defaults: Defaults, *steps: str | int) -> "Scope":
        """Return the scope of a part, with the defaults that hold there."""
        return self._replace(defaults=defaults, steps=(*self.steps, *steps))

    def templates(self, *, on: bool) -> TemplateScope:
        """Return what templates here may name; with `on` strings are templates."""
        return TemplateScope(on, self.names, self.parameters, self.load_folder)

    def remembered_by(self, value: Any) -> str:
        """Return what a definition that counts is remembered by: another one if the value or the entry changes."""
        content = json.dumps([value, self.steps, *([self.added] if self.added else [])], sort_keys=True, default=str)
        return f"{self.label} {hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()}"
