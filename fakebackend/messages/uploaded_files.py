"""The files of a multipart body as templates and handlers see them."""

import base64
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from fakebackend.messages.form import Part
from fakebackend.messages.url_path import readable

_KEYS: dict[str, Callable[[Part], Any]] = {
    "name": lambda part: readable(part.filename or ""),
    "type": lambda part: part.type,
    "size": lambda part: len(part.content),
    "text": lambda part: readable(part.text),
    "base64": lambda part: base64.b64encode(part.content).decode("ascii"),
}


class UploadedFile(Mapping[str, Any]):
    """One file: `name`, `type`, `size` (bytes), `text` and `base64`, each worked out when asked for."""

    def __init__(self, part: Part) -> None:
        self._part = part

    def __getitem__(self, key: str) -> Any:
        return _KEYS[key](self._part)

    def __iter__(self) -> Iterator[str]:
        return iter(_KEYS)

    def __len__(self) -> int:
        return len(_KEYS)

    def __getattr__(self, name: str) -> Any:
        if name in _KEYS:
            return self[name]
        raise AttributeError(f"an uploaded file has {', '.join((*_KEYS, 'content'))}, and no {name}")

    @property
    def content(self) -> bytes:
        """Return the bytes as they were sent."""
        return self._part.content

    def __repr__(self) -> str:
        return f"<{self['name']}, {self['size']:,} bytes>"


class UploadedFiles(Mapping[str, UploadedFile]):
    """The first file of each field; `getlist(name)` has all."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._files: dict[str, list[UploadedFile]] = {}
        for part in parts:
            if part.filename is not None:
                self._files.setdefault(readable(part.name), []).append(UploadedFile(part))

    def getlist(self, name: str) -> list[UploadedFile]:
        """Return all files of a field, none for an unknown one."""
        return list(self._files.get(name, ()))

    def __getitem__(self, name: str) -> UploadedFile:
        return self._files[name][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)
