"""Backends in processes of their own: host, child, the protocol between them, and the work itself.

Start with `messages` and `events` (what host and child send), then `work` (what a backend does, with or
without a process), `child` and `host` (the two ends of the pipes) and `pool` (processes that serve one
experiment after another). A child imports nothing heavier than NumPy from here: no polars, no experiment.
"""
