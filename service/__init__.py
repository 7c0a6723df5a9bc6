"""The edge and the wiring: pages, API, command line, clock and delivery."""
