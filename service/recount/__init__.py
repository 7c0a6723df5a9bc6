"""重数: every rate counted again by a plain loop over the facts, and held against the read models."""
