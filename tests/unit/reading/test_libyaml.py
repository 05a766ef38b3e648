import sys

import pytest

from fakebackend.reading.libyaml import libyaml


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Both are in the extra `test`; where they are not, there is nothing to see."""
    pytest.importorskip("yaml.cyaml")
    pytest.importorskip("_ruamel_yaml")
    for module in request.param:
        monkeypatch.setitem(sys.modules, module, None)


@pytest.mark.parametrize(
    ("without", "module"),
    [
        pytest.param([], "yaml", id="both"),
        pytest.param(["_ruamel_yaml"], "yaml", id="pyyaml"),
        pytest.param(["yaml"], "ruamel.yaml.clib", id="clib"),
        pytest.param(["yaml.cyaml"], "ruamel.yaml.clib", id="pyyaml-without-libyaml"),
    ],
    indirect=["without"],
)
def test_pyyaml_is_taken_first_as_it_is_faster_and_newer(without: None, module: str) -> None:
    found = libyaml()
    assert found is not None
    parser, error = found
    assert parser.__module__.startswith(module)
    with pytest.raises(error):
        list(iter(parser("[").get_event, None))


@pytest.mark.parametrize("without", [["yaml", "_ruamel_yaml"]], indirect=True)
def test_without_either_there_is_none(without: None) -> None:
    assert libyaml() is None
