"""The letter box: filled in the transaction of the fact, emptied by delivery, asked by pages. Not a projection."""

from notifications.outbox.tables import METADATA, LetterState, letters

__all__ = ["METADATA", "LetterState", "letters"]
