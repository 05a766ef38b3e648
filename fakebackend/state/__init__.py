"""What is remembered between requests, and what one matched request sees of it."""
