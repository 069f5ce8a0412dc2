"""What it means for a backend to agree with the reference, and how that is proved."""
