"""One string with a template in it: Jinja2, as far as a responses file may use it."""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.compiled_text import LOAD
from fakebackend.templating.compiled_text import CompiledText
from fakebackend.templating.compiled_text import CompiledTexts
from fakebackend.templating.globals import REQUEST_PARTS
from fakebackend.templating.globals import TEMPLATE_NAMES
from fakebackend.templating.globals import check_names
from fakebackend.templating.globals import template_context
from fakebackend.templating.limits import LARGEST_TEXT
from fakebackend.templating.limits import check_size
from fakebackend.templating.load_files import LoadError
from fakebackend.templating.load_files import LoadFolder
from fakebackend.templating.missing_value import MissingError
from fakebackend.templating.missing_value import MissingValue
from fakebackend.templating.offered import check_parameters
from fakebackend.templating.offered import check_request_parts
from fakebackend.templating.own_names import COMING
from fakebackend.templating.sandbox import TemplateEnvironment
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import Template
from fakebackend.templating.template_scope import EVERYWHERE
from fakebackend.templating.template_scope import TemplateScope

ENVIRONMENT = TemplateEnvironment()

_ELSEWHERE = {
    "args": "query",
    "body": "json",
    "cookie": "cookies",
    "faker": "fake",
    "header": "headers",
    "len": "… | length",
    "null": "none",
    "params": "path",
    "req": "request",
    "str": "… | string",
}
"""What others call the names that we have."""


class TemplateText(Template):
    """One string: `render` gives text, or any value where the string is nothing but `{{ expression }}`."""

    environment = ENVIRONMENT
    texts = CompiledTexts(ENVIRONMENT)

    def __init__(self, source: str, scope: TemplateScope = EVERYWHERE) -> None:
        self._source = source
        self._load = _loader(scope.folder)
        self._compiled = self.texts.of(source)
        self._names = self._compiled.names
        _check(self._compiled, scope)

    @property
    def names(self) -> frozenset[str]:
        """Return the names that it uses."""
        return self._names

    def render(self, context: RequestContext) -> Any:
        """Return what the template makes of a matched request.

        Raises `RenderingError` if it uses what is not there, takes too long or fails in another way.
        """
        return self._made(context, self._checked_and_counted)

    def evaluate(self, context: RequestContext) -> Any:
        """Return the same for something else than an answer: it may be undefined.

        Raises `RenderingError` if it takes too long or fails in another way.
        """
        return self._made(context, self._checked)

    def _made(self, context: RequestContext, check: Callable[[Any, Mapping[str, Any]], Any]) -> Any:
        names: Mapping[str, Any] = {}
        try:
            with self.environment.bounded(context):
                names = template_context(self._names, context)
                if LOAD in self._names:
                    names = {**names, LOAD: self._load}
                if self._compiled.expression is None:
                    return check(self._text(names), names)
                value = self._compiled.expression(**names)
                return check(list(value) if isinstance(value, Iterator) else value, names)
        except RenderingError:
            raise  # that of a value of `$let`, which says which
        except MissingError as e:
            raise RenderingError(f"in {format_value(self._source)}: {e.explained(names)}") from e
        except Exception as e:
            raise RenderingError(f"in {format_value(self._source)}: {str(e) or type(e).__name__}") from e

    def _checked_and_counted(self, value: Any, _: Mapping[str, Any]) -> Any:
        self.environment.write(check_size(value))
        return value

    def _checked(self, value: Any, names: Mapping[str, Any]) -> Any:
        if isinstance(value, MissingValue):
            return MissingValue(f"in {format_value(self._source)}: {value.explained(names).text}")
        check_size(value)
        return value

    def _text(self, names: Any) -> str:
        pieces: list[str] = []
        size = 0
        for piece in self._compiled.template.generate(names):
            size += len(piece)
            if size > LARGEST_TEXT:
                raise ValueError(f"the text gets longer than {LARGEST_TEXT:,} characters")
            self.environment.tick()
            pieces.append(piece)
        return "".join(pieces)


def _loader(folder: LoadFolder) -> Callable[[Any], Any]:
    def load(name: Any) -> Any:  # no method: the sandbox offers none of ours
        return folder.load(name)

    return load


def _check(compiled: CompiledText, scope: TemplateScope) -> None:
    """Refuse what is not there where the template stands.

    Raises `ValidationError`.
    """
    for name in sorted(compiled.names - scope.names):
        if name in COMING:
            raise ValidationError(f"{name} is not supported yet")
        if name not in TEMPLATE_NAMES:
            known = [*TEMPLATE_NAMES, *sorted(scope.names)]
            hint = f', did you mean "{_ELSEWHERE[name]}"?' if name in _ELSEWHERE else did_you_mean(name, known)
            hint = hint or "; the docs list those that are known, under $template"
            raise ValidationError(f"unknown name {format_value(name)} in a template{hint}")
    check_names(compiled.names)
    if "request" in compiled.names:
        check_request_parts(compiled.request_parts, REQUEST_PARTS)
    if "path" in compiled.names and scope.parameters is not None:
        check_parameters(compiled.path_parts, scope.parameters)
    for name in compiled.loads:
        try:
            scope.folder.name(name)
        except LoadError as e:
            raise ValidationError(str(e)) from None
