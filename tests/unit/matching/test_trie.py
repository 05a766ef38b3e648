import pytest

from fakebackend.matching.path_template import parse_path_template
from fakebackend.matching.trie import PathTrie

PATHS = [
    "/users/{id}",
    "/users/{id:int}",
    "/users/{id}/posts",
    "/users/{id}.json",
    "/users/x-{id}.json",
    "/users/{a}.{b}",
    "/{kind}/{id}",
    "/static/{p:path}",
    "/static/v{p:path}",
    "/{p:path}",
]


def trie_of(paths: list[str]) -> PathTrie[str]:
    return PathTrie({parse_path_template(path).segments: path for path in paths})


@pytest.mark.parametrize("paths", [PATHS, PATHS[::-1]], ids=["forwards", "backwards"])
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(
            "/users/7",
            {
                "/users/{id}": ("7",),
                "/users/{id:int}": ("7",),
                "/{kind}/{id}": ("users", "7"),
                "/{p:path}": ("users/7",),
            },
            id="integer",
        ),
        pytest.param(
            "/users/x-1.json",
            {
                "/users/{id}": ("x-1.json",),
                "/users/{id}.json": ("x-1",),
                "/users/x-{id}.json": ("1",),
                "/users/{a}.{b}": ("x-1", "json"),
                "/{kind}/{id}": ("users", "x-1.json"),
                "/{p:path}": ("users/x-1.json",),
            },
            id="text-around-parameters",
        ),
        pytest.param(
            "/users/7/posts", {"/users/{id}/posts": ("7",), "/{p:path}": ("users/7/posts",)}, id="literal-behind"
        ),
        pytest.param(
            "/static/", {"/static/{p:path}": ("",), "/{p:path}": ("static/",)}, id="rest-may-be-empty-segments-not"
        ),
        pytest.param("/static", {"/{p:path}": ("static",)}, id="rest-needs-its-slash"),
        pytest.param(
            "/static/v1/a",
            {"/static/{p:path}": ("v1/a",), "/static/v{p:path}": ("1/a",), "/{p:path}": ("static/v1/a",)},
            id="rest-after-text",
        ),
        pytest.param("/", {"/{p:path}": ("",)}, id="root"),
        pytest.param("*", {}, id="asterisk"),
    ],
)
def test_every_pattern_that_matches_is_found_with_what_its_parameters_take(
    paths: list[str], path: str, expected: dict[str, tuple[str, ...]]
) -> None:
    found = list(trie_of(paths).find(path))
    assert dict(found) == expected
    assert len(found) == len(expected)


def test_things_that_differ_in_their_last_segments_only_are_told_apart() -> None:
    trie = trie_of([f"/a/{{x}}/{number}/{end}" for number in range(3) for end in ("b", "{y}", "{z:path}", "c/d")])
    assert sorted(thing for thing, _ in trie.find("/a/7/1/b")) == ["/a/{x}/1/b", "/a/{x}/1/{y}", "/a/{x}/1/{z:path}"]
    assert sorted(thing for thing, _ in trie.find("/a/7/1/c/d")) == ["/a/{x}/1/c/d", "/a/{x}/1/{z:path}"]
    assert list(trie.find("/a/7/3/b")) == list(trie.find("/a/7/1")) == list(trie.find("/a")) == []


def test_a_path_that_leaves_the_tree_finds_what_hangs_where_it_left() -> None:
    trie = trie_of(["/users/{id}/posts", "/users/{id}/tags/{p:path}", "/orders/{id}", "/users/{id}.json/x"])
    assert sorted(trie.near("/users/7/post", 5)) == ["/users/{id}/posts", "/users/{id}/tags/{p:path}"]
    assert len(trie.near("/nowhere", 2)) == 2
    assert len(trie.near("/nowhere", 9)) == 4
    assert trie_of([]).near("/a", 3) == []
