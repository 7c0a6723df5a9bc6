"""What the service does in a second, measured beside a limit or a peer that runs in the same minutes."""
