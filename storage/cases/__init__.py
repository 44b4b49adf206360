"""Cases: found, searched, loaded together, and inserted."""
