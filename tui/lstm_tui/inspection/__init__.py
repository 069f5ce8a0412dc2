"""What the screen Inspect shows, without its widgets: what is asked of the engine, and what is made of it."""
