"""The demonstration: a made-up county whose last months were written through the real command path."""
