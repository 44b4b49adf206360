"""Forms: how each is built, and how its answers are read."""
