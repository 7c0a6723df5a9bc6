"""封存: a signed Merkle root over everything so far, kept in the record and outside it."""
