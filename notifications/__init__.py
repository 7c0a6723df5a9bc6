"""Who hears what, once: letters by rule, a box filled with the fact, delivery at least once."""
