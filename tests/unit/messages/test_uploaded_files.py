"""Uploaded files as templates and handlers see them."""

import pytest

from fakebackend.messages.form import Part
from fakebackend.messages.uploaded_files import UploadedFile
from fakebackend.messages.uploaded_files import UploadedFiles
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.template import rendered
from tests.answering import context_for

PHOTO = b'--b\r\nContent-Disposition: form-data; name="photo"; '
BODY = (
    PHOTO
    + b'filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n'
    + PHOTO
    + b'filename="b.txt"\r\nContent-Type: text/plain\r\n\r\nhi\r\n'
    + b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nT\r\n--b--\r\n'
)


def value_of(template: str) -> object:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    return rendered(compile_templates(template), context_for("POST", "/", headers=headers, body=BODY))


def test_templates_see_the_files_of_a_form() -> None:
    assert value_of("{{ files.photo }}") == {
        "name": "a.png",
        "type": "image/png",
        "size": 4,
        "text": "\ufffdPNG",
        "base64": "iVBORw==",
    }
    assert (
        value_of("{{ files.photo.name }}, {{ files.getlist('photo') | map(attribute='text') | last }}") == "a.png, hi"
    )
    assert value_of("{{ files | list }}") == ["photo"]
    assert value_of("{{ files.title is defined }}") is False
    assert value_of("{{ files.getlist('none') }}") == []


def test_an_uploaded_file_has_its_bytes_and_a_short_name() -> None:
    file = UploadedFile(Part("photo", "a.png", "image/png", b"\x89PNG"))
    assert (file.content, len(file), repr(file)) == (b"\x89PNG", 5, "<a.png, 4 bytes>")
    assert (file.name, file.size) == ("a.png", 4)
    with pytest.raises(AttributeError, match="an uploaded file has name, type, size, text, base64, content, and no x"):
        _ = file.x
    files = UploadedFiles([Part("photo", "a.png", "image/png", b"x"), Part("title", None, "text/plain", b"T")])
    assert (len(files), files["photo"].content, list(files)) == (1, b"x", ["photo"])
