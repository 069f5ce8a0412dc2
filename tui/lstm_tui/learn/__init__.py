"""Learn: the course."""
