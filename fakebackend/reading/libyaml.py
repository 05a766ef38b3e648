"""The parser written in C, from whichever package brings it along."""

from typing import Any


def libyaml() -> tuple[Any, type[Exception]] | None:
    """Return a class whose instances give the events of a text by `get_event`, and what they raise; None without one.

    PyYAML is the extra `yaml`; ruamel.yaml.clib came with ruamel.yaml until 0.18, on Python before 3.13.
    """
    try:
        from yaml import YAMLError  # noqa: PLC0415  # may be there or not
        from yaml.cyaml import CParser  # noqa: PLC0415
    except ImportError:
        pass
    else:
        return CParser, YAMLError
    try:
        from _ruamel_yaml import CParser as ClibParser  # noqa: PLC0415
        from ruamel.yaml.error import YAMLError as RuamelError  # noqa: PLC0415
    except ImportError:
        return None
    return ClibParser, RuamelError
