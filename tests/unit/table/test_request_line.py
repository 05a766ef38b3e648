import pytest

from fakebackend.table.request_line import request_line
from tests.conftest import given


@pytest.mark.parametrize(
    ("request_of", "line"),
    [
        pytest.param("GET /a?b=1", "GET /a?b=1", id="asked-directly"),
        pytest.param("GET https://h/a?b=1", "GET https://h/a?b=1", id="host"),
        pytest.param("GET http://h:8080/a", "GET http://h:8080/a", id="port"),
        pytest.param("OPTIONS *", "OPTIONS *", id="asterisk"),
        pytest.param("GET /\x1b[31m", r"GET /\x1b[31m", id="control-bytes"),
        pytest.param("GET /" + "a" * 1_000, f"GET /{'a' * 195}... (1005 characters)", id="long"),
    ],
)
def test_a_request_is_named_with_its_host_if_it_has_one(request_of: str, line: str) -> None:
    assert request_line(given(request_of)) == line
