"""Files of other tools are refused by their names, and no file of ours is taken for one."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.format.compile import compile_file
from fakebackend.format.foreign_files import FOREIGN_FILES
from fakebackend.format.foreign_files import foreign_file
from fakebackend.reading.detect import parse_document
from tests.conftest import write
from tests.markdown import PAGES
from tests.markdown import REPOSITORY
from tests.markdown import blocks_of

OPENAPI = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {"/pets": {"get": {"responses": {"200": {"description": "all"}}}}},
}
WIREMOCK = {"request": {"method": "GET", "urlPath": "/user"}, "response": {"status": 200, "jsonBody": {}}}
SMOCKER = {"request": {"method": "GET", "path": "/user"}, "response": {"status": 200, "body": "{}"}}
STUB = {"predicates": [{"equals": {"path": "/user"}}], "responses": [{"is": {"body": "{}"}}]}
IMPOSTER = {"port": 4545, "protocol": "http", "stubs": [STUB]}
POSTMAN = {
    "info": {"name": "Users", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
    "item": [{"name": "user", "request": {"method": "GET"}, "response": []}],
}
DEV_PROXY = {"request": {"url": "https://graph.microsoft.com/v1.0/me"}, "response": {"body": {"name": "Ann"}}}

SAMPLES = [
    pytest.param(OPENAPI, "an OpenAPI (Swagger) document", id="openapi"),
    pytest.param({"openapi": "3.1.0", "paths": {}}, "an OpenAPI (Swagger) document", id="openapi-no-info"),
    pytest.param({"swagger": "2.0", "info": {"title": "Pets"}}, "an OpenAPI (Swagger) document", id="swagger"),
    pytest.param({"log": {"version": "1.2", "entries": []}}, "an HTTP archive (HAR)", id="har"),
    pytest.param(POSTMAN, "a Postman collection", id="postman"),
    pytest.param({"collection": POSTMAN}, "a Postman collection", id="postman-by-its-api"),
    pytest.param(WIREMOCK, "a file of WireMock mappings", id="wiremock"),
    pytest.param({"mappings": [{"request": {}}, WIREMOCK]}, "a file of WireMock mappings", id="wiremock-several"),
    pytest.param([WIREMOCK], "a file of WireMock mappings", id="wiremock-list"),
    pytest.param(
        {"uuid": "1", "lastMigration": 33, "name": "Demo", "port": 3000, "routes": [{"endpoint": "users/:id"}]},
        "a Mockoon environment",
        id="mockoon",
    ),
    pytest.param(
        {"data": {"pairs": [], "globalActions": {}}, "meta": {"schemaVersion": "v5.2"}},
        "a Hoverfly simulation",
        id="hoverfly",
    ),
    pytest.param({"imposters": [IMPOSTER]}, "a file of mountebank imposters", id="mountebank"),
    pytest.param(IMPOSTER, "a file of mountebank imposters", id="mountebank-one"),
    pytest.param([SMOCKER], "a file of Smocker mocks", id="smocker"),
    pytest.param(
        [{"request": {"path": "/a"}, "dynamic_response": {"engine": "lua"}}], "a file of Smocker mocks", id="dynamic"
    ),
    pytest.param({"mocks": [DEV_PROXY]}, "a Dev Proxy file", id="dev-proxy-mocks"),
    pytest.param({"urlsToWatch": ["https://a/*"], "plugins": []}, "a Dev Proxy file", id="dev-proxy-configuration"),
    pytest.param(
        {"$schema": "https://raw.githubusercontent.com/dotnet/dev-proxy/main/schemas/v1.0.0/rc.json", "plugins": []},
        "a Dev Proxy file",
        id="dev-proxy-schema",
    ),
    pytest.param(
        {"posts": [{"id": 1}], "comments": [], "profile": {"name": "typicode"}}, "a json-server database", id="db"
    ),
    pytest.param(
        {"$schema": "./node_modules/json-server/schema.json", "post": [{"id": 1}]}, "a json-server database", id="db-1"
    ),
]


def as_json(data: Any) -> str:
    return json.dumps(data)


def as_jsonc(data: Any) -> str:
    return "// of another tool\n" + json.dumps(data, indent=2)


def as_yaml(data: Any) -> str:
    stream = io.StringIO()
    YAML(typ="safe", pure=True).dump(data, stream)
    return stream.getvalue()


def errors_of_file(text: str, name: str) -> list[str]:
    with pytest.raises(ResponsesFileError) as caught:
        compile_file(text.encode(), name)
    assert caught.value.warnings == ()
    return [str(error) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("name", "written"),
    [("r.json", as_json), ("r.jsonc", as_jsonc), ("r.yaml", as_yaml)],
    ids=["json", "jsonc", "yaml"],
)
@pytest.mark.parametrize(("data", "tool"), SAMPLES)
def test_it_is_one_error_that_names_the_tool(data: Any, tool: str, name: str, written: Any) -> None:
    [error] = errors_of_file(written(data), name)
    place, _, said = error.partition(" ")
    assert place.count(":") == 3  # file, line and column
    assert said.startswith(f"this is {tool}, no responses file: write ")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            OPENAPI,
            "r.json:1:2: this is an OpenAPI (Swagger) document, no responses file: write an example of each answer "
            'under its method and path, as "GET": {"/pets/{id}": {"name": "Rex"}}',
            id="openapi",
        ),
        pytest.param(
            [SMOCKER],
            "r.json:1:1: this is a file of Smocker mocks, no responses file: write each response under method and "
            'path of its request, as "GET": {"/user": {"$status": 200, "$body": …}}',
            id="a-list",
        ),
        pytest.param(
            {"$schema": "x", "posts": [{"id": 1}]},
            "r.json:1:18: this is a json-server database, no responses file: write each collection under a method "
            'and its path, as "GET": {"/posts": [{"id": 1}]}',
            id="json-server",
        ),
    ],
)
def test_the_text_in_full(data: Any, expected: str) -> None:
    assert errors_of_file(json.dumps(data), "r.json") == [expected]


def test_every_kind_has_its_sample() -> None:
    assert {kind.name for kind in FOREIGN_FILES} == {sample.values[1] for sample in SAMPLES}


def test_what_is_included_is_named_as_well_and_the_other_errors_stay(folder: Path) -> None:
    write(folder / "openapi.json", OPENAPI)
    write(folder / "responses.json", {"$include": ["openapi.json"], "GET": {"a": 1}})
    errors = errors_of_file((folder / "responses.json").read_text(), "responses.json")
    assert [error.partition(",")[0] for error in errors] == [
        "openapi.json:1:2: this is an OpenAPI (Swagger) document",
        'responses.json:1:40: GET a: a URL key starts with "/"',
    ]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({**OPENAPI, "GET": {}}, id="a-method"),
        pytest.param({**OPENAPI, "GET /a": 1}, id="a-flat-key"),
        pytest.param({**OPENAPI, "*": 1}, id="any-method"),
        pytest.param({**OPENAPI, "$base": "/"}, id="a-key-of-the-file"),
        pytest.param({"posts": [{"id": 1}], "PSOT": {}}, id="a-misspelt-method"),
        pytest.param({"get": {"/user": 1}}, id="a-method-in-lower-case"),
        pytest.param({"get": {}, "users": [{}]}, id="a-method-in-lower-case-beside-a-list"),
        pytest.param({"gett": {"/user": 1}, "users": [{}]}, id="a-method-misspelt-in-lower-case"),
        pytest.param({"/user": {"name": "John"}}, id="a-url"),
        pytest.param({"/users": [{"name": "John"}]}, id="a-url-with-a-list"),
        pytest.param({"https://host/users": [{}]}, id="a-url-with-a-host"),
        pytest.param({"api.example.com/users": [{}]}, id="a-host"),
        pytest.param({"user": {"name": "John"}}, id="an-object-alone"),
        pytest.param({"users": []}, id="an-empty-list"),
        pytest.param({"users": [1]}, id="a-list-of-numbers"),
        pytest.param({"users": [{}], "count": 1}, id="a-number-beside-a-list"),
        pytest.param({"openapi": True}, id="a-word-alone"),
        pytest.param({"log": []}, id="log-that-is-a-list"),
        pytest.param({"status": 200, "body": {}}, id="a-response"),
        pytest.param({}, id="empty"),
        pytest.param([], id="empty-list"),
        pytest.param([{"GET": {}}], id="list-of-files"),
        pytest.param([1], id="list-of-numbers"),
        pytest.param("GET", id="text"),
        pytest.param(None, id="nothing"),
    ],
)
def test_slips_in_a_file_of_ours_keep_their_own_errors(data: Any) -> None:
    assert foreign_file(data) is None


OURS = [REPOSITORY / "responses.json", *sorted((REPOSITORY / "docs" / "examples").rglob("*.json"))]


def test_no_file_that_is_shown_anywhere_is_taken_for_another_tools() -> None:
    shown = [(block.file, block.text) for page in PAGES for block in blocks_of(page)]
    files = [(file, text) for file, text in shown if file.startswith("responses.")]
    files += [(path.name, path.read_text("utf-8")) for path in OURS]
    assert len(files) > 10
    for name, text in files:
        data = parse_document(text.encode(), name).data()
        assert isinstance(data, dict)
        assert foreign_file(data) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("r.json", '{"openapi": "3.1.0", "info": {}', id="json"),
        pytest.param("r.yaml", "openapi: 3.1.0\ninfo: {", id="yaml"),
    ],
)
def test_an_error_of_syntax_is_reported_first(name: str, text: str) -> None:
    errors = errors_of_file(text, name)
    assert not any("OpenAPI" in error for error in errors)
