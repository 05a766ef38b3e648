import pytest

from fakebackend.matching.foreign_spelling import foreign_spelling


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("/users/:id", "a parameter is written {id}", id="express"),
        pytest.param("/a/:b_1/c", "a parameter is written {b_1}", id="in-the-middle"),
        pytest.param("https://h/:id?a=1", "a parameter is written {id}", id="with-a-host"),
        pytest.param("/a/*", "one segment is written {name}, the rest {rest:path}", id="star"),
        pytest.param("/a/<id>", "a parameter is written {id}", id="flask"),
        pytest.param("/a/<int:id>/b", "a parameter is written {id:int}", id="flask-with-a-type"),
        pytest.param("/a/<string:id>", "a parameter is written {id}", id="flask-with-another-type"),
        pytest.param("/a/[id]", "a parameter is written {id}", id="next"),
        pytest.param("/a/${id}", "a parameter is written {id}", id="template-string"),
        pytest.param("/*/a", "one segment is written {name}", id="star-first"),
        pytest.param("/a/**", "the rest is written {rest:path}", id="two-stars"),
        pytest.param("//*.example.com/a", 'a key without a host, as "/a", is for all of them', id="host"),
        pytest.param("/a//b///c", 'with an empty segment; without one it is "/a/b/c"', id="empty-segment"),
        pytest.param("//h/a//b", 'with an empty segment; without one it is "//h/a/b"', id="empty-segment-with-a-host"),
    ],
)
def test_what_others_write_is_said_in_our_spelling(url: str, said: str) -> None:
    assert foreign_spelling(url) == f'"{url}" is taken literally: {said}'


@pytest.mark.parametrize(
    "url",
    [
        "/users/{id}",
        "/a:b",
        "/items/{id}:archive",
        "/a/:",
        "/a/:1",
        "/a/b*",
        "/a/***",
        "/a/<b",
        "/a/[b]c",
        "/a/$b",
        "/a/{b}/$count",
        "//h/a",
        "https://h:80/a",
        "/a?b=//c",
        "/a?b=/*",
        "~/users/:id/*//",
        "*",
    ],
)
def test_what_is_meant_as_it_stands_is_not_spoken_of(url: str) -> None:
    assert foreign_spelling(url) is None
