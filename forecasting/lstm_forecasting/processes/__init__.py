"""Runs each backend in its own process: host, child, the protocol between them, and the work itself.

Start with `messages` and `events` (what host and child send each other), then `work` (what a backend does,
with or without a process), `child` and `host` (the two ends of the pipes) and `pool` (processes that are
reused by one experiment after another). A child imports nothing heavier than NumPy from here.
"""
