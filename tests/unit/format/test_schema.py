"""The JSON Schema of a responses file: made of the records, in agreement with the loader, and as it is shipped."""

import json
import os
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from jsonschema import Draft202012Validator

import fakebackend
from fakebackend.diagnostics.json_schema import NO_HOVER
from fakebackend.diagnostics.json_schema import NOTHING
from fakebackend.format.file_keys import DEFAULTS
from fakebackend.format.file_keys import FILE_KEYS
from fakebackend.format.key_parsers import LIMIT_KEYS
from fakebackend.format.keys import RESERVED_KEYS
from fakebackend.format.schema import responses_schema
from fakebackend.format.schema import schema_text
from fakebackend.matching.value_patterns import OPERATORS
from fakebackend.matching.when import WHEN_PARTS
from fakebackend.messages.methods import STANDARD_METHODS
from fakebackend.templating.template_marks import EACH
from fakebackend.templating.template_marks import IF
from fakebackend.templating.template_marks import VALUE
from tests.agreement import MORE_THAN_SHAPE
from tests.agreement import VALIDATOR
from tests.agreement import data_of
from tests.agreement import disagreement
from tests.agreement import files_read_from
from tests.agreement import in_python
from tests.agreement import is_json
from tests.agreement import literals_in
from tests.agreement import loader_errors
from tests.broken_files import BROKEN_FILES
from tests.markdown import PAGES
from tests.markdown import REPOSITORY
from tests.markdown import blocks_of
from tests.markdown import page_id
from tests.unit.format.test_keys import BAD
from tests.unit.format.test_keys import GOOD

SCHEMA = responses_schema()
SHIPPED = Path(fakebackend.__file__).with_name("responses.schema.json")
TESTS = sorted((REPOSITORY / "tests").rglob("*.py"))


def test_the_file_in_the_package_is_what_the_records_give() -> None:
    again = "the records have changed; write it anew: fakebackend schema > fakebackend/responses.schema.json"
    assert SHIPPED.read_bytes().decode() == schema_text(), again


def test_it_is_a_good_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_editors_that_know_version_7_only_say_the_same(folder: Path) -> None:
    Draft7Validator.check_schema(SCHEMA)
    before = Draft7Validator(in_python(SCHEMA))
    source = REPOSITORY / "tests" / "unit" / "format" / "test_definition_answers.py"
    for file in (file for each in literals_in(source) for file in files_read_from(each) if is_json(file)):
        assert before.is_valid(file) is VALIDATOR.is_valid(file)


def test_every_reference_leads_to_a_schema_and_every_schema_is_referred_to() -> None:
    named = {f"#/$defs/{name}" for name in SCHEMA["$defs"]}
    assert set(references_in(SCHEMA)) == named


def references_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"]
        for part in schema.values():
            yield from references_in(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from references_in(part)


# What editors complete and show.


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        pytest.param(SCHEMA["properties"], [*FILE_KEYS, *STANDARD_METHODS, "*"], id="file"),
        pytest.param(SCHEMA["$defs"]["value"]["properties"], RESERVED_KEYS, id="value"),
        pytest.param(SCHEMA["$defs"]["templatedValue"]["properties"], RESERVED_KEYS, id="templated-value"),
        pytest.param(SCHEMA["$defs"]["entries"]["properties"], [*STANDARD_METHODS, "*"], id="before"),
        pytest.param(SCHEMA["$defs"]["when"]["properties"], WHEN_PARTS, id="when"),
        pytest.param(SCHEMA["$defs"]["jsonOperators"]["properties"], OPERATORS, id="operators"),
        pytest.param(SCHEMA["$defs"]["textOperators"]["properties"], OPERATORS, id="text-operators"),
        pytest.param(SCHEMA["$defs"]["defaults"]["properties"], DEFAULTS, id="defaults"),
        pytest.param(SCHEMA["$defs"]["keys"]["properties"]["$limit"]["properties"], LIMIT_KEYS, id="limit"),
        pytest.param(SCHEMA["$defs"]["keys"]["properties"]["$forward"]["properties"], ["to", "headers"], id="forward"),
        pytest.param(SCHEMA["$defs"]["loop"]["properties"], [EACH, IF, VALUE], id="loop"),
    ],
)
def test_every_word_is_completed_where_it_may_stand_and_explained(
    properties: dict[str, Any], words: Iterable[str]
) -> None:
    assert set(properties) == set(words)
    for schema in properties.values():
        shown = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]] if schema and "title" not in schema else schema
        assert shown is False or (shown["title"] and shown["description"].endswith("."))


NOT_YET = [key.name for key in RESERVED_KEYS.values() if key.schema == NOTHING]


@pytest.mark.parametrize("key", NOT_YET)
def test_a_word_to_come_is_refused_and_not_completed(key: str) -> None:
    assert SCHEMA["$defs"]["value"]["properties"][key] is False
    assert RESERVED_KEYS[key].hover is NO_HOVER
    assert not VALIDATOR.is_valid({"GET /": {key: 1}})


BESIDE: dict[str, dict[str, Any]] = {
    "$repeat": {"$sequence": [1]},
    "$merge": {"$forward": True},
    "$users": {"$handler": "login"},
}


def of_a_value(key: str, example: Any) -> dict[str, Any]:
    return {"GET": {"/{id}/{rest:path}": {"$template": True, key: example, **BESIDE.get(key, {})}}}


def of_file(key: str, example: Any) -> dict[str, Any]:
    return {key: example}


def of_limit(key: str, example: Any) -> dict[str, Any]:
    return of_a_value("$limit", {"requests": 1, "per": "1s", key: example})


def of_when(part: str, example: Any) -> dict[str, Any]:
    return of_a_value("$when", {part: example})


def of_pattern(operator: str, example: Any) -> dict[str, Any]:
    return of_when("query", {"a": {operator: example}})


EXAMPLES = [
    pytest.param(put(word, example), id=f"{word} {json.dumps(example)}")
    for put, hovers in (
        (of_file, {key.name: key.hover for key in FILE_KEYS.values()}),
        (of_a_value, {key.name: key.hover for key in RESERVED_KEYS.values()}),
        (of_limit, {name: key.hover for name, key in LIMIT_KEYS.items()}),
        (of_when, {part.name: part.hover for part in WHEN_PARTS.values()}),
        (of_pattern, {operator.name: operator.hover for operator in OPERATORS.values()}),
    )
    for word, hover in hovers.items()
    for example in hover.examples
]


@pytest.mark.parametrize("file", EXAMPLES)
def test_an_example_is_good(folder: Path, file: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(file)
    assert disagreement(file) is None
    assert all("no such file" in error for error in loader_errors(file))


# The agreement with the loader, over all that is written down somewhere.


def assert_agreed(written: Iterable[object]) -> None:
    files = {json.dumps(file): file for each in written for file in files_read_from(each) if is_json(file)}
    assert [found for file in files.values() if (found := disagreement(file))] == []


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("source", TESTS, ids=page_id)
def test_schema_and_loader_agree_about_what_the_tests_write(source: Path) -> None:
    assert_agreed(literals_in(source))


def as_written(record: str, value: Any) -> dict[str, Any]:
    """Return an object that has a value of the tables of good and bad ones where its word stands."""
    word = record.split(" ", maxsplit=1)[0]
    if word.startswith("$when."):
        return {"$when": {word.removeprefix("$when."): value}}
    return {word: value, **BESIDE.get(word, {})}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("record", [*GOOD, *(record for record in BAD if record not in GOOD)])
def test_schema_and_loader_agree_about_good_and_bad_values(record: str) -> None:
    assert_agreed(as_written(record, value) for value in [*GOOD.get(record, ()), *BAD.get(record, ())])


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_schema_and_loader_agree_about_what_the_docs_show(page: Path) -> None:
    for block in blocks_of(page):
        found = list(data_of(block.text.encode()))
        assert_agreed(found)
        if block.file.startswith("responses."):
            assert [VALIDATOR.is_valid(file) for file in found] == [True]


@pytest.mark.parametrize(
    "file", [REPOSITORY / "responses.json", *(REPOSITORY / "docs" / "examples").rglob("*.json")], ids=str
)
def test_the_sample_and_the_examples_are_good(file: Path) -> None:
    assert VALIDATOR.is_valid(json.loads(file.read_text("utf-8")))


def test_schema_and_loader_agree_about_the_corpus_of_broken_files(folder: Path) -> None:
    taken = 0
    for number, file in enumerate(BROKEN_FILES):
        if file.skip:
            continue
        own = folder / str(number)
        own.mkdir()
        if os.path.isfile(path := file.make_in(own)):
            found = list(data_of(path.read_bytes()))
            taken += len(found)
            assert_agreed(found)
    assert taken > 20


def test_there_are_enough_files_of_all_kinds(folder: Path) -> None:
    """Those of a single test are: good ones, ones that both refuse, and ones that are excused."""
    source = REPOSITORY / "tests" / "unit" / "format" / "test_definition_answers.py"
    files = [file for each in literals_in(source) for file in files_read_from(each) if is_json(file)]
    refused = [(VALIDATOR.is_valid(file), bool(loader_errors(file))) for file in files]
    assert min(refused.count((True, False)), refused.count((False, True)), refused.count((True, True))) > 20


def test_the_list_of_excuses_is_short() -> None:
    assert len(MORE_THAN_SHAPE) <= 10
