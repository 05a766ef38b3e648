"""`$handler`: a function of the user's, or a built-in one, makes the answer."""

import ast
import asyncio
import importlib.util
import inspect
import logging
import os
import sys
import threading
import traceback
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from fakebackend.answers.answer import SourceResult
from fakebackend.answers.answer import ToAnswer
from fakebackend.answers.handler_request import HandlerRequest
from fakebackend.diagnostics.escaping import escape_control
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import format_value
from fakebackend.reading.watched_file import FileSnapshot
from fakebackend.reading.watched_file import read_watched
from fakebackend.state.request_context import RequestContext

logger = logging.getLogger(__name__)

Handler = Callable[[HandlerRequest], Any]

_ANY_NAME = "*"


class HandlerError(Exception):
    """A handler could not answer; the text says where in its file and why."""


class HandlerFile:
    """A Python file beside the responses file, run again when it has changed.

    It may be asked from the thread that reads the responses file and from mitmproxy's at the same time.
    """

    def __init__(self, path: str, name: str) -> None:
        self.path = path
        self.name = name
        self._lock = threading.RLock()
        self._watched: FileSnapshot | None = None
        self._module: ModuleType | None = None

    def function(self, name: str) -> Handler:
        """Return a function of the file as it is now.

        Raises `HandlerError` if the file cannot be run or has no such function.
        """
        with self._lock:
            if self._module is None or self._watched is None or not self._watched.is_fresh():
                self._run()
            function = getattr(self._module, name, None)
        if not callable(function):
            raise HandlerError(f"{self.name} has no function {format_value(name)}")
        return function  # type: ignore[no-any-return]  # whatever the user wrote

    def look_for(self, name: str) -> None:
        """Look whether the file has a function, without running it; a name that is there at all will do.

        Raises `HandlerError` if it cannot be parsed or has no such name.
        """
        _, content = read_watched(self.path, self.name)
        if not isinstance(content, bytes):
            raise HandlerError(str(content))
        try:
            tree = ast.parse(content)
        except (SyntaxError, ValueError) as e:
            raise HandlerError(self.explain(e)) from e
        if _ANY_NAME not in (names := set(_names_in(tree))) and name not in names:
            raise HandlerError(f"{self.name} has no function {format_value(name)}")

    def _run(self) -> None:
        self._module = None
        self._watched, content = read_watched(self.path, self.name)
        if not isinstance(content, bytes):
            raise HandlerError(str(content))
        spec = importlib.util.spec_from_loader(f"fakebackend_handler_{abs(hash(self.path))}", None, origin=self.path)
        assert spec is not None  # there is always one without a loader
        module = importlib.util.module_from_spec(spec)
        module.__file__ = self.path
        sys.modules[module.__name__] = module  # dataclasses and pickle look a class's module up there
        try:
            exec(compile(content, self.path, "exec"), module.__dict__)  # noqa: S102  # running it is what it is for
        except BaseException as e:
            raise HandlerError(self.explain(e)) from e
        self._module = module

    def explain(self, error: BaseException) -> str:
        """Return what went wrong and where in this file."""
        if isinstance(error, SyntaxError):
            return f"{self.name}:{error.lineno}: {error.msg}"
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == self.path]
        line = f":{frames[-1].lineno}" if frames else ""
        return f"{self.name}{line}: {type(error).__name__}: {_text_of(error)}"


def _names_in(tree: ast.AST) -> Iterator[str]:
    """Yield what may be a name of a module: what it defines, assigns or imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            yield node.asname or node.name
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name):
            yield node.id


@dataclass(frozen=True, slots=True)
class HandlerSource:
    """A call of a function in a file; `to_answer` makes an answer of what it returns."""

    file: HandlerFile
    function: str
    to_answer: ToAnswer
    may_pass = True

    def resolve(self, context: RequestContext) -> "SourceResult | Awaitable[SourceResult]":
        """Return what the handler makes of the request, or None if that is what it returned.

        Raises `HandlerError` if it raises, or returns what is no answer.
        """
        with self._failing():
            result = self.file.function(self.function)(HandlerRequest(context))
            if inspect.isawaitable(result) or _is_cancelled():
                return self._awaited(result, context)
            return self.to_answer(result, context)

    def why_it_passes(self, context: RequestContext) -> None:
        """Return that nobody knows before it has been asked."""

    def summary(self) -> str:
        """Return which function answers."""
        return f" by {self.file.name}:{self.function}"

    async def _awaited(self, result: Any, context: RequestContext) -> SourceResult:
        with self._failing():
            try:
                value = await result if inspect.isawaitable(result) else result
            finally:
                cancelled = _is_cancelled()
                if cancelled:
                    await undo_cancellation()
            if cancelled:
                raise HandlerError(f"{self.file.name}: {self.function} has cancelled the task of its request")
            return self.to_answer(value, context)

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except HandlerError:
            raise
        except BaseException as e:  # whatever left the request hook would let the request out, or end mitmproxy
            raise HandlerError(self.file.explain(e)) from e


async def undo_cancellation() -> None:
    """Go on in a task that a handler has cancelled: it is the request's own, and somebody waits for an answer."""
    task = asyncio.current_task()
    assert task is not None  # only a task awaits
    while task.cancelling():
        task.uncancel()
    with suppress(asyncio.CancelledError):  # it may be still to come, at the next step
        await asyncio.sleep(0)


def _is_cancelled() -> bool:
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return False  # no event loop, so no task
    return task is not None and task.cancelling() > 0


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:
        return "its text cannot be had"


@cache
def _handler_file(path: str) -> HandlerFile:
    # One for all entries, so that the functions of a file share its variables, and saving the responses keeps them.
    return HandlerFile(path, os.path.basename(path))


def parse_handler_name(value: Any, folder: str, *, run: bool = True) -> tuple[HandlerFile, str]:
    """Return the file and function that `file.py:function` names; unless it is to `run`, the file is only parsed.

    Raises `ValidationError` if there is no such function.
    """
    path, colon, function = value.rpartition(":")
    if not colon or not function.isidentifier():
        raise ValidationError(
            f'$handler must be like "file.py:function" or a built-in handler, got {format_value(value)}'
        )
    file = _handler_file(os.path.abspath(os.path.join(folder, path)))
    try:
        if run:
            file.function(function)
        else:
            file.look_for(function)
    except HandlerError as e:
        raise ValidationError(f"$handler {format_value(value)}: {escape_control(str(e))}") from None
    return file, function
