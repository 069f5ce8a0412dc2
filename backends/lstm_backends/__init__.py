"""The backends that come with lstm-tui: the same file names in each, to be read side by side."""
