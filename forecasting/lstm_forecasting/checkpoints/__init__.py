"""The state of one backend's training as files: all that a fit needs to resume and a forecast needs.

All files are safetensors: the arrays as tensors, their meaning as JSON in the header, and no code in either.
"""
