"""LSTMs of other people's model files: read, written, and held against the reference.

One module a format. A file is data here: nothing of it is unpickled, imported or run.
"""
