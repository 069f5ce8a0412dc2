"""What is known ahead of time: the user's own columns, the calendar and holidays."""
