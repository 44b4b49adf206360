"""What time alone makes due in a case: crossed clocks, and an inactive owner."""
