import pytest

from fakebackend.matching.literal_path import LiteralPath
from fakebackend.messages.path_params import NO_PARAMS
from fakebackend.messages.url_path import ENCODED_SLASH


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        pytest.param("/", ("", ""), id="root"),
        pytest.param("/a/b", ("", "a", "b"), id="two"),
        pytest.param("/a/", ("", "a", ""), id="slash-at-the-end"),
        pytest.param(f"/a{ENCODED_SLASH}b", ("", f"a{ENCODED_SLASH}b"), id="encoded-slash-is-in-a-segment"),
    ],
)
def test_a_literal_path_asks_for_each_of_its_segments(text: str, segments: tuple[str, ...]) -> None:
    path = LiteralPath(text)
    assert path.segments == segments
    assert (path.parameters, path.is_simple) == ((), True)


@pytest.mark.parametrize("other", ["/A", "/a/", "/a/b", "/", "a", "*", "/\udc61"])
def test_a_literal_path_matches_itself_alone(other: str) -> None:
    path = LiteralPath("/a")
    assert path.match("/a") is NO_PARAMS
    assert path.match(other) is None
    assert not path.covers(LiteralPath(other))


def test_a_literal_path_matches_an_asterisk_only_as_such() -> None:
    assert LiteralPath("*").match("*") is NO_PARAMS
    assert LiteralPath("/*").match("*") is None


@pytest.mark.parametrize(
    ("path", "difference"),
    [
        pytest.param("/users/all", None, id="the-same"),
        pytest.param("/user/all", "path differs at segment 1: 'user', did you mean 'users'?", id="slip"),
        pytest.param("/users/all/7", "the path goes on with '7'", id="longer"),
        pytest.param("/users", "the path ends before 'all'", id="shorter"),
        pytest.param("/users/all/", "the path has a slash more at its end", id="slash"),
    ],
)
def test_the_first_thing_that_differs_is_named(path: str, difference: str | None) -> None:
    assert LiteralPath("/users/all").difference(path) == difference


def test_a_difference_is_readable() -> None:
    assert LiteralPath(f"/a{ENCODED_SLASH}b/c").difference("/a") == "path differs at segment 1: 'a', expected 'a/b'"
