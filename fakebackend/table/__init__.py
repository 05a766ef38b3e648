"""Who answers a request, and why not the others."""
