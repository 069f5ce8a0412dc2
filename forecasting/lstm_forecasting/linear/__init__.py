"""Fitted linear forecasters: ridge regressions on windows, and their means."""
