"""`jwt(claims)` in templates: a signed JSON Web Token (RFC 7519), by PyJWT, which is an extra."""

import json
import warnings
from collections.abc import Mapping
from typing import Any

from fakebackend.templating.limits import check_size
from fakebackend.templating.writing import written_json

SECRET = "fakebackend-secret-fakebackend-secret"  # noqa: S105  # for tests, and in the docs
"""What signs a token where the template names no other secret."""


def jwt(claims: Mapping[str, Any], secret: str = SECRET, algorithm: str = "HS256") -> str:
    """Return the token; dates among `exp`, `iat` and `nbf` are written as seconds, as the RFC has them.

    Raises `ValueError` for claims, a secret or an algorithm that make none.
    """
    from jwt import PyJWTError  # noqa: PLC0415  # an extra
    from jwt import encode  # noqa: PLC0415

    if not isinstance(claims, Mapping):
        raise ValueError("jwt takes an object of claims")
    check_size(claims)
    plain = {name: _seconds(value) for name, value in claims.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a short key is good enough for a test
        try:
            token: str = encode(json.loads(written_json(plain)), secret, algorithm)
            return token
        except (PyJWTError, TypeError, ValueError, NotImplementedError) as e:
            raise ValueError(f"jwt: {e}") from None


def _seconds(value: Any) -> Any:
    return int(value.timestamp()) if hasattr(value, "timestamp") else value
