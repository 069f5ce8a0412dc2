"""Which settings follow the data; not in `defaults`, which chooses them, as this costs nothing to import."""

CHOSEN = (
    "look_back",
    "horizon",
    "attention",
    "patch",
    "normalisation",
    "learning_rate",
    "batch_size",
    "epochs",
)
"""The settings that come from the data unless they are fixed."""
