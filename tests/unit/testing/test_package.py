import pytest

import fakebackend.testing
from fakebackend.testing.fake_backend import FakeBackend


def test_the_fake_backend_is_importable_from_the_package() -> None:
    assert fakebackend.testing.FakeBackend is FakeBackend
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        fakebackend.testing.Nothing  # noqa: B018  # it is asked for to fail
