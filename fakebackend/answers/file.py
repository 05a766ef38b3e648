"""`$file`: the content of a file as the body."""

import asyncio
import os
from collections.abc import Awaitable
from collections.abc import Container
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.security import safe_join

from fakebackend.answers.answer import SureSource
from fakebackend.answers.head import ResponseHead
from fakebackend.answers.placeholders import PLACEHOLDER
from fakebackend.answers.placeholders import check_placeholders
from fakebackend.diagnostics.escaping import ascii_header_value
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.messages.canned_response import ASKED_AGAIN
from fakebackend.messages.canned_response import BODILESS
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import canned_response
from fakebackend.messages.conditional_requests import conditional_response
from fakebackend.messages.conditional_requests import is_conditional
from fakebackend.messages.header_fields import fields_of
from fakebackend.messages.media_types import media_type
from fakebackend.messages.representation import READ_AT_ONCE
from fakebackend.messages.representation import file_representation
from fakebackend.messages.url_path import ENCODED_SLASH
from fakebackend.reading.near_file import near_file
from fakebackend.state.request_context import RequestContext
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.template import Template
from fakebackend.templating.template_scope import TemplateScope
from fakebackend.templating.writing import written

_INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class FileSource(SureSource):
    """A file with a fixed name; it is read when it is asked for, so that a change of it shows at once."""

    path: str
    head: ResponseHead

    def resolve(self, context: RequestContext) -> CannedResponse | Awaitable[CannedResponse]:
        """Return the file as an answer.

        Raises `OSError` if it is gone.
        """
        path = with_index(self.path)
        if not os.path.isfile(path):  # opening a FIFO would wait for a writer, and mitmproxy with it
            raise FileNotFoundError(f"there is no file {os.path.basename(path)}")
        return _answer(path, self.head, context)

    def summary(self) -> str:
        """Return the status and the name of the file."""
        return f"{self.head.summary()} from {os.path.basename(self.path)}"


@dataclass(frozen=True, slots=True)
class FilledFileSource:
    """A file whose name is filled in from the request; it never lies outside the folder that is fixed.

    `fixed` is the part of the name before its last slash that is the same for every request, below `folder`.
    """

    folder: str
    name: str | Template
    fixed: str
    head: ResponseHead
    one_segment: Container[str] = ()
    """The parameters that stand for one segment each, so that a slash in them is part of a name."""
    private: Container[str] = ()
    """The files that are never given away: the responses files and those of handlers."""
    takes_slash: bool = False
    """Whether the URL key's last parameter takes a slash, so that a folder can be asked for with one at its end."""
    may_pass = True

    def resolve(self, context: RequestContext) -> CannedResponse | Awaitable[CannedResponse] | None:
        """Return the file as an answer, or None if there is no such file inside the fixed folder."""
        if (found := self.found(context)) is None:
            return None
        path, real = found
        if self.takes_slash and os.path.isdir(path) and not context.request.path.endswith("/"):
            return _with_slash(context.request.target)
        return _answer(real, self.head, context)

    def why_it_passes(self, context: RequestContext) -> str | None:
        """Return that there is no file for a request, or None if there is one."""
        return None if self.found(context) else "there is no such file"

    def summary(self) -> str:
        """Return the status and the name that is filled in, unless that is a template."""
        return self.head.summary() + (f" from {self.name}" if isinstance(self.name, str) else " from a file")

    def found(self, context: RequestContext) -> tuple[str, str] | None:
        """Return the path that a request asks for and the file that answers, or None if there is none."""
        name = self._filled(context)
        if name is None or "\0" in name or "\\" in name or not name.startswith(self.fixed):
            return None
        root = os.path.join(self.folder, self.fixed)
        rest = name[len(self.fixed) :].removeprefix("/")
        path = safe_join(root, rest.lstrip("/"))
        if path is None:
            return None
        if "//" in f"/{rest}/" and not os.path.isdir(path):  # a slash too many, as behind a file's name
            return None
        # A link may lead out of the folder all the same.
        real = os.path.realpath(with_index(path))
        base = os.path.realpath(root).rstrip(os.sep) + os.sep
        if not real.startswith(base) or not os.path.isfile(real) or real in self.private:
            return None
        if any(part.startswith(".") for part in real[len(base) :].split(os.sep)):
            return None
        return path, real

    def _filled(self, context: RequestContext) -> str | None:
        """Return the name, or None if a parameter that is one segment holds a slash, as no name of a file does."""
        values, texts = context.params.typed, context.params.texts
        with_slash = {name for name, text in texts.items() if name in self.one_segment and ENCODED_SLASH in text}
        if isinstance(self.name, Template):
            name = written(self.name.render(context))
            return None if any(str(values[parameter]) in name for parameter in with_slash) else name
        if not with_slash.isdisjoint(PLACEHOLDER.findall(self.name)):
            return None
        return PLACEHOLDER.sub(lambda match: str(values.get(match[1], "")), self.name)


def parse_file(
    value: Any,
    head: ResponseHead,
    folder: str,
    parameters: Sequence[str],
    *,
    templates: TemplateScope,
    one_segment: Container[str] = (),
    private: Container[str] = (),
) -> FileSource | FilledFileSource:
    """Return the source for a `$file`: a name relative to `folder`, in which `{name}` of the parameters is filled in.

    Raises `ValidationError` for a fixed name that does not exist, or a parameter that the URL key has not.
    """
    if not isinstance(value, str) or not value or "\0" in value:
        got = format_value(value) if isinstance(value, str) else json_type_name(value)
        raise ValidationError(f"$file must be a file name, got {got}")
    name = compile_templates(value, templates) if templates.on else value
    if isinstance(name, str) and not PLACEHOLDER.search(name):
        path = os.path.normpath(os.path.join(folder, name))
        if not os.path.isfile(with_index(path)):
            hint = near_file(path)
            raise ValidationError(f"$file names {format_value(value)}, and there is no such file{hint}")
        return FileSource(path, head)
    if isinstance(name, str):
        check_placeholders("$file", name, parameters)
    takes_slash = bool(parameters) and parameters[-1] not in one_segment
    fixed = os.path.dirname(value.partition("{")[0])
    return FilledFileSource(folder, name, fixed, head, one_segment, private, takes_slash)


def _answer(path: str, head: ResponseHead, context: RequestContext) -> CannedResponse | Awaitable[CannedResponse]:
    """Return the answer; to be awaited if the file is large, as it is then read in a thread."""
    request, (status, headers), content = context.request, head.rendered(context), file_representation(path)

    def answer() -> CannedResponse:
        if not is_conditional(status, request.method):
            body = b"" if status in BODILESS else content.whole()
            return canned_response(status, body, media_type(path), headers, ASKED_AGAIN)
        return conditional_response(
            canned_response(status, b"", media_type(path), headers, ASKED_AGAIN), request, content
        )

    return answer() if content.length <= READ_AT_ONCE else asyncio.to_thread(answer)


def _with_slash(target: str) -> CannedResponse:
    """Return where a folder is: links in its `index.html` are meant from there. Never the name of another host."""
    path, question, query = target.partition("?")
    location = f"/{path.strip('/')}/{question}{query}"
    return canned_response(301, headers=fields_of((b"Location", ascii_header_value(location))))


def with_index(path: str) -> str:
    """Return the file that stands for a path: of a folder its `index.html`."""
    return os.path.join(path, _INDEX) if os.path.isdir(path) else path
