"""The course as the front ends show it: its figures as text, and where a reader is in it."""
