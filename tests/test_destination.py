import pytest

from fakebackend.destination import has_no_destination
from tests.conftest import http_flow


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST.", "api.localhost", "::1", "0.0.0.0"]
)
def test_a_request_sent_to_the_proxy_itself_has_no_destination(host: str) -> None:
    assert has_no_destination(http_flow(host=host, port=8080))


def test_the_address_that_the_client_reached_is_the_proxy_too() -> None:
    flow = http_flow(host="192.0.2.7", port=8080)
    flow.client_conn.sockname = ("192.0.2.7", 8080)
    assert has_no_destination(flow)


@pytest.mark.parametrize(
    ("host", "port", "mode"),
    [
        pytest.param("localhost", 8081, "regular", id="another-port"),
        pytest.param("api.example.com", 8080, "regular", id="another-host"),
        pytest.param("192.0.2.1", 8080, "regular", id="another-address"),
        pytest.param("notlocalhost", 8080, "regular", id="a-name-that-ends-alike"),
        pytest.param("localhost", 8080, "reverse:http://localhost:8080", id="reverse"),
        pytest.param("localhost", 8080, "upstream:http://localhost:8080", id="upstream"),
    ],
)
def test_other_requests_have_a_destination(host: str, port: int, mode: str) -> None:
    assert not has_no_destination(http_flow(host=host, port=port, mode=mode))


def test_a_flow_without_an_address_of_ours_is_left_alone() -> None:
    flow = http_flow(host="localhost", port=8080)
    flow.client_conn.sockname = ()  # type: ignore[assignment]  # as in flows made by other addons
    assert not has_no_destination(flow)
