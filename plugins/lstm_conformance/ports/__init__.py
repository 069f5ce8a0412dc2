"""LSTMs in model files of other programs: read, written, and compared with the reference.

One module per format. Files are only data: nothing is unpickled, imported or run.
"""
