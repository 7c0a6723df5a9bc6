"""SQL of what is not the record: accounts, sessions, tokens, leases, and the migrations of all stored tables."""
