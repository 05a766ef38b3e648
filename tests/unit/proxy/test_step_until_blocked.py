import asyncio

import pytest

from fakebackend.proxy.step_until_blocked import step_until_blocked


async def test_what_never_waits_is_done_at_once() -> None:
    done = []

    async def work() -> None:
        done.append(1)

    assert step_until_blocked(work()) is None
    assert done == [1]


async def test_what_waits_has_begun_and_goes_on_where_it_is_awaited() -> None:
    steps, first, second = [], asyncio.Event(), asyncio.Event()

    async def work() -> None:
        steps.append("begun")
        await first.wait()
        steps.append("first")
        await second.wait()
        steps.append("second")

    rest = step_until_blocked(work())
    assert rest is not None
    assert steps == ["begun"]
    first.set()
    second.set()
    await rest
    assert steps == ["begun", "first", "second"]


async def test_an_error_comes_where_the_work_is_at() -> None:
    async def work(event: asyncio.Event | None) -> None:
        if event:
            await event.wait()
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        step_until_blocked(work(None))
    event = asyncio.Event()
    rest = step_until_blocked(work(event))
    assert rest is not None
    event.set()
    with pytest.raises(ValueError, match="wrong"):
        await rest


async def test_a_cancellation_reaches_the_work() -> None:
    seen, begun = [], asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    async def awaits() -> None:
        rest = step_until_blocked(work())
        assert rest is not None
        begun.set()
        await rest

    task = asyncio.create_task(awaits())
    await begun.wait()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert seen == ["cancelled"]


async def test_work_that_is_given_up_is_cleaned_up() -> None:
    seen = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            seen.append("cleaned up")

    rest = step_until_blocked(work())
    assert rest is not None
    rest.close()
    assert seen == ["cleaned up"]
