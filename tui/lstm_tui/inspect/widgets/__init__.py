"""The widgets of the screen Inspect."""
