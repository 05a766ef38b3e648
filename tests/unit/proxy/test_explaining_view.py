from collections.abc import Callable
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from mitmproxy import contentviews
from mitmproxy import http
from mitmproxy.test import tflow

from fakebackend.proxy.addon import DummyBackend
from fakebackend.proxy.explaining_view import NAME
from fakebackend.proxy.explaining_view import ExplainingView
from fakebackend.proxy.explaining_view import add_view
from fakebackend.proxy.explaining_view import remove_view
from tests.conftest import ask
from tests.conftest import http_flow


def explain(flow: http.HTTPFlow) -> Iterator[str]:
    """Explain a flow by its path, unless that is `/wrong`."""
    if flow.request.path == "/wrong":
        raise ValueError("no file")
    yield flow.request.path


def by_prettify(view: ExplainingView, flow: Any) -> str:
    """Return what mitmproxy 12 shows."""
    return view.prettify(b"", Mock(flow=flow))


def by_call(view: ExplainingView, flow: Any) -> str:
    """Return what mitmproxy 11 shows."""
    title, lines = view(b"data", flow=flow, content_type="text/plain")
    assert title == "Explained by fakebackend"
    return "\n".join(text for [(_, text)] in lines)


Show = Callable[[ExplainingView, Any], str]

both = pytest.mark.parametrize("show", [by_prettify, by_call])


@both
def test_it_says_what_happened_and_what_would_happen_now(show: Show) -> None:
    flow, other = http_flow(path="/a"), http_flow(path="/wrong")
    flow.comment = "GET /a (responses.json:1)"
    view = ExplainingView(explain)
    assert show(view, flow) == "at the time: GET /a (responses.json:1)\n\nasked now:\n/a"
    assert show(view, other) == "at the time: nothing is known of who answered\n\nasked now:\nno file"


@both
def test_what_it_cannot_explain_it_says(show: Show) -> None:
    view = ExplainingView(explain)
    assert show(view, None) == show(view, tflow.ttcpflow()) == "fakebackend answers HTTP requests only"
    view.forget()
    assert show(view, http_flow()) == "fakebackend is not loaded any more"


def test_it_is_never_chosen_by_itself_and_has_its_place_in_the_alphabet() -> None:
    view = ExplainingView(explain)
    assert view.render_priority(b"", Mock()) < 0
    assert view.render_priority(b"", content_type="a/b", flow=None) < 0
    others: list[Any] = [Named("z"), view, Named("a")]
    assert sorted(others)[1] is view


class Named:
    """Another view."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __lt__(self, other: Any) -> bool:
        return bool(self.name < other.name)


def views() -> list[Any]:
    """Return the views with our name that mitmproxy has, whichever version it is."""
    registry = getattr(contentviews, "registry", None)
    if registry is None:
        return [view for view in vars(contentviews)["views"] if view.name == NAME]
    return [registry[NAME]] if NAME in registry else []


def test_a_new_one_takes_the_place_of_the_old_one() -> None:
    for _ in range(2):
        view = add_view(explain)
        assert views() == [view]
    remove_view()
    assert views() == ([] if hasattr(contentviews, "views") else [view])


def test_where_views_can_be_taken_away_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    there: list[Any] = [ExplainingView(explain), Named("other")]
    monkeypatch.setattr(contentviews, "views", there, raising=False)
    monkeypatch.setattr(contentviews, "remove", there.remove, raising=False)
    remove_view()
    assert [view.name for view in there] == ["other"]


async def test_the_addon_adds_it_and_leaves_none_that_explains(backend: DummyBackend) -> None:
    flow = await ask(backend, http_flow())
    [view] = views()
    assert by_prettify(view, flow).splitlines() == [
        "at the time: GET /user (responses.json:1)",
        "",
        "asked now:",
        "GET http://api.example.com/user",
        "✓ GET /user (responses.json:1) answers 200",
    ]
    backend.done()
    assert by_prettify(view, flow) == "fakebackend is not loaded any more"
