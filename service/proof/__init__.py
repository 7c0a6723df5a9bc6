"""What makes the record provable to others: keys, seals outside the database, proofs, dossiers."""
