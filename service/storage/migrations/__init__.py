"""The stored tables' migrations, in order."""
