"""What a file is written in: its bytes become columns of text."""
