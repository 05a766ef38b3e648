"""Whether somebody accepts requests at a port, found out without sending one."""

import queue
import socket
import threading
import time

from fakebackend.diagnostics.wording import reason_of

PAUSE = 0.1
"""Seconds between two tries."""

HELD = 0.2
"""Seconds for which a connection must stay open although nothing is sent."""

LONGEST = 2.0
"""Seconds after which an address that says nothing is left for the next one."""

ONE_TRY = 1.0
"""Seconds that the only try has where no time is given."""

_TIMES = 2

Address = tuple[socket.AddressFamily, tuple[str | int, ...] | tuple[int, bytes]]


def wait_until_accepting(host: str, port: int, seconds: float) -> None:
    """Return as soon as requests are accepted; raise the last try's `OSError` after so many seconds.

    No seconds are a single try.
    """
    end = time.monotonic() + (seconds or ONE_TRY)
    while True:
        try:
            return _try_once(host, port, end)
        except OSError as e:
            why = e
        left = end - time.monotonic() if seconds else 0
        if left <= PAUSE + _TIMES * HELD:  # another try could not succeed, and would fail for want of time alone
            time.sleep(max(0, left))
            raise why
        time.sleep(PAUSE)


def _try_once(host: str, port: int, end: float) -> None:
    """Return if one of the addresses of a host accepts requests, raise what is in the way on all of them."""
    addresses = _addresses(host, port, end)
    reasons: list[str] = []
    for index, address in enumerate(addresses):
        now = time.monotonic()
        own_end = now + min(LONGEST, (end - now) / (len(addresses) - index))
        try:
            for _ in range(_TIMES):
                _be_served(address, own_end)
        except OSError as e:
            reasons.append(reason_of(e))
        else:
            return
    raise OSError("; ".join(dict.fromkeys(reasons)))


def _be_served(address: Address, end: float) -> None:
    """Return if a connection is taken, held, and closed when we close our half, which is all that we say.

    Connecting alone proves little. mitmproxy listens before it has read the responses file, and ends if that is
    wrong; until then the operating system takes connections for it. A container's port is open before anybody listens
    in there, and closes each connection at once. Only a program at work closes its half because we have closed ours,
    and only one that goes on does so again on the next connection.
    """
    family, where = address
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(_left(end))
        connection.connect(where)
        if connection.getsockname() == connection.getpeername():
            # On one machine a connection may find itself where nobody listens.
            raise ConnectionRefusedError("connection refused")
        if not _is_silent(connection, min(HELD, _left(end))):
            raise ConnectionError("connections are not held open for a request")
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(_left(end))
        try:
            connection.recv(1)
        except TimeoutError:
            raise TimeoutError("connections are taken, but not served") from None


def _is_silent(connection: socket.socket, seconds: float) -> bool:
    """Tell whether the other side neither closes nor speaks for a time."""
    connection.settimeout(seconds)
    try:
        connection.recv(1)
    except TimeoutError:
        return True
    return False


def _left(end: float) -> float:
    """Return the seconds until then; none left is a timeout."""
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time was too short to tell")
    return left


def _addresses(host: str, port: int, end: float) -> list[Address]:
    """Return the addresses that a host has at the moment; asking for them may take no longer than there is time."""
    answer: queue.SimpleQueue[list[Address] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as e:
            answer.put(e)
        else:
            answer.put([(family, where) for family, _, _, _, where in found])

    # A look-up has no time limit of its own, and a thread that is no daemon would be waited for at the end.
    threading.Thread(target=ask, daemon=True).start()
    try:
        result = answer.get(timeout=max(0, end - time.monotonic()))
    except queue.Empty:
        raise TimeoutError(f"the name {host} was not looked up in time") from None
    if isinstance(result, OSError):
        raise result
    return result
