import inspect
import json
import os
from pathlib import Path
from typing import Any

import pytest

from fakebackend.answers.file import FileSource
from fakebackend.answers.file import FilledFileSource
from fakebackend.answers.file import parse_file
from fakebackend.answers.head import PLAIN_HEAD
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.representation import MOST_SENT
from fakebackend.messages.representation import READ_AT_ONCE
from fakebackend.templating.template_scope import WITHOUT_TEMPLATES
from tests.answering import answered
from tests.answering import context_for
from tests.answering import field_of
from tests.answering import table_in


@pytest.fixture
def site(folder: Path) -> Path:
    for name in ("a.txt", "public/a b.txt", "public/index.html", "public/deep/index.html", "public/deep/é.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    (folder / "secret.txt").write_text("secret")
    (folder / "public-too").mkdir()
    (folder / "public-too" / "secret.txt").write_text("secret")
    (folder / "public" / "empty").mkdir()
    os.symlink(folder / "secret.txt", folder / "public" / "link.txt")
    os.symlink(folder / "public-too", folder / "public" / "linked")
    os.symlink(folder / "public" / "index.html", folder / "public" / "inside.html")
    return folder


def asked(folder: Path, key: str, value: Any, path: str) -> CannedResponse | None:
    product = answered(table_in(folder, {"GET": {key: value}}), context_for(path=path))
    assert product is None or isinstance(product, CannedResponse)
    return product


@pytest.mark.parametrize(
    ("name", "body"),
    [
        pytest.param("a.txt", b"a.txt", id="beside-the-responses-file"),
        pytest.param("public/a b.txt", b"public/a b.txt", id="in-a-folder"),
        pytest.param("public", b"public/index.html", id="a-folder-serves-its-index"),
        pytest.param("public/", b"public/index.html", id="a-folder-with-a-slash"),
        pytest.param("public/../a.txt", b"a.txt", id="a-fixed-name-may-go-anywhere"),
        pytest.param("public/link.txt", b"secret", id="a-fixed-name-may-be-a-link"),
    ],
)
def test_a_fixed_name_is_the_file(site: Path, name: str, body: bytes) -> None:
    answer = asked(site, "/", {"$file": name}, "/")
    assert answer is not None
    assert answer.body == body


def test_a_file_is_read_when_it_is_asked_for(site: Path) -> None:
    table = table_in(site, {"GET": {"/": {"$file": "a.txt", "$status": 201}}})
    assert answered(table, context_for()).body == b"a.txt"
    (site / "a.txt").write_text("changed, and longer")
    answer = answered(table, context_for())
    assert (answer.status, answer.body, field_of(answer, "content-length")) == (201, b"changed, and longer", ["19"])


def test_a_fixed_file_that_has_gone_is_an_error(site: Path) -> None:
    table = table_in(site, {"GET": {"/": {"$file": "a.txt"}}})
    (site / "a.txt").unlink()
    with pytest.raises(FileNotFoundError):
        answered(table, context_for())


async def test_a_large_file_is_read_in_a_thread(site: Path) -> None:
    with (site / "a.txt").open("wb") as file:
        file.truncate(READ_AT_ONCE + 1)
    table = table_in(site, {"GET": {"/": {"$file": "a.txt"}}, "POST": {"/": {"$file": "a.txt", "$status": 201}}})
    waiting = answered(table, context_for())
    assert inspect.isawaitable(waiting)
    assert len((await waiting).body) == READ_AT_ONCE + 1
    part = await answered(table, context_for(headers={"Range": "bytes=0-9"}))
    assert (part.status, len(part.body)) == (206, 10)
    created = await answered(table, context_for("POST"))
    assert (created.status, len(created.body), field_of(created, "etag")) == (201, READ_AT_ONCE + 1, [])


async def test_a_status_without_a_body_reads_none_of_a_file(site: Path) -> None:
    with (site / "a.txt").open("wb") as file:
        file.truncate(MOST_SENT + 1)
    answer = await answered(
        table_in(site, {"GET": {"/": {"$file": "a.txt", "$status": "{{ 204 }}", "$template": True}}}), context_for()
    )
    assert (answer.status, answer.body) == (204, b"")


@pytest.mark.parametrize(
    ("path", "body", "content_type"),
    [
        pytest.param("/s/a%20b.txt", b"public/a b.txt", "text/plain; charset=utf-8", id="decoded"),
        pytest.param("/s/deep/%C3%A9.json", "public/deep/é.json".encode(), "application/json", id="deep"),
        pytest.param("/s/deep/", b"public/deep/index.html", "text/html; charset=utf-8", id="folder-with-slash"),
        pytest.param("/s/", b"public/index.html", "text/html; charset=utf-8", id="the-fixed-folder-itself"),
        pytest.param("/s/inside.html", b"public/index.html", "text/html; charset=utf-8", id="link-that-stays-inside"),
        pytest.param("/s/deep%2Findex.html", b"public/deep/index.html", "text/html; charset=utf-8", id="slash"),
    ],
)
def test_a_name_is_filled_from_the_path(site: Path, path: str, body: bytes, content_type: str) -> None:
    answer = asked(site, "/s/{rest:path}", {"$file": "public/{rest}"}, path)
    assert answer is not None
    assert (answer.body, field_of(answer, "content-type")) == (body, [content_type])


@pytest.mark.parametrize(
    ("key", "path", "location"),
    [
        pytest.param("/s/{rest:path}", "/s/deep", "/s/deep/", id="folder"),
        pytest.param("/s/{rest:path}", "/s/deep?a=1&b=/", "/s/deep/?a=1&b=/", id="with-a-query"),
        pytest.param("/{rest:path}", "//deep", "/deep/", id="never-another-host"),
        pytest.param("/s/{rest:path}", "/s/d%65ep", "/s/d%65ep/", id="as-it-came"),
        pytest.param("/s/{rest}", "/s/deep", None, id="a-parameter-without-slashes"),
    ],
)
def test_a_folder_is_where_its_slash_is(site: Path, key: str, path: str, location: str | None) -> None:
    answer = asked(site, key, {"$file": "public/{rest}"}, path)
    assert answer is not None
    assert (answer.status, field_of(answer, "location")) == ((301, [location]) if location else (200, []))


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param("none.txt", id="missing"),
        pytest.param("empty", id="a-folder-without-index"),
        pytest.param("..%2Fsecret.txt", id="encoded-slash"),
        pytest.param("%2e%2e%2fsecret.txt", id="encoded-dots-and-slash"),
        pytest.param("deep%2F..%2F..%2Fsecret.txt", id="through-a-folder"),
        pytest.param("..%5Csecret.txt", id="backslash"),
        pytest.param("..%2Fpublic-too%2Fsecret.txt", id="a-folder-whose-name-begins-alike"),
        pytest.param("%2Fetc%2Fpasswd", id="absolute"),
        pytest.param("a%00.txt", id="nul"),
        pytest.param("link.txt", id="a-link-to-a-file-outside"),
        pytest.param("linked/secret.txt", id="a-link-to-a-folder-outside"),
        pytest.param("%FF", id="no-utf-8"),
        pytest.param("a" * 5000, id="too-long-a-name"),
        pytest.param("%252e%252e%252fsecret.txt", id="encoded-twice"),
        pytest.param("%ED%A0%80", id="an-encoded-surrogate"),
    ],
)
@pytest.mark.parametrize("template", [False, True], ids=["filled", "template"])
def test_a_filled_name_never_leaves_its_folder(site: Path, rest: str, template: bool) -> None:
    value: dict[str, Any] = {"$file": "public/{rest}"}
    if template:
        value = {"$template": True, "$file": "public/{{ path.rest }}"}
    assert asked(site, "/s/{rest:path}", value, f"/s/{rest}") is None


def test_a_name_may_be_filled_from_a_whole_template(site: Path) -> None:
    answer = asked(site, "/", {"$template": True, "$file": "public/{{ query.f }}.html"}, "/?f=index")
    assert answer is not None
    assert answer.body == b"public/index.html"


def test_an_integer_and_a_regex_group_fill_a_name(site: Path) -> None:
    (site / "7.json").write_text("7")
    for key in ("/n/{id:int}", "~^/n/(?P<id>[0-9]+)$"):
        answer = asked(site, key, {"$file": "{id}.json"}, "/n/7")
        assert answer is not None
        assert answer.body == b"7"


def test_only_a_filled_name_may_turn_out_to_be_no_match(site: Path) -> None:
    fixed, filled = (
        parse_file(name, PLAIN_HEAD, str(site), ["name"], templates=WITHOUT_TEMPLATES) for name in ("a.txt", "{name}")
    )
    assert isinstance(fixed, FileSource)
    assert isinstance(filled, FilledFileSource)
    assert (fixed.may_pass, filled.may_pass) == (False, True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("", '$file must be a file name, got ""', id="nothing"),
        pytest.param("a\0b", '$file must be a file name, got "a\\u0000b"', id="nul"),
        pytest.param(["a"], "$file must be a file name, got a list", id="list"),
        pytest.param("nope", '$file names "nope", and there is no such file', id="missing"),
        pytest.param("public/empty", '$file names "public/empty", and there is no such file', id="no-index"),
        pytest.param("{x}.txt", "$file names {x}, which the URL key does not have", id="unknown-parameter"),
        pytest.param(
            "{nmae}", '$file names {nmae}, which the URL key does not have, did you mean "name"?', id="near-miss"
        ),
    ],
)
def test_a_wrong_name_is_refused_at_load(site: Path, value: Any, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_file(value, PLAIN_HEAD, str(site), ["name"], templates=WITHOUT_TEMPLATES)
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("key", "name", "path", "given"),
    [
        pytest.param("/{n}", "{n}", "/responses.json", False, id="the-responses-file"),
        pytest.param("/{n}", "{n}", "/more.yaml", False, id="an-included-one"),
        pytest.param("/{n}", "{n}", "/h.py", False, id="a-handlers-file"),
        pytest.param("/{n}", "{n}", "/link.txt", False, id="a-link-to-it"),
        pytest.param("/{n}", "{n}", "/.env", False, id="a-dot-name"),
        pytest.param("/{n:path}", "{n}", "/.git/config", False, id="below-a-dot-name"),
        pytest.param("/{n:path}", "deep/{n}", "/../h.py", False, id="from-a-folder"),
        pytest.param("/{n}", "{n}", "/other.py", True, id="another-python-file"),
        pytest.param("/{n}", "{n}", "/a.json", True, id="another-json-file"),
        pytest.param("/{n}", "deep/{n}", "/x%2Fy", False, id="a-slash-in-one-name"),
        pytest.param("/{n:path}", "deep/{n}", "/x%2Fy", True, id="a-slash-in-the-rest"),
        pytest.param("/{n}", "deep/{{ path.n }}", "/x%2Fy", False, id="a-slash-in-one-name-of-a-template"),
        pytest.param("/{n:path}", "deep/{{ path.n }}", "/x%2Fy", True, id="a-slash-in-the-rest-of-a-template"),
        pytest.param("/{n}", "deep/x/{{ path.n[2:] }}", "/q%2Fy", True, id="without-the-slash-in-a-template"),
    ],
)
def test_a_filled_name_never_gives_away_what_is_ours(folder: Path, key: str, name: str, path: str, given: bool) -> None:
    files = {name: name for name in ("h.py", "other.py", ".env", ".git/config", "a.json", "deep/x/y")}
    data = {
        "$include": ["more.yaml"],
        "GET": {key: {"$template": "{{" in name, "$file": name}, "/handler": {"$handler": "h.py:f"}},
    }
    files |= {"h.py": "def f(request): pass", "more.yaml": "GET: {/more: 1}", "responses.json": json.dumps(data)}
    for file, content in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(content)
    (folder / "link.txt").symlink_to(folder / "h.py")
    answer = answered(table_in(folder, data), context_for(path=path))
    assert (answer is not None) is given


@pytest.mark.parametrize("path", ["/s/inside.html/", "/s/inside.html%2F", "/s//inside.html", "/s/deep//index.html"])
def test_a_slash_too_many_names_no_file(site: Path, path: str) -> None:
    assert asked(site, "/s/{rest:path}", {"$file": "public/{rest}"}, path) is None
