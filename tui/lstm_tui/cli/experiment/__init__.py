"""Experiments on the command line: their options, plan, progress, and result."""
