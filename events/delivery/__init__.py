"""送达: what became of a letter, because it decides who answers for a delay."""
