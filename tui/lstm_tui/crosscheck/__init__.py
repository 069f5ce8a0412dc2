"""Cross-check: which step of a backend differs, and why."""
