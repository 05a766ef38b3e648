"""From the words of a responses file to all that stands before it in the order of imports."""
