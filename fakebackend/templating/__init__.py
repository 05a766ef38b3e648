"""Values that are worked out anew for each request."""
