"""Options that are set and do not exist, but are nearly ours: mitmproxy keeps them and says nothing."""

from collections.abc import Iterator

from mitmproxy import ctx

from fakebackend.diagnostics.escaping import abbreviated
from fakebackend.diagnostics.wording import nearest
from fakebackend.proxy.options import OPTIONS

_ALIKE = 0.75  # less would take other tools' options for ours, as one config.yaml serves all of mitmproxy's
_PREFIX = "responses_"


def mistyped_options() -> Iterator[str]:
    """Yield what is to be said of each once all scripts are loaded, so that nobody will add it any more."""
    for name in ctx.options.deferred:
        meant = _PREFIX + name if _PREFIX + name in OPTIONS else nearest(name, OPTIONS, cutoff=_ALIKE)
        if meant is not None:
            yield f"there is no option {abbreviated(name)}, so setting it does nothing: did you mean {meant}?"
