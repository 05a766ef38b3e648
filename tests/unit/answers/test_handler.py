import asyncio
from collections.abc import Callable
from inspect import isawaitable
from pathlib import Path
from typing import Any
from typing import cast

import pytest

from fakebackend.answers.handler import HandlerError
from fakebackend.answers.handler import HandlerFile
from fakebackend.answers.handler import HandlerSource
from fakebackend.answers.handler import parse_handler_name
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.messages.canned_response import canned_response
from tests.answering import context_for

CODE = """
calls = 0

def path(request):
    global calls
    calls += 1
    return (request.path, calls)

async def late(request):
    return "late"

async def fails_late(request):
    raise ValueError("late")

def helper():
    raise KeyError("x")

def fails(request):
    helper()

def fails_elsewhere(request):
    import json
    json.loads("{")

def quits(request):
    raise SystemExit(3)

number = 7

async def cancels(request):
    import asyncio
    raise asyncio.CancelledError

async def waits(request):
    import asyncio
    await asyncio.Event().wait()
"""

Ask = Callable[[str], Any]


@pytest.fixture
def file(folder: Path) -> HandlerFile:
    (folder / "h.py").write_text(CODE)
    return HandlerFile(str(folder / "h.py"), "h.py")


def finish(value: Any, _: object) -> Any:
    return canned_response(200, str(value).encode())


def ask(file: HandlerFile, function: str) -> Any:
    return HandlerSource(file, function, finish).resolve(context_for(path="/a%20b"))


def test_a_function_gets_the_request_and_its_result_is_finished(file: HandlerFile) -> None:
    assert ask(file, "path").body == b"('/a b', 1)"


def test_a_file_is_run_once_as_long_as_it_does_not_change(file: HandlerFile) -> None:
    assert [ask(file, "path").body[-2:-1] for _ in range(3)] == [b"1", b"2", b"3"]


def test_a_changed_file_is_run_again(file: HandlerFile, folder: Path) -> None:
    ask(file, "path")
    (folder / "h.py").write_text("def path(request): return 'new'")
    assert ask(file, "path").body == b"new"


async def test_an_async_function_is_awaited(file: HandlerFile) -> None:
    waiting = ask(file, "late")
    assert isawaitable(waiting)
    assert (await waiting).body == b"late"


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        pytest.param("fails", "h.py:16: KeyError: 'x'", id="innermost-place-in-the-file"),
        pytest.param("fails_elsewhere", "h.py:23: JSONDecodeError: ", id="its-own-line-not-the-library's"),
        pytest.param("quits", "h.py:26: SystemExit: 3", id="exit"),
        pytest.param("number", 'h.py has no function "number"', id="no-function"),
        pytest.param("nothing", 'h.py has no function "nothing"', id="no-such-name"),
    ],
)
def test_what_a_handler_raises_has_its_place(file: HandlerFile, function: str, reason: str) -> None:
    with pytest.raises(HandlerError) as caught:
        ask(file, function)
    assert str(caught.value).startswith(reason)


async def test_what_an_async_handler_raises_has_its_place(file: HandlerFile) -> None:
    with pytest.raises(HandlerError, match=r"h.py:13: ValueError: late"):
        await ask(file, "fails_late")


async def test_a_handler_that_raises_what_cancels_a_task_fails_like_any_other(file: HandlerFile) -> None:
    with pytest.raises(HandlerError, match=r"h.py:32: CancelledError"):
        await ask(file, "cancels")


async def test_a_handler_whose_task_is_cancelled_fails_and_the_task_goes_on(file: HandlerFile) -> None:
    """It may have cancelled the task itself, and a request that left its hook without an answer would be let out."""
    task = asyncio.ensure_future(ask(file, "waits"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(HandlerError, match="CancelledError"):
        await task
    assert not task.cancelling()


async def called(source: HandlerSource) -> Any:
    """Return what a handler gives, at once or later."""
    result = source.resolve(context_for())
    return await result if isawaitable(result) else result


@pytest.mark.parametrize(
    "error",
    ["GeneratorExit()", "BaseException('b')", "BaseExceptionGroup('g', [KeyboardInterrupt()])", "StopAsyncIteration()"],
)
@pytest.mark.parametrize("kind", ["def", "async def"])
async def test_whatever_a_handler_raises_is_its_failure(folder: Path, error: str, kind: str) -> None:
    (folder / "any.py").write_text(f"{kind} f(request):\n    raise {error}\n")
    file = HandlerFile(str(folder / "any.py"), "any.py")
    with pytest.raises(HandlerError, match=r"any\.py:2: "):
        await called(HandlerSource(file, "f", lambda value, _: value))


async def test_a_handler_that_cancels_its_own_task_fails_and_nothing_else_does(folder: Path) -> None:
    (folder / "own.py").write_text(
        "import asyncio\nasync def f(request):\n    asyncio.current_task().cancel()\n    await asyncio.sleep(0)\n"
    )
    source = HandlerSource(HandlerFile(str(folder / "own.py"), "own.py"), "f", lambda value, _: value)
    for _ in range(2):
        with pytest.raises(HandlerError, match="CancelledError"):
            await called(source)
    await asyncio.sleep(0)


CANCELS = "import asyncio\n{kind} f(request):\n    asyncio.current_task().cancel()\n    return 1\n"


@pytest.mark.parametrize("kind", ["def", "async def"])
async def test_a_handler_that_cancels_its_own_task_and_returns_fails(folder: Path, kind: str) -> None:
    (folder / "own.py").write_text(CANCELS.format(kind=kind))
    source = HandlerSource(HandlerFile(str(folder / "own.py"), "own.py"), "f", lambda value, _: value)
    with pytest.raises(HandlerError, match=r"own\.py: f has cancelled the task of its request"):
        await called(source)
    await asyncio.sleep(0)  # nothing of it is left


def test_where_there_is_no_task_there_is_none_to_cancel(file: HandlerFile) -> None:
    with pytest.raises(HandlerError, match="KeyError"):
        ask(file, "fails")


ODD = """
import asyncio

class Mute(Exception):
    def __str__(self):
        raise SystemExit(3)

class Odd(dict):
    def __iter__(self):
        raise asyncio.CancelledError
    items = __iter__

def raises(request):
    raise Mute

def returns(request):
    return Odd(a=1)
"""


@pytest.mark.parametrize("function", ["raises", "returns"])
async def test_what_is_raised_when_it_is_looked_at_is_the_handlers_failure(folder: Path, function: str) -> None:
    (folder / "odd.py").write_text(ODD)
    file = HandlerFile(str(folder / "odd.py"), "odd.py")
    with pytest.raises(HandlerError, match=r"odd\.py:\d+: (Mute: its text cannot be had|CancelledError: )"):
        await called(HandlerSource(file, function, lambda value, _: cast(Any, dict(value.items()))))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        pytest.param("def f(:\n", "h.py:1: ", id="syntax"),
        pytest.param("\n1 / 0\n", "h.py:2: ZeroDivisionError: division by zero", id="raises"),
        pytest.param("raise SystemExit(1)", "h.py:1: SystemExit: 1", id="exit"),
        pytest.param("a = '\0'", "h.py", id="nul"),
    ],
)
def test_a_file_that_cannot_be_run_says_where_and_recovers(file: HandlerFile, code: str, reason: str) -> None:
    Path(file.path).write_text(code)
    for _ in range(2):
        with pytest.raises(HandlerError) as caught:
            ask(file, "path")
        assert str(caught.value).startswith(reason)
    Path(file.path).write_text(CODE)
    assert ask(file, "path").body == b"('/a b', 1)"


def test_a_missing_file_says_so(file: HandlerFile) -> None:
    Path(file.path).unlink()
    with pytest.raises(HandlerError, match=r"h.py: there is no such file"):
        ask(file, "path")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("h.py", '$handler must be like "file.py:function"', id="no-function"),
        pytest.param("h.py:a-b", '$handler must be like "file.py:function"', id="no-identifier"),
        pytest.param("nope.py:f", '$handler "nope.py:f": nope.py: there is no such file', id="no-file"),
        pytest.param("h.py:nope", '$handler "h.py:nope": h.py has no function "nope"', id="unknown-function"),
    ],
)
def test_a_wrong_name_is_refused_at_load(file: HandlerFile, folder: Path, name: str, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_handler_name(name, str(folder))
    assert str(caught.value).startswith(text)


def test_a_name_is_a_file_beside_the_responses_file_and_a_function(file: HandlerFile, folder: Path) -> None:
    found, function = parse_handler_name("../" + folder.name + "/h.py:late", str(folder))
    assert (found.path, function) == (str(folder / "h.py"), "late")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        pytest.param("def f(request): pass", None, id="function"),
        pytest.param("f = print", None, id="name"),
        pytest.param("from x import y as f", None, id="import-by-another-name"),
        pytest.param("from x import f", None, id="import"),
        pytest.param("from x import *", None, id="import-of-all"),
        pytest.param("from x import f as g", 'h.py has no function "f"', id="import-under-another-name"),
        pytest.param("def g(request): pass", 'h.py has no function "f"', id="no-such-function"),
        pytest.param("def f(:", "h.py:1: ", id="syntax"),
        pytest.param("a = '\0'", "h.py", id="nul"),
        pytest.param(None, "h.py: there is no such file", id="missing"),
    ],
)
def test_a_file_can_be_looked_at_without_running_it(folder: Path, code: str | None, error: str | None) -> None:
    if code is not None:
        (folder / "h.py").write_text(f"{code}\nimport pathlib\npathlib.Path('ran').touch()\n")
    if error is None:
        parse_handler_name("h.py:f", str(folder), run=False)
    else:
        with pytest.raises(ValidationError) as caught:
            parse_handler_name("h.py:f", str(folder), run=False)
        assert error in str(caught.value)
    assert not (folder / "ran").exists()
