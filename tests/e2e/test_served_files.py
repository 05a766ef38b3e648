"""`$file`: files as answers, and never one outside the folder."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mitmdump import Backend
from mitmdump import Launcher
from raw_http import exchange
from raw_http import request_of

SECRET = b"secret"

FILES: dict[str, bytes] = {
    "report.pdf": b"%PDF",
    "public/a.txt": "grüße".encode(),
    "public/page.html": b"<p>",
    "public/app.js": b"1",
    "public/data.json": b"{}",
    "public/unknown.zzz": b"\x00",
    "public/no-ending": b"\x00",
    "public/a b+c%41.txt": b"odd",
    "public/ü.txt": b"umlaut",
    "public/..txt": b"dots",
    "public/index.html": b"index",
    "public/sub/index.html": b"sub index",
    "public/sub/b.txt": b"b",
    "public/none/x.txt": b"x",
    "public-not/a.txt": SECRET,
    "users/7.json": b'{"id": 7}',
    "secret.txt": SECRET,
}

RESPONSES: dict[str, Any] = {
    "GET": {
        "/report": {"$file": "report.pdf"},
        "/folder": {"$file": "public"},
        "/files/{rest:path}": {"$file": "public/{rest}"},
        "/one/{name}": {"$file": "public/{name}"},
        "/users/{id:int}": {"$file": "users/{id}.json", "$status": 203, "$headers": {"X-A": "1"}},
        "/template/{name}": {"$template": True, "$file": "public/{{ path.name }}"},
        "/query": {"$template": True, "$file": "public/{{ query.f }}"},
        "/typed/{name}": {"$file": "public/{name}", "$headers": {"Content-Type": "x/y"}},
        "/{other:path}": {"$status": 404, "$text": "next"},
    },
}


@pytest.fixture(scope="module")
def shared(start_shared: Launcher) -> Backend:
    """Start one mitmdump for all tests, with the files in its folder."""
    backend = start_shared({})
    for name, content in FILES.items():
        file = backend.folder / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_bytes(content)
    (backend.folder.parent / "secret.txt").write_bytes(SECRET)
    public = backend.folder / "public"
    (public / "out").symlink_to("../secret.txt")
    (public / "out-folder").symlink_to("..")
    (public / "in").symlink_to("a.txt")
    (public / "sub" / "up").symlink_to("../a.txt")
    (public / "loop").symlink_to("loop")
    return backend


@pytest.fixture
def backend(shared: Backend) -> Backend:
    """Begin each test with all files in place."""
    shared.write(RESPONSES)
    shared.execute("responses.reload")
    return shared


def test_a_folder_is_led_to_its_slash(backend: Backend) -> None:
    with backend.client() as client:
        answer = client.get("/files/sub?a=1")
        assert (answer.status_code, answer.headers["Location"]) == (301, "/files/sub/?a=1")
        assert client.get("/files/sub", follow_redirects=True).content == FILES["public/sub/index.html"]


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize(
    ("path", "content_type", "file"),
    [
        pytest.param("/report", "application/pdf", "report.pdf", id="fixed"),
        pytest.param("/folder", "text/html; charset=utf-8", "public/index.html", id="fixed folder"),
        pytest.param("/files/a.txt", "text/plain; charset=utf-8", "public/a.txt", id="text"),
        pytest.param("/files/page.html", "text/html; charset=utf-8", "public/page.html", id="html"),
        pytest.param("/files/app.js", "text/javascript; charset=utf-8", "public/app.js", id="javascript"),
        pytest.param("/files/data.json", "application/json", "public/data.json", id="json"),
        pytest.param("/files/unknown.zzz", "application/octet-stream", "public/unknown.zzz", id="unknown"),
        pytest.param("/files/no-ending", "application/octet-stream", "public/no-ending", id="no ending"),
        pytest.param("/files/", "text/html; charset=utf-8", "public/index.html", id="index"),
        pytest.param("/files/sub/", "text/html; charset=utf-8", "public/sub/index.html", id="index with a slash"),
        pytest.param("/files/sub/b.txt", "text/plain; charset=utf-8", "public/sub/b.txt", id="in a folder"),
        pytest.param("/files/sub%2Fb.txt", "text/plain; charset=utf-8", "public/sub/b.txt", id="encoded slash"),
        pytest.param("/files/a%20b+c%2541.txt", "text/plain; charset=utf-8", "public/a b+c%41.txt", id="odd name"),
        pytest.param("/files/%C3%BC.txt", "text/plain; charset=utf-8", "public/ü.txt", id="umlaut"),
        pytest.param("/files/sub/../a.txt", "text/plain; charset=utf-8", "public/a.txt", id="dots inside"),
        pytest.param("/files/in", "application/octet-stream", "public/a.txt", id="link that stays inside"),
        pytest.param("/files/sub/up", "application/octet-stream", "public/a.txt", id="link up that stays inside"),
        pytest.param("/users/7", "application/json", "users/7.json", id="parameter"),
        pytest.param("/template/a.txt", "text/plain; charset=utf-8", "public/a.txt", id="template"),
        pytest.param("/query?f=sub/b.txt", "text/plain; charset=utf-8", "public/sub/b.txt", id="query"),
        pytest.param("/typed/a.txt", "x/y", "public/a.txt", id="own content type"),
    ],
)
def test_served(backend: Backend, path: str, content_type: str, file: str, http2: bool) -> None:
    client = backend.client(scheme="https" if http2 else "http", http2=http2)
    answer = client.get(path)
    assert answer.content == FILES[file]
    if not path.endswith(("/in", "/up")):
        assert answer.headers["Content-Type"] == content_type
    head = client.head(path)
    for each in (head, answer):
        each.headers.pop("Date", None)  # the clock may have ticked in between
    assert (head.content, head.headers) == (b"", answer.headers)


def test_status_and_headers_beside_it(backend: Backend) -> None:
    answer = backend.client().get("/users/7")
    assert (answer.status_code, answer.headers["X-A"]) == (203, "1")


UP = ["..", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "..%00", "%c0%ae%c0%ae", "%ef%bc%8e%ef%bc%8e", ".%2F..", "...."]
SLASHES = ["/", "%2F", "%2f", "\\", "%5c", "%252f", "//", "%c0%af", "/./"]
OUTSIDE = [
    *[f"{up}{slash}secret.txt" for up in UP for slash in SLASHES],
    *[f"sub{slash}{up}{slash}{up}{slash}secret.txt" for up in UP for slash in SLASHES],
    *[f"{up}{slash}public-not{slash}a.txt" for up in UP for slash in SLASHES],
    "out",
    "out-folder/secret.txt",
    "..txt",
    "out-folder%2Fsecret.txt",
    "out-folder/public-not/a.txt",
    "loop",
    "/etc/passwd",
    "%2Fetc%2Fpasswd",
    "%2F%2Fetc%2Fpasswd",
    "file:%2F%2F%2Fetc%2Fpasswd",
    "~%2Fsecret.txt",
    "secret.txt%00",
    "a.txt%00",
    "a.txt%00.html",
    "%FF",
    "x" * 5000,
    "%2F" * 3000 + "etc%2Fpasswd",
    "none",
    "none/",
    "missing",
    "A.txt",
]


@pytest.mark.parametrize("prefix", ["/files/", "/one/", "/template/", "/query?f="])
def test_nothing_outside_the_folder(backend: Backend, prefix: str) -> None:
    """However it is written, and for what is not there, the next entry answers."""
    for name in OUTSIDE:
        answer = exchange(backend.port, request_of((prefix + name).encode()))
        assert answer.status in (404, 400), name
        assert SECRET not in answer.body, name
        if answer.status == 404:
            assert answer.body == b"next", name


def _absolute(backend: Backend) -> bytes:
    return str(backend.folder / "secret.txt").encode().replace(b"/", b"%2F")


@pytest.mark.parametrize("prefix", [b"/files/", b"/one/", b"/template/", b"/query?f="])
def test_no_absolute_name(backend: Backend, prefix: bytes) -> None:
    assert exchange(backend.port, request_of(prefix + _absolute(backend))).body == b"next"


def test_a_change_shows_at_once(backend: Backend) -> None:
    client = backend.client()
    file = backend.folder / "public" / "changing.txt"
    for number in range(20):
        file.write_text(str(number))
        assert client.get("/files/changing.txt").text == str(number)
    file.unlink()
    assert client.get("/files/changing.txt").text == "next"


def _remove(file: Path) -> None:
    file.unlink()


def _replace_by_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _replace_by_fifo(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


@pytest.mark.parametrize("damage", [_remove, _replace_by_folder, _replace_by_fifo], ids=["gone", "folder", "fifo"])
def test_a_fixed_file_that_vanishes_is_a_500(backend: Backend, damage: Callable[[Path], None]) -> None:
    """And it is back at once."""
    file = backend.folder / "report.pdf"
    damage(file)
    try:
        with backend.expect_log("GET /report: "):
            answer = backend.client().get("/report")
        assert (answer.status_code, "GET /report" in answer.headers["X-Fakebackend"]) == (500, True)
        assert backend.client().get("/users/7").status_code == 203
    finally:
        if file.is_dir():
            file.rmdir()
        file.unlink(missing_ok=True)
        file.write_bytes(b"%PDF")
    assert backend.client().get("/report").content == b"%PDF"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        pytest.param({"/a": {"$file": "missing.txt"}}, "there is no such file", id="missing"),
        pytest.param({"/a": {"$file": "public/none"}}, "there is no such file", id="folder without index.html"),
        pytest.param({"/a": {"$file": "public/{x}"}}, "which the URL key does not have", id="unknown parameter"),
        pytest.param({"/a": {"$file": 1}}, "$file must be a file name", id="number"),
        pytest.param({"/a": {"$file": ""}}, "$file must be a file name", id="empty"),
    ],
)
def test_refused_at_load(backend: Backend, entry: dict[str, Any], reason: str) -> None:
    backend.write({"GET": entry})
    refusal = backend.refusal("responses.reload")
    assert refusal.startswith("responses.json:")
    assert reason in refusal


def test_names_are_relative_to_their_own_responses_file(backend: Backend) -> None:
    (backend.folder / "users" / "included.json").write_text('{"GET": {"/seven": {"$file": "7.json"}}}')
    backend.write({"$include": ["users/included.json"], "GET": {"/report": {"$file": "report.pdf"}}})
    client = backend.client()
    assert client.get("/seven").json() == {"id": 7}
    assert client.get("/report").content == b"%PDF"


def test_of_a_huge_file_parts_are_sent_and_the_whole_is_refused(start: Launcher, tmp_path: Path) -> None:
    huge = 1_000_000_000
    with (tmp_path / "huge.mp4").open("wb") as file:
        file.truncate(huge)
    backend = start({"GET": {"/film": {"$file": str(tmp_path / "huge.mp4")}}})
    with backend.client() as client:
        part = client.get("/film", headers={"Range": "bytes=999999990-"})
        assert (part.status_code, part.content) == (206, bytes(10))
        assert part.headers["Content-Range"] == f"bytes 999999990-999999999/{huge}"
        assert client.get("/film", headers={"If-None-Match": part.headers["ETag"]}).status_code == 304
        assert client.head("/film").headers["Content-Length"] == str(huge)
        whole = client.get("/film")
        assert (whole.status_code, "sent only in parts (Range)" in whole.text) == (500, True)
        beginning = client.get("/film", headers={"Range": "bytes=0-"})
        assert (beginning.status_code, len(beginning.content)) == (206, 64 * 1024 * 1024)
