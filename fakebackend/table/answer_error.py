"""What goes wrong while an entry answers."""

from fakebackend.table.entry import Entry


class AnswerError(Exception):
    """An entry could not answer; the text says where it stands, which it is, and why.

    `entry` is None where it is no entry, but `$unmatched`.
    """

    def __init__(self, text: str, entry: Entry | None = None) -> None:
        super().__init__(text)
        self.entry = entry
