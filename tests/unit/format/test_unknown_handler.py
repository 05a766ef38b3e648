import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.format.unknown_handler import check_handler_name

KNOWN = '$handler must be like "file.py:function" or a built-in handler (echo, goto, login, logout, page, uuid), got '


@pytest.mark.parametrize("name", ["echo", "login", "file.py:f", "no.py:f"])
def test_a_name_of_either_kind_is_let_pass(name: str) -> None:
    check_handler_name(name)


@pytest.mark.parametrize(
    ("name", "end"),
    [
        pytest.param("logn", '"logn", did you mean "login"?', id="slip"),
        pytest.param("handlers.py", '"handlers.py"', id="file-without-a-function"),
        pytest.param("", '""', id="nothing"),
    ],
)
def test_any_other_is_refused_with_all_that_are_built_in(name: str, end: str) -> None:
    with pytest.raises(ValidationError) as caught:
        check_handler_name(name)
    assert str(caught.value) == KNOWN + end
