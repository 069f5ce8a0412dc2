"""What features are built from. It imports no feature."""
