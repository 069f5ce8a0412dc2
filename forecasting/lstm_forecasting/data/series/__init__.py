"""What is known of a series once it has been read: season, split, scale, windows, fills and bounds."""
