"""What features are made of, and which knows none of them."""
