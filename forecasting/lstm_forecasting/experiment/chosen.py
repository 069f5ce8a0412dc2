"""The names of the settings that `defaults` infers; apart from it, as this costs nothing to import."""

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
"""The settings that are inferred from the data unless they are fixed."""
