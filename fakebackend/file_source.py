"""`$file`: the content of a file as the body."""

import os
import re
from dataclasses import dataclass
from typing import Any

from fakebackend.answer_head import AnswerHead
from fakebackend.conditional import conditional
from fakebackend.media_types import media_type
from fakebackend.problems import FieldError
from fakebackend.problems import did_you_mean
from fakebackend.problems import kind
from fakebackend.problems import shown
from fakebackend.request_view import RequestView
from fakebackend.static_answer import ASKED_AGAIN
from fakebackend.static_answer import StaticAnswer
from fakebackend.template_value import Template
from fakebackend.template_value import compile_templates
from fakebackend.value_context import ValueContext

_PLACEHOLDER = re.compile(r"\{([^{}:/]+)\}")
_INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file with a fixed name; it is read when it is asked for, so that a change of it shows at once."""

    path: str
    head: AnswerHead
    may_decline = False

    def produce(self, request: RequestView) -> StaticAnswer:
        """Return the file as an answer.

        Raises `OSError` if it is gone.
        """
        path = _with_index(self.path)
        if not os.path.isfile(path):  # opening a FIFO would wait for a writer, and mitmproxy with it
            raise FileNotFoundError(f"there is no file {os.path.basename(path)}")
        return _answer(path, self.head, request)


@dataclass(frozen=True, slots=True)
class FilledFileSource:
    """A file whose name is filled in from the request; it never lies outside the folder that is fixed."""

    folder: str
    name: str | Template
    fixed: str
    head: AnswerHead
    may_decline = True

    def produce(self, request: RequestView) -> StaticAnswer | None:
        """Return the file as an answer, or None if there is no such file inside the fixed folder."""
        root = os.path.realpath(os.path.join(self.folder, self.fixed))
        name = self._filled(request)
        if "\0" in name or "\\" in name:
            return None
        path = os.path.realpath(_with_index(os.path.join(self.folder, name)))
        if not path.startswith(root.rstrip(os.sep) + os.sep) or not os.path.isfile(path):
            return None
        return _answer(path, self.head, request)

    def _filled(self, request: RequestView) -> str:
        if isinstance(self.name, Template):
            return str(self.name.render(request))
        values = request.typed_path_params
        return _PLACEHOLDER.sub(lambda match: str(values.get(match[1], "")), self.name)


def parse_file(value: Any, head: AnswerHead, context: ValueContext) -> FileSource | FilledFileSource:
    """Return the source for a `$file`: a name relative to the responses file, `{name}` filled in.

    Raises `FieldError` for a fixed name that does not exist, or a parameter that the URL key has not.
    """
    if not isinstance(value, str) or not value or "\0" in value:
        raise FieldError(f"$file must be a file name, got {shown(value) if isinstance(value, str) else kind(value)}")
    name = compile_templates(value) if context.defaults.template else value
    if isinstance(name, str) and not _PLACEHOLDER.search(name):
        path = os.path.normpath(os.path.join(context.folder, name))
        if not os.path.isfile(_with_index(path)):
            raise FieldError(f"$file names {shown(value)}, and there is no such file")
        return FileSource(path, head)
    if isinstance(name, str):
        _check_parameters(name, context)
    return FilledFileSource(context.folder, name, os.path.dirname(value.partition("{")[0]), head)


def _answer(path: str, head: AnswerHead, request: RequestView) -> StaticAnswer:
    with open(path, "rb") as file:
        modified = os.fstat(file.fileno()).st_mtime
        return conditional(head.answer(request, file.read(), media_type(path), ASKED_AGAIN), request, modified)


def _check_parameters(name: str, context: ValueContext) -> None:
    for parameter in _PLACEHOLDER.findall(name):
        if parameter not in context.parameters:
            hint = did_you_mean(parameter, context.parameters)
            raise FieldError(f"$file names {{{parameter}}}, which the URL key does not have{hint}")


def _with_index(path: str) -> str:
    return os.path.join(path, _INDEX) if os.path.isdir(path) else path
