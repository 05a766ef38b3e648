import pytest

from fakebackend.proxy.destination import loops_back
from fakebackend.proxy.destination import origin_of
from tests.conftest import http_flow


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST.", "api.localhost", "::1", "0.0.0.0"]
)
def test_a_request_sent_to_the_proxy_itself_has_no_destination(host: str) -> None:
    assert loops_back(http_flow(host=host, port=8080))


def test_the_address_that_the_client_reached_is_the_proxy_too() -> None:
    flow = http_flow(host="192.0.2.7", port=8080)
    flow.client_conn.sockname = ("192.0.2.7", 8080)
    assert loops_back(flow)


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
    assert not loops_back(http_flow(host=host, port=port, mode=mode))


def test_a_flow_without_an_address_of_ours_is_left_alone() -> None:
    flow = http_flow(host="localhost", port=8080)
    flow.client_conn.sockname = ()  # type: ignore[assignment]  # as in flows made by other addons
    assert not loops_back(flow)


@pytest.mark.parametrize(
    ("mode", "server", "host_field", "origin"),
    [
        pytest.param("regular", None, "other.example", "http://api.example.com", id="the-target-is-more-than-host"),
        pytest.param("upstream:http://p:3128", None, "other.example", "http://api.example.com", id="upstream"),
        pytest.param("regular", ("192.0.2.1", 80), "Other.example", "http://other.example", id="behind-connect"),
        pytest.param("transparent", ("192.0.2.1", 80), "other.example", "http://other.example", id="transparent"),
        pytest.param("transparent", ("192.0.2.1", 80), None, "http://api.example.com", id="transparent-without-host"),
        pytest.param(
            "reverse:http://api.example.com",
            ("api.example.com", 80),
            "localhost:6000",
            "http://api.example.com",
            id="reverse",
        ),
    ],
)
def test_the_origin_is_that_of_the_target_else_of_host(
    mode: str, server: tuple[str, int] | None, host_field: str | None, origin: str
) -> None:
    flow = http_flow(mode=mode)
    flow.server_conn.address = server
    flow.request.headers.pop("Host", None)
    if host_field:
        flow.request.headers["Host"] = host_field
    assert str(origin_of(flow)) == origin


def test_a_request_to_the_proxy_itself_is_of_no_origin() -> None:
    assert origin_of(http_flow(host="localhost", port=8080)) is None


def test_the_port_belongs_to_the_origin() -> None:
    flow = http_flow(host="API.example.com", port=8443)
    flow.request.scheme = "https"
    flow.server_conn.address = None
    assert str(origin_of(flow)) == "https://api.example.com:8443"
