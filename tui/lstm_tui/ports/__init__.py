"""Ports: check and convert LSTMs of other programs."""
