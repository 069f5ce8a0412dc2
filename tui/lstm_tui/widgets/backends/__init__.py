"""What the Backends screen shows."""
