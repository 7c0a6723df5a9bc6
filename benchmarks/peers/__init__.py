"""Programs of the peers measured beside the service; each runs in an environment of its own (``benchmarks.apart``)."""
