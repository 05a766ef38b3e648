"""Request targets that no browser sends: each gets an HTTP answer, stays inside and leaves the log readable."""

import re
from collections.abc import Iterator

import pytest
from mitmdump import Backend
from mitmdump import Launcher
from raw_http import exchange
from raw_http import request_of
from real_server import RealServer
from real_server import serving

RESPONSES = {
    "GET": {
        "/": "root",
        "/a b": "space",
        "/a%2Fb": "one segment",
        "/a/b": "two segments",
        "/ü": "umlaut",
        "/100%": "stray",
        "/%00": "nul",
    }
}

TARGETS = [
    pytest.param(b"/%", id="lone percent"),
    pytest.param(b"/%zz", id="bad percent-encoding"),
    pytest.param(b"/%2", id="cut percent-encoding"),
    pytest.param(b"/%%%", id="percents"),
    pytest.param(b"/%ff%fe", id="encoded bytes that are no UTF-8"),
    pytest.param(b"/%ed%a0%80", id="encoded surrogate"),
    pytest.param(b"/%ed%b0%af", id="encoded surrogate that stands for a slash"),
    pytest.param(b"/\xff\xfe", id="bytes that are no UTF-8"),
    pytest.param(b"/\xed\xb0\xaf", id="bytes of a surrogate"),
    pytest.param("/ü/€".encode(), id="UTF-8"),
    pytest.param("/\u2028\u202e".encode(), id="line separator and direction override"),
    pytest.param(b"/%E2%80%A8%0d%0aGET%20/", id="encoded line ends"),
    pytest.param(b"/\x00", id="NUL"),
    pytest.param(b"/%00", id="encoded NUL"),
    pytest.param(b"/\x01\x02\x7f", id="control bytes"),
    pytest.param(b"/\xc2\x9b31m", id="C1 control"),
    pytest.param(b"/\x1b[31mred\x1b[0m", id="escape sequence"),
    pytest.param(b"/\x1b]0;title\x07", id="window title"),
    pytest.param(b"/%1b[31mred", id="encoded escape sequence"),
    pytest.param(b"/a\rb", id="carriage return"),
    pytest.param(b"/a\tb", id="tab"),
    pytest.param(b"/a b", id="space"),
    pytest.param(b"//", id="two slashes"),
    pytest.param(b"//evil.invalid/x", id="network path"),
    pytest.param(b"///////", id="slashes"),
    pytest.param(b"/..", id="dots"),
    pytest.param(b"/../../../etc/passwd", id="dot segments"),
    pytest.param(b"/%2e%2e/%2E/%2e.", id="encoded dot segments"),
    pytest.param(b"/..%2f..%2f", id="dots and encoded slashes"),
    pytest.param(b"/?", id="empty query"),
    pytest.param(b"/?%zz&=&&a=b=c\x1b", id="odd query"),
    pytest.param(b"/#fragment", id="fragment"),
    pytest.param(b"/{id}", id="braces"),
    pytest.param(b"/{0.__class__}%s%(x)s", id="format strings"),
    pytest.param(b"/\\..\\x", id="backslashes"),
    pytest.param(b"/;a=1;b", id="path parameters"),
    pytest.param(b"/" + b"a" * 65_000, id="64 KB"),
    pytest.param(b"/" + b"%2e%2e/" * 9_000, id="64 KB of dot segments"),
    pytest.param(b"/" * 65_000, id="64 KB of slashes"),
    pytest.param(b"/" + b"%" * 65_000, id="64 KB of percents"),
]

OTHER_FORMS = [
    pytest.param(b"*", id="asterisk"),
    pytest.param(b"", id="nothing"),
    pytest.param(b"foo", id="no slash"),
    pytest.param(b"?a", id="query only"),
    pytest.param(b"http:", id="scheme only"),
    pytest.param(b"http://", id="no host"),
    pytest.param(b"http:///x", id="empty host"),
    pytest.param(b"http://[::1/x", id="bad IPv6"),
    pytest.param(b"http://127.0.0.1:99999/x", id="bad port"),
    pytest.param(b"http://user:password@no-such-host.invalid/x", id="user"),
    pytest.param(b"http://\xff\xfe/x", id="host that is no UTF-8"),
    pytest.param("http://ü.invalid/x".encode(), id="host beyond ASCII"),
    pytest.param(b"http://a..b/x", id="empty label"),
    pytest.param(b"http://" + b"a" * 300 + b".invalid/x", id="long label"),
    pytest.param(b"ftp://no-such-host.invalid/x", id="other scheme"),
    pytest.param(b"file:///etc/passwd", id="file"),
]

_RAW = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\udc80-\udcff]")


@pytest.fixture(scope="module")
def real_server() -> Iterator[RealServer]:
    """Run a real server that nobody visits in all tests of this file."""
    with serving() as server:
        yield server
    assert server.connections == 0


@pytest.fixture(scope="module")
def shared(start_shared: Launcher, real_server: RealServer) -> Backend:
    """Start one mitmdump for all targets."""
    # mitmproxy's own line for each flow lets C1 controls through; with flow_detail=0 the log is the addon's.
    modes = ["regular", f"reverse:{real_server.url}"]
    return start_shared(RESPONSES, modes=modes, options={"flow_detail": "0"})


@pytest.fixture
def backend(shared: Backend, real_server: RealServer) -> Iterator[Backend]:
    """See that a test leaves a clean log, a living backend and an unvisited server."""
    since = len(shared.output)
    yield shared
    assert shared.client().get("/").json() == "root"
    shared.execute("responses.list")
    log = shared.output[since:]
    assert "Traceback" not in log
    assert [ascii(line) for line in log.split("\n") if _RAW.search(line)] == []
    assert real_server.connections == 0


def _host(server: RealServer) -> bytes:
    return b"127.0.0.1:%d" % server.port


@pytest.mark.parametrize("target", TARGETS)
def test_origin_form(backend: Backend, real_server: RealServer, target: bytes) -> None:
    answer = exchange(backend.port, request_of(target, host=_host(real_server)))
    assert answer.status in (200, 400, 404)
    assert answer.rest == b""


@pytest.mark.parametrize("target", TARGETS)
def test_absolute_form(backend: Backend, real_server: RealServer, target: bytes) -> None:
    host = _host(real_server)
    answer = exchange(backend.port, request_of(b"http://" + host + target, host=host))
    assert answer.status in (200, 400, 404)
    assert answer.rest == b""


@pytest.mark.parametrize("target", TARGETS)
def test_reverse(backend: Backend, real_server: RealServer, target: bytes) -> None:
    answer = exchange(backend.port_of(f"reverse:{real_server.url}"), request_of(target))
    assert answer.status in (200, 400, 404)
    assert answer.rest == b""


@pytest.mark.parametrize("target", OTHER_FORMS)
@pytest.mark.parametrize("method", [b"GET", b"OPTIONS"])
def test_other_form(backend: Backend, real_server: RealServer, method: bytes, target: bytes) -> None:
    answer = exchange(backend.port, request_of(target, method=method, host=_host(real_server)))
    assert answer.status in (400, 404)
    assert answer.rest == b""


@pytest.mark.parametrize(
    ("target", "body"),
    [
        pytest.param(b"/a%20b", b'"space"', id="decoded"),
        pytest.param(b"/a%2fb", b'"one segment"', id="encoded slash"),
        pytest.param(b"/a/b", b'"two segments"', id="slash"),
        pytest.param(b"/%C3%BC", b'"umlaut"', id="encoded UTF-8"),
        pytest.param("/ü".encode(), b'"umlaut"', id="bare UTF-8"),
        pytest.param(b"/100%", b'"stray"', id="stray percent"),
        pytest.param(b"/%00", b'"nul"', id="encoded NUL"),
        pytest.param(b"/../x/%2e%2e/a/./b", b'"two segments"', id="dot segments"),
        pytest.param(b"/..", b'"root"', id="above the root"),
    ],
)
def test_still_matches(backend: Backend, target: bytes, body: bytes) -> None:
    answer = exchange(backend.port, request_of(target))
    assert (answer.status, answer.body) == (200, body)


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(b"/%2e%2e%2fa%2fb", id="dots and slashes in one segment"),
        pytest.param(b"//a/b", id="two slashes"),
        pytest.param(b"/%fc", id="Latin-1"),
        pytest.param(b"/a%252Fb", id="encoded twice"),
        pytest.param(b"/a%ed%b0%afb", id="the bytes of what stands for a slash"),
    ],
)
def test_does_not_match(backend: Backend, target: bytes) -> None:
    assert exchange(backend.port, request_of(target)).status == 404


def test_header_of_an_odd_target_is_one_line_of_ascii(backend: Backend) -> None:
    answer = exchange(backend.port, request_of("/\x1b[31m\u2028ü".encode()))
    assert answer.status == 404
    assert re.fullmatch(r"[\x20-\x7e]+", answer.headers["x-fakebackend"])


def test_odd_target_is_escaped_in_the_log(backend: Backend) -> None:
    with backend.expect_log(r"GET http://localhost/\x1b[31mred\x07: no entry"):
        exchange(backend.port, request_of(b"/\x1b[31mred\x07"))
