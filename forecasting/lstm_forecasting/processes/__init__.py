"""Backends in processes of their own: host, child, the protocol between them, and the work itself.

Start with `messages` (what is said), then `work` (what a backend does, with or without a process), `child`
and `host` (the two ends of the pipes) and `pool` (processes that serve one experiment after another). What a
child imports from here costs no more than NumPy: no polars, nothing of the experiment.
"""
