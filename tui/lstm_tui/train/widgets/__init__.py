"""The right half of the Train screen."""
