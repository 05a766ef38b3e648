import pytest

from fakebackend.answers.placeholders import check_placeholders
from fakebackend.diagnostics.validation_error import ValidationError


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("plain.json", id="none"),
        pytest.param("{id}/{name}.json", id="all-there"),
        pytest.param("{{ nick }}-{a:b}-{a/b}", id="other-braces"),
    ],
)
def test_what_the_url_key_has_may_be_named(text: str) -> None:
    check_placeholders("$file", text, ["id", "name", " nick "])


@pytest.mark.parametrize(
    ("key", "text", "message"),
    [
        pytest.param(
            "$file",
            "{id}/{nam}.json",
            '$file names {nam}, which the URL key does not have, did you mean "name"?',
            id="a-slip",
        ),
        pytest.param("$forward", "/{other}", "$forward names {other}, which the URL key does not have", id="another"),
    ],
)
def test_what_it_has_not_is_refused(key: str, text: str, message: str) -> None:
    with pytest.raises(ValidationError) as error:
        check_placeholders(key, text, ["id", "name"])
    assert str(error.value) == message
