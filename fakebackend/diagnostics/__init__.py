"""What is wrong and where, and how it is said."""
