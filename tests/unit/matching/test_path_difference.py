import pytest

from fakebackend.matching.path_difference import path_difference
from fakebackend.matching.path_template import parse_path_template
from fakebackend.messages.url_path import ENCODED_SLASH


@pytest.mark.parametrize(
    ("wanted", "path", "difference"),
    [
        pytest.param("/a/{x}", "/a/b", None, id="none"),
        pytest.param("/a/{x}", "/b/c", "path differs at segment 1: 'b', expected 'a'", id="first"),
        pytest.param("/a/b/{x}", "/a/c/d", "path differs at segment 2: 'c', expected 'b'", id="a-later-one"),
        pytest.param("/a/b/{x}", "/c/d", "path differs at segment 1: 'c', expected 'a'", id="segments-before-length"),
        pytest.param("/users/{x}", "/user/7", "path differs at segment 1: 'user', did you mean 'users'?", id="slip"),
        pytest.param("/{x:int}", "/a", "path differs at segment 1: 'a', expected '{x:int}'", id="parameter"),
        pytest.param("/{x}", "/", "path differs at segment 1: '', expected '{x}'", id="empty-segment"),
        pytest.param("/{x}", "/a/b", "the path goes on with 'b'", id="goes-on"),
        pytest.param("/{x}", "/a/", "the path has a slash more at its end", id="slash-more"),
        pytest.param("/a/{x}", "/a", "the path ends before '{x}'", id="ends-before"),
        pytest.param("/{x}/", "/a", "the path lacks the slash at its end", id="slash-less"),
        pytest.param("/a/{p:path}", "/a/", None, id="rest-empty"),
        pytest.param("/a/{p:path}", "/a/b/c/", None, id="rest"),
        pytest.param("/a/{p:path}", "/a", "the path ends before '{p:path}'", id="rest-needs-its-slash"),
        pytest.param("/a/x{p:path}", "/a/xb/c", None, id="text-before-rest"),
        pytest.param("/x{p:path}", "/b/c", "path differs at segment 1: 'b', expected 'x{p:path}'", id="no-rest"),
        pytest.param(
            "/{a}.{p:path}", "/b/c.d", "path differs at segment 1: 'b', expected '{a}.{p:path}'", id="rest-elsewhere"
        ),
        pytest.param(
            "/{x}/ab", f"/7/\udcff{ENCODED_SLASH}", "path differs at segment 2: '\ufffd/', expected 'ab'", id="readable"
        ),
        pytest.param("/a/{x}", "*", "the path ends before 'a'", id="asterisk"),
    ],
)
def test_the_first_difference_from_left_to_right_is_told(wanted: str, path: str, difference: str | None) -> None:
    assert path_difference(parse_path_template(wanted).segments, wanted.split("/"), path) == difference


def test_a_segment_is_told_as_it_is_written() -> None:
    assert path_difference(("", "a b"), ("", "a%20b"), "/x") == "path differs at segment 1: 'x', expected 'a%20b'"
