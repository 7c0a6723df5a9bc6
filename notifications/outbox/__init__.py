"""The letter box: filled in the transaction of the fact, emptied by delivery, asked by pages. Not a projection."""

from notifications.outbox.asking import LetterPage, LetterRow, letters, one, unread
from notifications.outbox.tables import METADATA, LetterState

__all__ = ["METADATA", "LetterPage", "LetterRow", "LetterState", "letters", "one", "unread"]
