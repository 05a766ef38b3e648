"""From bytes to data of which every part knows where it stands."""
