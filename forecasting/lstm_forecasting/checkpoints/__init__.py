"""The state of one backend's training as files: everything a fit needs to go on, a forecast to be made.

All files are safetensors: the arrays as tensors, what they mean as JSON in the header, and no code in either.
"""
