"""The fixture `fakebackend` in runs of pytest of their own, and `FakeBackend` without pytest."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from process import wait_until

from fakebackend.testing import FakeBackend
from fakebackend.testing import server_process
from fakebackend.testing.control_client import ControlClient
from fakebackend.testing.server_process import ServerProcess

pytest_plugins = ["pytester"]

CALLS = """
import urllib.error
import urllib.request

import pytest


def call(url, data=None, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode()
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run pytest on a file of tests as somebody who has the plugin; in this process, so that its lines are counted."""
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")

    def run_tests(tests: str, *arguments: str, in_process: bool = True, **files: str) -> pytest.RunResult:
        for name, text in files.items():
            (pytester.path / f"{name}.yaml").write_text(text)
        pytester.makepyfile(test_front_end=CALLS + tests)
        runner = pytester.runpytest_inprocess if in_process else pytester.runpytest_subprocess
        return runner("-p", "no:cacheprovider", "-p", "no:anyio", *arguments)

    return run_tests


def failures_of(result: pytest.RunResult) -> list[str]:
    """Return the lines that say why tests have failed, without the port."""
    lines = [line[1:].rstrip() for line in result.outlines if line.startswith("E  ")]
    return [re.sub(r"127\.0\.0\.1:\d+", "HERE", line.strip()) for line in lines]


def test_data_files_and_answers_of_a_test(run: Any) -> None:
    tests = """
@pytest.mark.fakebackend({"GET /user": {"name": "Ann"}})
def test_data(fakebackend):
    assert call(fakebackend.url + "/user") == (200, '{"name": "Ann"}')
    assert not fakebackend.url.endswith("/")

@pytest.mark.fakebackend("file.yaml")
def test_file(fakebackend):
    assert call(fakebackend.url + "/user") == (200, '"of the file"')

def test_answers(fakebackend):
    fakebackend.respond("POST /login", {"$status": 201, "$body": {"token": "t1"}})
    assert call(fakebackend.url + "/login", b'{"user": "ann"}')[0] == 201
    [request] = fakebackend.requests("POST /login")
    assert (request.method, request.path, request.json, request.text) == (
        "POST", "/login", {"user": "ann"}, '{"user": "ann"}')
    assert (request.status, request.entry) == (201, "POST /login")

@pytest.mark.fakebackend({"GET /user": "of the marker"})
def test_an_answer_wins_over_the_marker(fakebackend):
    fakebackend.respond("GET /user", "of the test")
    assert call(fakebackend.url + "/user") == (200, '"of the test"')

@pytest.mark.fakebackend({"GET /user": "of the marker"})
def test_nothing_is_left_of_the_test_before(fakebackend):
    assert call(fakebackend.url + "/user") == (200, '"of the marker"')
    assert len(fakebackend.requests()) == 1

@pytest.mark.fakebackend(allow_unmatched=True)
def test_no_answers(fakebackend):
    assert call(fakebackend.url + "/user")[0] == 404

class TestOfAClass:
    pytestmark = pytest.mark.fakebackend({"GET /user": "of the class"})

    def test_it(self, fakebackend):
        assert call(fakebackend.url + "/user") == (200, '"of the class"')

    @pytest.mark.fakebackend(allow_unmatched=True)
    def test_it_and_more(self, fakebackend):
        assert call(fakebackend.url + "/user")[0] == 200
        assert call(fakebackend.url + "/more")[0] == 404
"""
    result = run(tests, "--strict-markers", "-W", "error", in_process=False, file="GET /user: of the file\n")
    result.assert_outcomes(passed=8)


FAILING = """
@pytest.mark.fakebackend({"GET /user": 1, "POST /login": 1})
def test_called(fakebackend):
    call(fakebackend.url + "/user")
    call(fakebackend.url + "/login", b'{"user": "bob"}')
    fakebackend.assert_called("POST /login", times=1, json={"user": "ann"})

@pytest.mark.fakebackend({"GET /user": 1})
def test_often(fakebackend):
    call(fakebackend.url + "/user")
    call(fakebackend.url + "/user?a=1")
    fakebackend.assert_called("GET /user")
    fakebackend.assert_called("GET /user", times=1)

def test_never(fakebackend):
    fakebackend.assert_called("GET /user")

@pytest.mark.fakebackend({"GET /user": 1})
def test_unmatched(fakebackend):
    fakebackend.respond("GET /users", [])
    call(fakebackend.url + "/usr")
    call(fakebackend.url + "/userss")
    call(fakebackend.url + "/userss")
    call(fakebackend.url + "/favicon.ico")

@pytest.mark.fakebackend({"GET /user": {"$stauts": 404, "$body": 1}})
def test_wrong(fakebackend):
    pass

def test_wrong_answer(fakebackend):
    fakebackend.respond("GET /user", {"$stauts": 404, "$body": 1})

def test_wrong_key(fakebackend):
    fakebackend.assert_called("/user")
"""


def test_a_failure_says_what_was_expected_and_what_came_nearest(run: Any) -> None:
    result = run(FAILING)
    result.assert_outcomes(failed=6, errors=1)
    wrong = 'GET /user: unknown key "$stauts" in a definition, did you mean "$status"? '
    wrong += 'Plain data is wrapped: {"$body": {"$stauts": …}}'
    assert failures_of(result) == [
        'AssertionError: POST /login with json {"user": "ann"}: expected 1 call, got 0',
        'nearest request: POST http://HERE/login, json {"user": "bob"}',
        "$when.json.user is 'bob', expected 'ann'",
        "AssertionError: GET /user: expected 1 call, got 2",
        "GET http://HERE/user was answered 200",
        "GET http://HERE/user?a=1 was answered 200",
        "AssertionError: GET /user: expected at least 1 call, got 0",
        "there was no request",
        f"ValueError: POST entries:1:16: {wrong}",
        'ValueError: expected a call like "GET /user", got "/user"',
    ]
    unmatched = [
        "3 requests without an entry",
        "  GET http://HERE/usr",
        "    nearest GET /user: path differs at segment 1: 'usr', did you mean 'user'?",
        "  GET http://HERE/userss (2 times)",
        "    nearest GET /users: path differs at segment 1: 'userss', did you mean 'users'?",
    ]
    output = re.sub(r"127\.0\.0\.1:\d+", "HERE", result.stdout.str())
    assert "\n".join(unmatched) in output
    assert f"the fixture fakebackend: responses4.json:3:5: {wrong}" in output
    assert "fakebackend/testing" not in output


def test_a_test_that_fails_by_itself_is_shown_with_its_unmatched_requests(run: Any) -> None:
    tests = """
def test_it(fakebackend):
    assert call(fakebackend.url + "/user")[0] == 200

@pytest.mark.fakebackend({"GET /user": {"$template": True, "$body": "{{ json.x }}"}})
def test_error(fakebackend):
    assert call(fakebackend.url + "/user")[0] == 200

def test_by_itself(fakebackend):
    assert False

def test_without():
    assert False
"""
    result = run(tests)
    result.assert_outcomes(failed=4)
    section = "*- Captured fakebackend call -*"
    error = "error: *GET /user: in *the request's body is no JSON (1 time)"
    lines = [section, "1 request without an entry", "  GET http://*/user", section, error]
    result.stdout.fnmatch_lines(lines)


def test_what_is_odd_about_entries_is_a_warning(backend: FakeBackend, client: httpx.Client) -> None:
    with pytest.warns(UserWarning, match=r"\$statu"):
        backend.respond("GET /user", {"$statu": 503})
    with pytest.warns(UserWarning, match="did you mean"):
        backend.serve({"GTE /user": 1})
    with pytest.raises(TypeError, match="an object of names and values"):
        backend.state = [1]  # type: ignore[assignment]
    backend.serve({})
    assert backend.troubles() == ""


MARKERS = """
@pytest.mark.fakebackend(data_or_file={"GET /user": 1})
def test_by_its_name(fakebackend):
    assert call(fakebackend.url + "/user")[0] == 200

@pytest.mark.fakebackend({"GET /user": 1}, allow_unmached=True)
def test_misspelt(fakebackend):
    pass

@pytest.mark.fakebackend({"GET /user": 1}, {"GET /users": 1})
def test_two(fakebackend):
    pass

@pytest.mark.fakebackend([1])
def test_list(fakebackend):
    pass

@pytest.mark.fakebackend({"GET /user": {1}})
def test_set(fakebackend):
    pass
"""


def test_a_marker_that_is_wrong_is_told(run: Any) -> None:
    result = run(MARKERS)
    result.assert_outcomes(passed=1, errors=4)
    output = result.stdout.str()
    for said in ("'allow_unmached'", "positional argument", "got [1]", "Object of type set is not JSON"):
        assert said in output
    assert "fakebackend/testing" not in output


FIXTURES = """
@pytest.fixture
def logged_in(fakebackend):
    yield
    call(fakebackend.url + "/logout")

def test_as_it_ends(logged_in):
    pass

def test_asked_for_late(request):
    backend = request.getfixturevalue("fakebackend")
    call(backend.url + "/user")
"""


def test_requests_of_other_fixtures_count_as_well(run: Any) -> None:
    result = run(FIXTURES)
    result.assert_outcomes(passed=1, failed=1, errors=1)
    result.stdout.fnmatch_lines(["  GET http://*/logout", "  GET http://*/user"])


def test_workers_have_a_backend_each(run: Any) -> None:
    tests = """
@pytest.mark.parametrize("number", range(40))
def test_it(fakebackend, number):
    fakebackend.respond("GET /number", number)
    for _ in range(3):
        assert call(fakebackend.url + "/number") == (200, str(number))
    fakebackend.assert_called("GET /number", times=3)
"""
    run(tests, "-n", "2", in_process=False).assert_outcomes(passed=40)


def test_options_are_those_of_the_project(run: Any, pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        "import pytest\n\n@pytest.fixture(scope='session')\ndef fakebackend_options():\n"
        "    return {'responses_unmatched': 418, 'responses_saved_flows': True, 'http2': False}\n"
    )
    tests = """
@pytest.mark.fakebackend(allow_unmatched=True)
def test_it(fakebackend):
    assert call(fakebackend.url)[0] == 418
"""
    run(tests).assert_outcomes(passed=1)


def test_a_run_that_does_not_use_it_starts_nothing(run: Any) -> None:
    tests = """
def test_it():
    import sys
    assert not [name for name in sys.modules if name.startswith(("mitmproxy", "jinja2", "fakebackend.table"))]
"""
    run(tests, in_process=False).assert_outcomes(passed=1)


@pytest.fixture(scope="module")
def backend() -> Iterator[FakeBackend]:
    with FakeBackend({"GET /user": {"name": "Ann"}}) as running:
        yield running


@pytest.fixture
def client(backend: FakeBackend) -> Iterator[httpx.Client]:
    backend.serve({"GET /user": {"name": "Ann"}, "GET https://api.example.com/rates": {"EUR": 1}})
    with httpx.Client(base_url=backend.url, trust_env=False) as asking:
        yield asking


def test_through_the_proxy_it_answers_for_a_host_that_does_not_exist(
    backend: FakeBackend, client: httpx.Client
) -> None:
    import ssl

    trusting = ssl.create_default_context(cafile=backend.ca_file)
    with httpx.Client(proxy=backend.proxy_url, verify=trusting, trust_env=False) as proxied:
        assert proxied.get("https://api.example.com/rates").json() == {"EUR": 1}
    backend.assert_called("GET https://api.example.com/rates", times=1)
    backend.assert_called("GET //api.example.com/rates", times=1)
    backend.assert_called("GET /rates", times=1)
    with pytest.raises(AssertionError, match=r"is for https://other\.example\.com"):
        backend.assert_called("GET https://other.example.com/rates")


@pytest.mark.parametrize(
    ("key", "conditions", "count"),
    [
        pytest.param("GET /users/{id}", {}, 2, id="parameter"),
        pytest.param("GET /users/{id:int}", {}, 1, id="type"),
        pytest.param("* /users/7", {}, 2, id="any-method"),
        pytest.param("HEAD /users/7", {}, 1, id="head"),
        pytest.param("GET ~^/users", {}, 2, id="regex"),
        pytest.param("GET /users/7?a=1", {}, 1, id="query-in-the-key"),
        pytest.param("GET /users/7", {"query": {"a": "2"}}, 0, id="other-query"),
        pytest.param("POST /form", {"form": {"name": "Ä"}}, 1, id="form"),
        pytest.param("POST /form", {"text": {"$regex": "^name"}}, 1, id="text"),
        pytest.param("POST /form", {"headers": {"X-A": "1"}, "cookies": {"c": "d"}}, 1, id="headers"),
        pytest.param("POST /bytes", {}, 1, id="bytes"),
    ],
)
def test_calls_are_named_as_in_a_file(
    backend: FakeBackend, client: httpx.Client, key: str, conditions: dict[str, Any], count: int
) -> None:
    client.get("/users/7?a=1")
    client.head("/users/7")
    client.get("/users/x")
    client.post("/form", data={"name": "Ä"}, headers={"X-A": "1", "Cookie": "c=d"})
    client.post("/bytes", content=b"\xff\x00")
    backend.assert_called(key, times=count, **conditions)
    if not conditions:
        assert len(backend.requests(key)) == count


def test_a_request_is_shown_as_handlers_see_it(backend: FakeBackend, client: httpx.Client) -> None:
    client.post("/a%20b?x=1&x=2&y=", content='{"Ä": [1]}'.encode("utf-16"), headers={"Content-Type": "text/plain"})
    client.post("/large", content=b"x" * 70_000)
    client.post("/latin", content="Ä".encode("latin-1"), headers={"Content-Type": 'text/plain; charset="latin1"'})
    first, large, latin = backend.requests()
    assert (first.path, dict(first.query), first.query.getlist("x")) == ("/a b", {"x": "1", "y": ""}, ["1", "2"])
    assert (first.headers["content-TYPE"], first.json) == ("text/plain", {"Ä": [1]})
    assert (large.text, large.json, latin.text) == (None, None, "Ä")
    assert repr(latin) == f"<POST {backend.url}/latin → 404>"
    assert (latin.entry, (latin.explanation or "").partition(";")[0]) == (None, "no entry")


def test_a_request_is_seen_while_it_waits_for_its_answer(backend: FakeBackend, client: httpx.Client) -> None:
    backend.respond("POST /save", {"$delay": "1000s", "$body": 1})
    backend.respond("GET /hang", {"$fault": "hang"})
    for method, path in (("POST", "/save"), ("GET", "/hang")):
        with pytest.raises(httpx.ReadTimeout):
            client.request(method, path, timeout=0.3)
    backend.assert_called("POST /save", times=1)
    assert [(each.entry, each.status) for each in backend.requests()] == [("POST /save", None), ("GET /hang", None)]


def test_what_is_kept_no_longer_is_no_proof(backend: FakeBackend, client: httpx.Client) -> None:
    client.post("/danger")
    for _ in range(1_000):
        client.get("/user")
    with pytest.raises(AssertionError, match=r"only the last 1,000 requests are kept"):
        backend.assert_called("POST /danger", times=0)
    backend.assert_called("GET /user")


def test_a_body_that_is_too_long_to_be_kept_is_said_to_be_that(backend: FakeBackend, client: httpx.Client) -> None:
    client.post("/x", content=b"1" * 70_000, headers={"X-Long": "y" * 20_000})
    with pytest.raises(AssertionError, match=r"its body of 70,000 bytes is too long to be kept"):
        backend.assert_called("POST /x", json={"a": 1})
    backend.assert_called("POST /x", headers={"X-Long": "y" * 20_000})
    client.get("/x?" + "&".join(f"n{n}={n}" for n in range(500)))
    backend.assert_called("GET /x", query={"n499": 499})


def test_a_form_with_files_is_read_as_the_backend_reads_it(backend: FakeBackend, client: httpx.Client) -> None:
    client.post("/m", data={"k": "v"}, files={"f": ("a.txt", b"content", "text/plain")})
    backend.assert_called("POST /m", form={"k": "v"}, files={"f": {"name": "a.txt", "text": "content"}})


@pytest.mark.parametrize("times", ["1", 1.0, True])
def test_a_number_of_calls_is_a_whole_number(backend: FakeBackend, times: Any) -> None:
    with pytest.raises(TypeError, match="times is a whole number or None"):
        backend.assert_called("GET /user", times=times)


def test_it_can_be_started_again_but_not_twice_at_once(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    options = {"responses_report": str(report), "termlog_verbosity": "error", "responses_delay": None}
    backend = FakeBackend({"GET /user": 1}, options={**options, "responses_admin": "", "listen_port": 1})
    for _ in range(2):
        with backend:
            assert httpx.get(f"{backend.url}/user", trust_env=False).json() == 1
            with pytest.raises(RuntimeError, match="runs already"):
                backend.start()
            backend.respond("GET /a", "é" * 400_000)
        assert report.exists()
        report.unlink()
    with pytest.raises(TypeError, match="set"):
        FakeBackend({"GET /user": {1}}).start()


def test_state_can_be_seen_and_set(backend: FakeBackend, client: httpx.Client) -> None:
    backend.serve({"$state": {"n": 1}, "GET /n": {"$template": True, "$body": "{{ state.n }}"}})
    assert backend.state == {"n": 1}
    backend.state = {"n": 2}
    assert client.get("/n").json() == 2
    backend.reset()
    assert backend.state == {"n": 1}


def test_what_is_wrong_changes_nothing(backend: FakeBackend, client: httpx.Client, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no such file"):
        backend.serve(tmp_path / "gone.json")
    with pytest.raises(ValueError, match="unknown condition"):
        backend.assert_called("GET /user", bodies=1)
    assert client.get("/user").json() == {"name": "Ann"}
    backend.assert_no_unmatched()


def test_threads_may_use_it_at_once(backend: FakeBackend, client: httpx.Client) -> None:
    failures = []

    def use(number: int) -> None:
        try:
            for n in range(20):
                backend.respond(f"GET /{number}/{n}", n)
                assert client.get(f"/{number}/{n}").json() == n
                backend.assert_called(f"GET /{number}/{n}", times=1)
        except Exception as e:
            failures.append(e)

    threads = [threading.Thread(target=use, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_a_start_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="unknown key") as raised, FakeBackend({"get": {}}):
        pass
    assert "did you mean" in str(raised.value)
    with pytest.raises(RuntimeError, match="does not run"):
        FakeBackend().url  # noqa: B018  # it is asked for to fail


def test_a_start_that_never_listens_says_why() -> None:
    with pytest.raises(RuntimeError, match=r"did not start:\n.*nonsense"):
        FakeBackend(options={"mode": ["nonsense"]}).start()


def test_a_start_that_is_given_up_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = []

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    def stop(process: ServerProcess) -> int:
        stopped.append(process)
        return real_stop(process)

    real_stop = ServerProcess.stop
    monkeypatch.setattr(ServerProcess, "stop", stop)
    monkeypatch.setattr(ControlClient, "call", interrupted)
    with pytest.raises(KeyboardInterrupt):
        FakeBackend().start()
    assert len(stopped) == 1


def test_one_that_does_not_end_when_asked_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = FakeBackend()
    backend.start()
    assert "Answering from" in backend.output
    monkeypatch.setattr(server_process, "_PATIENCE", 0)
    assert backend.stop() == -signal.SIGKILL


def test_of_very_many_requests_without_an_entry_a_few_are_told(backend: FakeBackend, client: httpx.Client) -> None:
    for number in range(25):
        client.get(f"/nothing/{number}")
    with pytest.raises(AssertionError, match=r"25 requests without an entry(.|\n)*and 5 more requests$"):
        backend.assert_no_unmatched()


def test_its_exit_status_is_that_of_the_run() -> None:
    backend = FakeBackend({"GET /user": 1}, options={"responses_fail_on": "unused"})
    backend.start()
    assert backend.stop() == 1
    assert "RuntimeError" not in backend.__dict__


def test_it_ends_when_the_one_that_has_started_it_is_killed(tmp_path: Path) -> None:
    script = (
        "import time\nfrom fakebackend.testing import FakeBackend\n"
        "with FakeBackend({'GET /user': 1}) as backend:\n    print(backend.url, flush=True)\n    time.sleep(600)\n"
    )
    root = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONPATH": root, "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        url = process.stdout.readline().decode().strip()
        assert httpx.get(f"{url}/user", trust_env=False).json() == 1
        process.send_signal(signal.SIGKILL)

    def is_gone() -> bool:
        try:
            httpx.get(f"{url}/user", trust_env=False)
        except httpx.HTTPError:
            return True
        return False

    wait_until(is_gone, "the end of the backend")
