import asyncio

import pytest
from mitmproxy import connection
from mitmproxy.test import tflow

from fakebackend.proxy import client_disconnects
from fakebackend.proxy.client_disconnects import ClientDisconnects
from fakebackend.proxy.client_disconnects import ClientLeftError
from fakebackend.proxy.client_disconnects import TooManyWaitingError


def client(name: str, *, has_left: bool = False) -> connection.Client:
    """Return a client connection; one that has left is no longer open, and it is known since when."""
    made = tflow.tclient_conn()
    made.id = name
    made.timestamp_end = 1.0 if has_left else None
    made.state = connection.ConnectionState.CLOSED if has_left else connection.ConnectionState.OPEN
    return made


async def begun(room: ClientDisconnects, *clients: str, seconds: float | None = None) -> list[asyncio.Task[bool]]:
    before = len(room)
    tasks = [asyncio.create_task(room.wait(client(name), seconds)) for name in clients]
    while len(room) < before + len(tasks):  # the loop's next step is all that is waited for
        await asyncio.sleep(0)
    return tasks


async def test_who_waits_for_a_while_goes_on_after_it() -> None:
    room = ClientDisconnects()
    assert await room.wait(client("ann"), 0.001)
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


async def cancellable(room: ClientDisconnects, name: str) -> str:
    with room.cancelling(client(name)) as left:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "left" if left.is_set() else "cancelled"
    return "never"


async def test_what_runs_for_a_client_is_cancelled_when_it_leaves() -> None:
    room = ClientDisconnects()
    ann, bob = (asyncio.create_task(cancellable(room, name)) for name in ("ann", "bob"))
    await asyncio.sleep(0)
    assert len(room) == 2
    room.cancel("ann")
    bob.cancel()
    assert (await ann, await bob, len(room)) == ("left", "cancelled", 0)


async def test_a_connection_has_so_many_waiting_requests_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_disconnects, "MOST_WAITING", 2)
    room = ClientDisconnects()
    tasks = await begun(room, "ann", "ann", "bob")
    with pytest.raises(TooManyWaitingError, match="requests of this connection wait already"):
        await room.wait(client("ann"), 1)
    with pytest.raises(TooManyWaitingError), room.cancelling(client("ann")):
        pass
    room.cancel_all()
    assert await asyncio.gather(*tasks) == [False] * 3
    assert await room.wait(client("ann"), 0.001)


async def test_nobody_waits_for_a_client_that_has_left_before() -> None:
    room, gone = ClientDisconnects(), client("ann", has_left=True)
    assert not await room.wait(gone, None)
    with pytest.raises(ClientLeftError), room.cancelling(gone):
        pass
    assert len(room) == 0


async def test_the_client_of_a_replay_is_there_although_its_end_is_known() -> None:
    replayed = client("ann", has_left=True)
    replayed.state = connection.ConnectionState.OPEN
    assert await ClientDisconnects().wait(replayed, 0.001)
