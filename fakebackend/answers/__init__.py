"""What comes back, and what has to be done before it does."""
