"""The left half of the Train screen."""
