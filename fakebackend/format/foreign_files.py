"""Files of other tools, told by their shape: each is refused by its name, with what to write instead."""

import re
from collections.abc import Callable
from collections.abc import Container
from typing import Any
from typing import NamedTuple

from fakebackend.messages.methods import STANDARD_METHODS
from fakebackend.messages.methods import is_method

_NAME = re.compile(r"[\w-]+\Z")
_URL_STARTS = ("/", "~", "http://", "https://")


class ForeignFile(NamedTuple):
    """A kind of file: what it is called, how it is told from the data, and what to write instead."""

    name: str
    fits: Callable[[Any], bool]
    instead: str


def foreign_file(data: Any) -> str | None:
    """Return what is to be said of data that is another tool's, or None.

    With a single key that a responses file may have at its top it is a responses file, whatever else is in it.
    """
    if isinstance(data, dict) and any(map(_may_be_ours, data)):
        return None
    found = next((each for each in FOREIGN_FILES if each.fits(data)), None)
    return f"this is {found.name}, no responses file: {found.instead}" if found else None


def _may_be_ours(key: str) -> bool:
    # Editors take `$schema` in any file.
    return is_method(key.partition(" ")[0]) or (key.startswith("$") and key != "$schema")


def _has(value: Any, **types: type) -> bool:
    """Tell whether a value is an object with these keys, which hold values of these types."""
    return isinstance(value, dict) and all(isinstance(value.get(key), kind) for key, kind in types.items())


def _has_any(value: Any, keys: Container[str]) -> bool:
    return isinstance(value, dict) and any(key in keys for key in value)


def _list_of(value: Any, fits: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and bool(value) and all(map(fits, value))


def _is_openapi(data: Any) -> bool:
    return _has_any(data, ("openapi", "swagger")) and (_has(data, info=dict) or _has(data, paths=dict))


def _is_har(data: Any) -> bool:
    return _has(data, log=dict) and _has(data["log"], entries=list)


def _is_postman(data: Any) -> bool:
    if _has(data, collection=dict):
        data = data["collection"]
    return _has(data, info=dict, item=list)


_WIREMOCK_URLS = ("url", "urlPath", "urlPattern", "urlPathPattern", "urlPathTemplate")


def _is_wiremock_mapping(value: Any) -> bool:
    return _has(value, request=dict, response=dict) and _has_any(value["request"], _WIREMOCK_URLS)


def _is_wiremock(data: Any) -> bool:
    if _has(data, mappings=list):
        return _list_of(data["mappings"], lambda each: _has(each, request=dict) or _has(each, response=dict))
    return _is_wiremock_mapping(data) or _list_of(data, _is_wiremock_mapping)


def _is_mockoon(data: Any) -> bool:
    return _has(data, routes=list) and _has_any(data, ("endpointPrefix", "lastMigration"))


def _is_hoverfly(data: Any) -> bool:
    return _has(data, data=dict) and _has(data["data"], pairs=list)


def _is_mountebank(data: Any) -> bool:
    return _has(data, protocol=str, stubs=list) or (
        _has(data, imposters=list) and _list_of(data["imposters"], lambda each: _has(each, protocol=str))
    )


def _is_smocker(data: Any) -> bool:
    answers = ("response", "dynamic_response", "proxy")
    return _list_of(data, lambda each: _has(each, request=dict) and _has_any(each, answers))


def _is_dev_proxy(data: Any) -> bool:
    return (
        (_has(data, **{"$schema": str}) and "dev-proxy" in data["$schema"])
        or (_has(data, mocks=list) and _list_of(data["mocks"], lambda each: _has(each, request=dict)))
        or _has(data, urlsToWatch=list)
    )


def _is_json_server(data: Any) -> bool:
    if not isinstance(data, dict):
        return False
    collections = {name: value for name, value in data.items() if name != "$schema"}
    return all(map(_is_collection, collections, collections.values())) and any(
        isinstance(value, list) and value for value in collections.values()
    )


def _is_collection(name: str, value: Any) -> bool:
    """Tell whether a key names what json-server serves: a list of objects, or an object that is no method's."""
    if isinstance(value, dict):
        is_method_in_lower_case = name.upper() in STANDARD_METHODS or any(key.startswith(_URL_STARTS) for key in value)
        return not is_method_in_lower_case and _NAME.match(name) is not None
    return isinstance(value, list) and all(isinstance(each, dict) for each in value) and _NAME.match(name) is not None


FOREIGN_FILES = (
    ForeignFile(
        "an OpenAPI (Swagger) document",
        _is_openapi,
        'write an example of each answer under its method and path, as "GET": {"/pets/{id}": {"name": "Rex"}}',
    ),
    ForeignFile(
        "an HTTP archive (HAR)",
        _is_har,
        'write the content of each response under its method and path, as "GET": {"/user": {"name": "John"}}',
    ),
    ForeignFile(
        "a Postman collection",
        _is_postman,
        'write the body of each saved response under its method and path, as "GET": {"/user": {"name": "John"}}',
    ),
    ForeignFile(
        "a file of WireMock mappings",
        _is_wiremock,
        'write each response under method and URL of its request, as "GET": {"/user": {"$status": 200, "$body": …}}',
    ),
    ForeignFile(
        "a Mockoon environment",
        _is_mockoon,
        'write the response of each route under its method and path, as "GET": {"/users/{id}": {"name": "John"}} '
        "where the route is users/:id",
    ),
    ForeignFile(
        "a Hoverfly simulation",
        _is_hoverfly,
        'write the response of each pair under method and path of its request, as "GET": {"/user": {"name": "John"}}',
    ),
    ForeignFile(
        "a file of mountebank imposters",
        _is_mountebank,
        "write the response of each stub under method and path of its predicates, "
        'as "GET": {"/user": {"name": "John"}}',
    ),
    ForeignFile(
        "a file of Smocker mocks",
        _is_smocker,
        'write each response under method and path of its request, as "GET": {"/user": {"$status": 200, "$body": …}}',
    ),
    ForeignFile(
        "a Dev Proxy file",
        _is_dev_proxy,
        "write each response of its mocks under method and URL of the request, "
        'as "GET": {"https://api.example.com/user": {"name": "John"}}',
    ),
    ForeignFile(
        "a json-server database",
        _is_json_server,
        'write each collection under a method and its path, as "GET": {"/posts": [{"id": 1}]}',
    ),
)
"""Every kind that is known; of several that fit the first counts."""
