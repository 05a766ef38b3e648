import asyncio

from fakebackend.proxy.client_disconnects import ClientDisconnects


async def begun(room: ClientDisconnects, *clients: str, seconds: float | None = None) -> list[asyncio.Task[bool]]:
    before = len(room)
    tasks = [asyncio.create_task(room.wait(client, seconds)) for client in clients]
    while len(room) < before + len(tasks):  # the loop's next step is all that is waited for
        await asyncio.sleep(0)
    return tasks


async def test_who_waits_for_a_while_goes_on_after_it() -> None:
    room = ClientDisconnects()
    assert await room.wait("ann", 0.001)
    assert len(room) == 0


async def test_who_waits_for_ever_goes_when_the_client_leaves_and_others_stay() -> None:
    room = ClientDisconnects()
    ann, also_ann, bob = await begun(room, "ann", "ann", "bob")
    room.cancel("ann")
    assert (await ann, await also_ann) == (False, False)
    assert (bob.done(), len(room)) == (False, 1)
    room.cancel_all()
    assert not await bob
    assert len(room) == 0


async def test_all_go_at_the_end() -> None:
    room = ClientDisconnects()
    tasks = await begun(room, *(f"client {number}" for number in range(1000)), seconds=3600)
    room.cancel_all()
    assert await asyncio.gather(*tasks) == [False] * 1000
    assert len(room) == 0


async def test_a_client_that_nobody_waits_for_may_leave() -> None:
    room = ClientDisconnects()
    [bob] = await begun(room, "bob")
    room.cancel("ann")
    assert not bob.done()
    room.cancel("bob")
    assert not await bob


async def test_who_is_cancelled_leaves_no_trace() -> None:
    room = ClientDisconnects()
    first, second = await begun(room, "ann", "ann")
    first.cancel()
    await asyncio.wait([first])
    assert (first.cancelled(), len(room)) == (True, 1)
    second.cancel()
    await asyncio.wait([second])
    assert len(room) == 0
