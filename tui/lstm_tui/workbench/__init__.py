"""The app without its screens and keys: work runs in workers and changes attributes, no widget.

Every module adds one subject to the class of the one below it: state, processes, training, checking,
planning, series, runs, and at last the workbench.
"""
