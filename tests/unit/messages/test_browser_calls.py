import pytest

from fakebackend.messages.browser_calls import is_browsers_own
from fakebackend.messages.request import Request


@pytest.mark.parametrize(
    ("method", "target", "own"),
    [
        ("GET", "/favicon.ico", True),
        ("GET", "/favicon.ico?v=2", True),
        ("GET", "/apple-touch-icon-precomposed.png", True),
        ("GET", "/.well-known/appspecific/com.chrome.devtools.json", True),
        ("POST", "/favicon.ico", False),
        ("GET", "/api/favicon.ico", False),
        ("GET", "/user", False),
    ],
)
def test_what_browsers_ask_for_by_themselves_is_known(method: str, target: str, own: bool) -> None:
    assert is_browsers_own(Request(method, target)) is own
