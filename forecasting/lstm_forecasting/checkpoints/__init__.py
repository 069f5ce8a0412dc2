"""The training of one backend as files: all that a fit needs to resume, and a forecast needs.

All files are safetensors: arrays as tensors, their meaning as JSON in the header, and no code.
"""
