"""The form on the left of the Train screen."""
