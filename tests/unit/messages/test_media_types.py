import pytest

from fakebackend.messages.media_types import MEDIA_TYPES
from fakebackend.messages.media_types import media_type


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        pytest.param("report.pdf", b"application/pdf", id="binary"),
        pytest.param("a/b/index.html", b"text/html; charset=utf-8", id="text-has-its-charset"),
        pytest.param("STYLE.CSS", b"text/css; charset=utf-8", id="any-letter-case"),
        pytest.param("data.json", b"application/json", id="json-has-none"),
        pytest.param("app.min.js", b"text/javascript; charset=utf-8", id="last-ending-counts"),
        pytest.param("backup.tar.gz", b"application/gzip", id="gzip-is-a-type-no-coding"),
        pytest.param("README", b"application/octet-stream", id="no-ending"),
        pytest.param("x.unknown", b"application/octet-stream", id="unknown-ending"),
        pytest.param(".json", b"application/octet-stream", id="a-hidden-file-has-no-ending"),
        pytest.param("logo.svg", b"image/svg+xml", id="svg"),
    ],
)
def test_a_file_has_the_type_of_its_ending(file: str, expected: bytes) -> None:
    assert media_type(file) == expected


@pytest.mark.parametrize(("ending", "kind"), MEDIA_TYPES.items(), ids=MEDIA_TYPES)
def test_the_table_holds_endings_in_lower_case_and_types_without_parameters(ending: str, kind: str) -> None:
    assert ending == ending.lower()
    assert ending.startswith(".")
    assert kind.count("/") == 1
    assert ";" not in kind
