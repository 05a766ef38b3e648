"""What goes wrong while an entry answers."""


class AnswerError(Exception):
    """An entry could not answer; the text says where it stands, which it is, and why."""
