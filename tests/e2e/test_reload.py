"""The responses file changes while clients ask."""

import itertools
import os
import select
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from mitmdump import Backend
from mitmdump import Launcher
from mitmdump import write_responses
from raw_http import connection
from raw_http import open_tunnel
from raw_http import read_response
from raw_http import request_of

NOT_USED = "is not used, the last good answers stay"


def _saying(value: object) -> dict[str, Any]:
    return {"GET": {"/value": value}}


@pytest.fixture(scope="module")
def shared(start_shared: Launcher) -> Backend:
    """Start one mitmdump for all tests that wait for nobody."""
    return start_shared(_saying("first"))


@pytest.fixture
def backend(shared: Backend) -> Backend:
    """Begin each test with a good file that has been read."""
    shared.write(_saying("first"))
    assert _asked(shared) == "first"
    return shared


def _asked(backend: Backend) -> Any:
    answer = backend.client().get("/value")
    assert answer.status_code == 200, answer.text
    return answer.json()


def _in_place(file: Path, value: object) -> None:
    write_responses(file, _saying(value))


def _by_rename(file: Path, value: object) -> None:
    new = file.with_suffix(".new")
    write_responses(new, _saying(value))
    new.replace(file)


def _older(file: Path, value: object) -> None:
    """Save a file that is older than the one before, as a checkout of another branch may."""
    past = file.stat().st_mtime_ns - 10**12
    _in_place(file, value)
    os.utime(file, ns=(past, past))


def _by_rename_with_the_same_time_and_size(file: Path, value: object) -> None:
    before = file.stat()
    new = file.with_suffix(".new")
    write_responses(new, _saying(value))
    os.utime(new, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert new.stat().st_size == before.st_size
    new.replace(file)


def _removed_and_made_anew(file: Path, value: object) -> None:
    file.unlink()
    _in_place(file, value)


@pytest.mark.parametrize(
    "save",
    [
        pytest.param(_in_place, id="in place"),
        pytest.param(_by_rename, id="by rename"),
        pytest.param(_older, id="older"),
        pytest.param(_by_rename_with_the_same_time_and_size, id="same time and size, by rename"),
        pytest.param(_removed_and_made_anew, id="removed and made anew"),
    ],
)
def test_first_request_after_a_save_sees_it(backend: Backend, save: Callable[[Path, object], None]) -> None:
    for value in ("other", "third"):
        save(backend.file, value)
        assert _asked(backend) == value


def test_same_size_and_time_while_young(backend: Backend) -> None:
    """Within the 50 ms in which a file's time is no proof, its bytes are compared."""
    client = backend.client()
    for one, other in itertools.islice(itertools.pairwise(itertools.cycle(["aaaaa", "bbbbb"])), 100):
        backend.write(_saying(one))
        status = backend.file.stat()
        assert client.get("/value").json() == one
        if time.time_ns() - status.st_mtime_ns > 45_000_000:
            continue  # it may have been read too late
        backend.write(_saying(other))
        os.utime(backend.file, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert client.get("/value").json() == other
        return
    pytest.skip("this machine never answers within 45 ms of a save")


def _removed(file: Path) -> None:
    file.unlink()


def _replaced_by_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _replaced_by_a_fifo(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _holding(content: str) -> Callable[[Path], None]:
    return lambda file: write_responses(file, content)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        pytest.param(_holding('{"GET": {"/value": "n'), "responses.json:1:20: ", id="half-written"),
        pytest.param(_holding(""), "the file is empty", id="empty"),
        pytest.param(_holding('{"GET": {"/value": {"$status": 99}}}'), "GET /value: $status must be", id="wrong"),
        pytest.param(_holding("[" * 100_000), "a responses file is an object", id="100,000 brackets"),
        pytest.param(_removed, "there is no such file", id="removed"),
        pytest.param(_replaced_by_a_folder, "is a folder", id="folder"),
        pytest.param(_replaced_by_a_fifo, "is no regular file", id="fifo"),
    ],
)
def test_last_good_answers_stay(backend: Backend, damage: Callable[[Path], None], reason: str) -> None:
    """A file that breaks is one error in the log, not one for each request, and the next save is tried again."""
    since = len(backend.output)
    damage(backend.file)
    try:
        assert [_asked(backend) for _ in range(3)] == ["first"] * 3
    finally:
        if backend.file.is_dir():
            backend.file.rmdir()
        else:
            backend.file.unlink(missing_ok=True)
        backend.write(_saying("mended"))
    assert _asked(backend) == "mended"
    log = backend.wait_for_log("(1 entry) again", since=since)
    assert log.count(NOT_USED) == 1
    assert reason in log


def test_one_error_for_each_change(backend: Backend) -> None:
    since = len(backend.output)
    for number in range(3):
        backend.write(f'{{"GET": {{"/value": {number}')
        assert [_asked(backend) for _ in range(2)] == ["first"] * 2
    backend.write(_saying("mended"))
    assert _asked(backend) == "mended"
    assert backend.wait_for_log("again", since=since).count(NOT_USED) == 3


def test_concurrent_requests_share_one_reading(backend: Backend) -> None:
    since = len(backend.output)
    backend.write(_many_entries("shared"))
    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(lambda _: _asked(backend), range(10))) == ["shared"] * 10
    backend.execute("responses.list")
    assert backend.output[since:].count("(5001 entries) again.") == 1


def _many_entries(value: str) -> dict[str, Any]:
    return {"GET": {"/value": value, **{f"/{i}": [i, str(i)] for i in range(5_000)}}}


def _slow_yaml(value: str) -> str:
    return f"GET:\n  /value: {value}\n" + "".join(f"  /{i}: [{i}, text]\n" for i in range(6_000))


def _open_tunnel(backend: Backend) -> None:
    with connection(backend.port) as connected:
        open_tunnel(connected, "elsewhere.invalid:443")


def test_reading_a_large_file_does_not_block(start: Launcher) -> None:
    """While YAML that takes a second or more is parsed, mitmproxy accepts and answers other connections."""
    backend = start("GET: {/value: first}\n", filename="responses.yaml")
    backend.write(_slow_yaml("second"))
    tunnels = 0
    with connection(backend.port) as asking:
        asking.sendall(request_of(b"/value"))
        while not select.select([asking], [], [], 0)[0]:
            _open_tunnel(backend)
            tunnels += 1
        assert read_response(asking).body == b'"second"'
    assert tunnels > 5


def test_save_during_a_reading(start: Launcher) -> None:
    """A request that finds a reading under way is not content with it if the file was saved since it began."""
    backend = start("GET: {/value: first}\n", filename="responses.yaml")
    backend.write(_slow_yaml("second"))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(_asked, backend)
        for _ in range(5):
            _open_tunnel(backend)
        backend.write("GET: {/value: third}\n")
        assert _asked(backend) == "third"
        assert waiting.result() in ("second", "third")


def test_responses_reload_command(backend: Backend) -> None:
    """The command reads the file without a request, and says what is wrong with it."""
    backend.write(_saying("commanded"))
    backend.execute("responses.reload")
    assert backend.execute("responses.list") == [f"GET /value ({backend.file.name}:3)"]
    backend.write("{")
    assert (
        backend.refusal("responses.reload") == "responses.json:1:2: expected a key in double quotes, the file ends here"
    )
    assert _asked(backend) == "commanded"


def test_switching_to_another_file(backend: Backend) -> None:
    """`responsesfile` may change while running; a file that is wrong is refused and the old one stays."""
    other = backend.folder / "other.json"
    write_responses(other, _saying("from the other file"))
    backend.execute(f"set responsesfile {other}")
    try:
        assert _asked(backend) == "from the other file"
        broken = backend.folder / "broken.json"
        write_responses(broken, '{"get": {}}')
        refusal = backend.refusal(f"set responsesfile {broken}")
        assert 'broken.json:1:2: unknown key "get", expected a method, did you mean "GET"?' in refusal
        assert "there is no such file" in backend.refusal(f"set responsesfile {backend.folder / 'missing.json'}")
        assert _asked(backend) == "from the other file"
        _in_place(other, "saved while in use")
        assert _asked(backend) == "saved while in use"
    finally:
        backend.execute(f"set responsesfile {backend.file}")
    assert _asked(backend) == "first"


class _Asking:
    """Clients that ask without pause, each over one connection, and note what was not as it should be."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.begun = self.saved = -1
        self.answers = 0
        self.faults: list[str] = []
        self.stopped = threading.Event()

    def ask(self, _: int) -> None:
        with closing(HTTPConnection("127.0.0.1", self._port, timeout=60)) as client:
            while not self.stopped.is_set():
                begun, saved = self.begun, self.saved
                value = _value(client)
                self.answers += 1
                # A save in place that begins meanwhile may be met half-written, which leaves what was read before it.
                if not isinstance(value, int) or (begun == self.begun and value < saved):
                    self.faults.append(f"asked after save {saved}, got {value!r}")


def _value(client: HTTPConnection) -> object:
    client.request("GET", "/value")
    response = client.getresponse()
    content = response.read()
    return int(content) if response.status == 200 else (response.status, content)


def test_saves_under_load(start: Launcher) -> None:
    """200 saves while 20 keep-alive clients ask: no request fails, none that begins after a save sees less than it."""
    backend = start(_saying(-1), options={"flow_detail": "0"})
    asking = _Asking(backend.port)
    with ThreadPoolExecutor(20) as pool, closing(HTTPConnection("127.0.0.1", backend.port, timeout=60)) as client:
        clients = [pool.submit(asking.ask, number) for number in range(20)]
        try:
            for number in range(200):
                asking.begun = number
                (_in_place if number % 2 else _by_rename)(backend.file, number)
                asking.saved = number
                assert _value(client) == number
        finally:
            asking.stopped.set()
        for each in clients:
            each.result()
    assert asking.faults == []
    assert asking.answers > 200
