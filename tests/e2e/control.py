"""Control over HTTP as tests use it, whatever the way in."""

from typing import Any

import httpx

TOKEN = "0123456789abcdefTOKEN"
OPTIONS = {"responses_admin": TOKEN}
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


def control(client: httpx.Client, method: str, name: str, data: Any = None) -> Any:
    """Return what a call returns that must be done."""
    response = client.request(method, f"/__fakebackend/{name}", json=data, headers=AUTHORIZED)
    assert response.status_code == 200, response.text
    return response.json()
