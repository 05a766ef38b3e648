"""The front that stands in mitmproxy, and the only part that knows it."""

from fakebackend.proxy import filter_condition

__all__ = ["filter_condition"]  # which has `$when.filter` known from here on
