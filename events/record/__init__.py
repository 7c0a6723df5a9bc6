"""The append-only record: the one place where what happened is written down."""
