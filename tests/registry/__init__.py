"""A stand-in for the scholarly registries: a real HTTP server on loopback that behaves as they do, faults included."""
