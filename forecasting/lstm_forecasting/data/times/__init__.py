"""Times: read, placed on a grid, named, and continued into the future."""
