"""Cross-check: the first step at which a backend differs from the reference, and the reason."""
