"""What is remembered between requests, over several connections, reloads and resets."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from mitmdump import Backend
from mitmdump import Launcher

RESPONSES: dict[str, Any] = {
    "$state": {"todos": [{"id": 1}], "mode": "open", "n": 0},
    "GET": {
        "/todos": {"$template": True, "$body": "{{ state.todos }}"},
        "/last": {"$sequence": [{"$status": 503}, {"$status": 503}, {"ok": True}]},
        "/cycle": {"$repeat": "cycle", "$sequence": ["red", "green"]},
        "/stop": {"$repeat": "stop", "$sequence": ["once"]},
        "/{rest}": "the next entry",
        "/guarded": {"$when": {"query": {"go": "1"}}, "$sequence": [1, 2, 3]},
        "/nested": {"$repeat": "cycle", "$sequence": ["a", {"$repeat": "cycle", "$sequence": ["b", "c"]}]},
        "/defaults": {"$status": 202, "$headers": {"X-A": "1"}, "$sequence": ["a", {"$status": 418, "$text": "b"}]},
        "/door": {
            "$cases": [
                {"$when": {"state": {"mode": "open"}}, "$body": "open"},
                {"$when": {"state": {"mode": {"$exists": False}}}, "$body": "unknown"},
                "closed",
            ]
        },
        "/count": {"$template": True, "$set": {"n": "{{ state.n + 1 }}"}, "$body": {"n": "{{ state.n }}"}},
        "/steps": {"$template": True, "$set": {"a": 1, "b": "{{ state.a + 1 }}"}, "$body": "{{ [state.a, state.b] }}"},
        "/now": {"$template": True, "$set": {"now": "{{ now() }}"}, "$body": "{{ state.now }}"},
        "/was-now": {"$when": {"state": {"now": {"$regex": "^2.*Z|[+]00:00$"}}}, "$body": "text"},
        "/clear": {"$set": {"list": []}, "$status": 204},
        "/append": {"$handler": "append.py:append"},
        "/failing": {"$template": True, "$set": {"n": 1000}, "$body": "{{ query.missing }}"},
    },
    "POST": {
        "/todos": {
            "$template": True,
            "$status": 201,
            "$set": {"todos": "{{ state.todos + [json] }}"},
            "$body": "{{ json }}",
        },
        "/door": {"$template": True, "$set": {"mode": "{{ json }}"}},
    },
}


@pytest.fixture(scope="module")
def shared(start_shared: Launcher) -> Backend:
    """Start one mitmdump for all tests."""
    backend = start_shared({})
    (backend.folder / "append.py").write_text(
        "def append(r):\n    r.state['list'].append(1)\n    return r.state['list']\n"
    )
    return backend


@pytest.fixture
def backend(shared: Backend) -> Backend:
    """Begin each test at the start, with the file as it was."""
    shared.write(RESPONSES)
    shared.execute("responses.reload")
    shared.execute("responses.reset")
    return shared


def _state(backend: Backend) -> Any:
    return json.loads(backend.execute("responses.state"))


def test_what_is_posted_is_there(backend: Backend) -> None:
    """POST, then GET shows it, whatever the client, and a reset forgets it."""
    todo = {"title": "buy milk", "done": None, "n": 10**20}
    answer = backend.client().post("/todos", json=todo)
    assert (answer.status_code, answer.json()) == (201, todo)
    assert backend.client(scheme="https", http2=True).get("/todos").json() == [{"id": 1}, todo]
    assert _state(backend)["todos"] == [{"id": 1}, todo]
    backend.execute("responses.reset")
    assert backend.client().get("/todos").json() == [{"id": 1}]


def test_no_post_is_lost(backend: Backend) -> None:
    """Of 100 posts by ten clients at the same time, every one is kept."""
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda number: backend.client().post("/todos", json=number), range(100)))
    assert sorted(backend.client().get("/todos").json()[1:]) == list(range(100))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("/last", [503, 503, 200, 200], id="last"),
        pytest.param("/defaults", [202, 418, 418], id="defaults"),
    ],
)
def test_status_in_turn(backend: Backend, path: str, expected: list[int]) -> None:
    answers = [backend.client().get(path) for _ in expected]
    assert [answer.status_code for answer in answers] == expected
    if path == "/defaults":
        assert [answer.headers["X-A"] for answer in answers] == ["1"] * 3


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("/cycle", ["red", "green", "red", "green", "red"], id="cycle"),
        pytest.param("/stop", ["once", "the next entry", "the next entry"], id="stop"),
        pytest.param("/nested", ["a", "b", "a", "c", "a", "b"], id="nested"),
        pytest.param("/count", [{"n": 1}, {"n": 2}, {"n": 3}], id="state is set before the body is made"),
        pytest.param("/steps", [[1, 2], [1, 2]], id="each $set sees those before it"),
    ],
)
def test_in_turn(backend: Backend, path: str, expected: list[Any]) -> None:
    client = backend.client()
    assert [client.get(path).json() for _ in expected] == expected
    backend.execute("responses.reset")
    assert client.get(path).json() == expected[0]


def test_a_sequence_moves_on_only_when_it_answers(backend: Backend) -> None:
    client = backend.client()
    asked = ["/guarded?go=1", "/guarded", "/guarded?go=1", "/guarded", "/guarded?go=1"]
    assert [client.get(path).json() for path in asked] == [1, "the next entry", 2, "the next entry", 3]


def test_each_item_is_given_once(backend: Backend) -> None:
    """Clients that ask at the same time share one sequence."""
    backend.write({"GET": {"/ticket": {"$sequence": list(range(60))}}})
    with ThreadPoolExecutor(10) as pool:
        tickets = list(pool.map(lambda _: backend.client().get("/ticket").json(), range(60)))
    assert sorted(tickets) == list(range(60))


def test_conditions_on_state(backend: Backend) -> None:
    client = backend.client()
    assert client.get("/door").json() == "open"
    client.post("/door", json="shut")
    assert client.get("/door").json() == "closed"
    assert _state(backend)["mode"] == "shut"


def test_a_failure_sets_nothing(backend: Backend) -> None:
    assert backend.client().get("/failing").status_code == 500
    assert _state(backend)["n"] == 0


def _changed(**entries: Any) -> dict[str, Any]:
    return {**RESPONSES, "GET": {**RESPONSES["GET"], **entries}}


def test_a_save_keeps_what_is_remembered(backend: Backend) -> None:
    """Where the entry is the same; a changed sequence begins anew."""
    client = backend.client()
    assert [client.get(path).json() for path in ("/cycle", "/guarded?go=1", "/count")] == ["red", 1, {"n": 1}]
    backend.write(_changed(**{"/new": 1, "/guarded": {"$sequence": ["x", "y"]}}))
    assert client.get("/new").json() == 1
    assert [client.get(path).json() for path in ("/cycle", "/guarded?go=1", "/count")] == ["green", "x", {"n": 2}]


def test_a_changed_start_value_starts_anew(backend: Backend) -> None:
    client = backend.client()
    client.get("/count")
    client.post("/todos", json=2)
    backend.write({**RESPONSES, "$state": {**RESPONSES["$state"], "todos": []}})
    assert client.get("/todos").json() == []
    assert client.get("/count").json() == {"n": 2}


def test_a_broken_save_changes_nothing(backend: Backend) -> None:
    client = backend.client()
    assert client.get("/cycle").json() == "red"
    backend.write("{")
    assert client.get("/cycle").json() == "green"
    backend.write(RESPONSES)
    assert client.get("/cycle").json() == "red"


def test_what_is_set_is_json(backend: Backend) -> None:
    """A date is text in conditions, and a handler that changes a list does not change the file's."""
    client = backend.client()
    assert client.get("/now").json() == _state(backend)["now"]
    assert client.get("/was-now").json() == "text"
    for _ in range(2):
        client.get("/clear")
        assert [client.get("/append").json() for _ in range(2)] == [[1], [1, 1]]
