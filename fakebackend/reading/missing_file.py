"""What to do where there is no responses file."""

import os

from fakebackend.reading.detect import ENDINGS

IN_MITMPROXY = "--set responsesfile={}"
"""How another file is named to mitmproxy; the braces stand for the file."""


def no_such_file(path: str, name: str, named_with: str) -> str:
    """Return what to say of a responses file that is missing, `name` to people, and how to name another one instead.

    One beside it that differs in its ending alone is hardly another's: it is the one to be named.
    """
    folder, file = os.path.split(path)
    others = [os.path.splitext(file)[0] + ending for ending in ENDINGS]
    other = next((each for each in others if each != file and os.path.isfile(os.path.join(folder, each))), None)
    if other is None:
        example = '{"GET": {"/user": {"name": "John"}}}'
        another = named_with.format("FILE")
        return f"there is no such file: create it, for example {example}, or name another with {another}"
    beside = os.path.join(os.path.dirname(name), other)
    written = f'"{beside}"' if " " in beside else beside
    return f"there is no such file, but {other} in {folder}: name that with {named_with.format(written)}"
