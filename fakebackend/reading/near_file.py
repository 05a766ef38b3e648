"""Which file is meant by a name that stands for none."""

import os

from fakebackend.diagnostics.wording import did_you_mean


def near_file(path: str) -> str:
    """Return the end of a sentence: what file of the folder is nearly called so, or that there is no such folder."""
    folder, name = os.path.split(path)
    try:
        return did_you_mean(name, set(os.listdir(folder or ".")).difference((name,)), cutoff=0.75)
    except OSError:
        return f"; there is no folder {os.path.basename(folder)}"
