import pytest

from tests.conftest import invoke


class StandIn:
    """What stands in for waiting: it takes down what for, and ends as it is told."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, float]] = []
        self.error: BaseException | None = None

    def __call__(self, host: str, port: int, seconds: float) -> None:
        self.asked.append((host, port, seconds))
        if self.error is not None:
            raise self.error


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    stand_in = StandIn()
    monkeypatch.setattr("fakebackend.cli.wait.wait_until_accepting", stand_in)
    return stand_in


@pytest.mark.parametrize(
    ("arguments", "asked", "said"),
    [
        pytest.param([], ("localhost", 8080, 30), "localhost:8080", id="default"),
        pytest.param(["--timeout", "0.5"], ("localhost", 8080, 0.5), "localhost:8080", id="fraction"),
        pytest.param(["--timeout", "0"], ("localhost", 8080, 0), "localhost:8080", id="once"),
        pytest.param(["--host", "backend.test"], ("backend.test", 8080, 30), "backend.test:8080", id="name"),
        pytest.param(["--host", "127.0.0.1"], ("127.0.0.1", 8080, 30), "127.0.0.1:8080", id="ipv4"),
        pytest.param(["--host", "::1"], ("::1", 8080, 30), "[::1]:8080", id="ipv6"),
        pytest.param(["--host", "bücher.test"], ("bücher.test", 8080, 30), "bücher.test:8080", id="idna"),
    ],
)
def test_it_waits_and_says_so(waiting: StandIn, arguments: list[str], asked: tuple[str, int, float], said: str) -> None:
    result = invoke("wait", "--port", "8080", *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{said} accepts requests\n", "")
    assert waiting.asked == [asked]


@pytest.mark.parametrize(
    ("arguments", "after"),
    [
        pytest.param([], " after 30 s", id="default"),
        pytest.param(["--timeout", "1.5"], " after 1.5 s", id="fraction"),
        pytest.param(["--timeout", "0"], "", id="once"),
    ],
)
def test_when_the_time_is_over_a_line_says_why(waiting: StandIn, arguments: list[str], after: str) -> None:
    waiting.error = ConnectionRefusedError(111, "Connection refused")
    result = invoke("wait", "--port", "8080", *arguments)
    said = f"localhost:8080 accepts no requests{after}: connection refused\n"
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", said)


def test_control_characters_are_escaped(waiting: StandIn) -> None:
    waiting.error = OSError("the name a\x1b was not looked up in time")
    result = invoke("wait", "--port", "80", "--host", "a\x1b")
    assert result.stderr == ("a\\x1b:80 accepts no requests after 30 s: the name a\\x1b was not looked up in time\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "Missing option '-p' / '--port'", id="no-port"),
        pytest.param(["--port", "0"], "0 is not in the range 1<=x<=65535", id="port-0"),
        pytest.param(["--port", "65536"], "65536 is not in the range", id="large-port"),
        pytest.param(["--port", "http"], "'http' is not a valid integer", id="named-port"),
        pytest.param(["--port", "80", "--timeout", "-1"], "or 0 to try once, got -1", id="negative"),
        pytest.param(["--port", "80", "--timeout", "nan"], "expected seconds like 30 or 0.5", id="nan"),
        pytest.param(["--port", "80", "--timeout", "inf"], "--timeout: expected seconds", id="inf"),
        pytest.param(["--port", "80", "--timeout", "5s"], "'5s' is not a valid float", id="unit"),
        pytest.param(["--port", "80", "--host", ""], "--host: expected a name or an address", id="no-host"),
        pytest.param(["--port", "80", "--host", "http://a"], "got 'http://a'", id="url"),
        pytest.param(["--port", "80", "--host", "a/b"], "got 'a/b'", id="path"),
        pytest.param(["--port", "80", "--host", "a:80"], "got 'a:80'", id="host-and-port"),
        pytest.param(["--port", "80", "--host", "[::1]"], "got '[::1]'", id="brackets"),
        pytest.param(["--port", "80", "--host", "a b"], "got 'a b'", id="space"),
        pytest.param(["--port", "80", "--host", "a..b"], "got 'a..b'", id="empty-label"),
        pytest.param(["--port", "80", "--host", "a" * 64], "expected a name or an address", id="long-label"),
    ],
)
def test_what_cannot_be_waited_for_is_a_usage_error(waiting: StandIn, arguments: list[str], said: str) -> None:
    result = invoke("wait", *arguments)
    assert (result.exit_code, waiting.asked) == (2, [])
    assert said in " ".join(result.stderr.split())


def test_control_c_ends_it_quietly(waiting: StandIn) -> None:
    waiting.error = KeyboardInterrupt()
    result = invoke("wait", "--port", "8080")
    assert (result.exit_code, result.output.strip()) == (1, "Aborted!")
