"""What is asked of a request: its path, its query, and whatever `$when` names."""
