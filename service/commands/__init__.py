"""Turning what came in — JSON, a form, a file — into a command, and a command into facts."""
