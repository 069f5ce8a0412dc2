"""The numbers of an inspection as sentences, the same on the command line and in the app."""

from lstm_forecasting.inspect.batches import Clipping, GradientAgreement

_ROUNDING = 1e-12
"""Smaller differences are rounding noise and vary with the processor."""


def closeness(apart: float) -> str:
    """The difference of two results of the same sum: "less than 1e-12", or its size."""
    return f"less than {_ROUNDING:.0e}" if apart < _ROUNDING else f"{apart:.1e}"


def agreement(found: GradientAgreement, backend: str, loss: float) -> str:
    """How the windows of a batch agree, and that their mean is the gradient that a backend computes."""
    against = int((found.cosines < 0).sum())
    return (
        f"The mean has the norm {found.norm:.4g}; {against} of {len(found.norms)} windows point against it. "
        f"{backend}'s gradient of the batch, whose loss is {loss:.4g}, differs from it by "
        f"{closeness(found.apart)}."
    )


def clipped(found: Clipping) -> str:
    """What clipping does to a gradient."""
    if not found.limit:
        return "Clipping is off: the optimizer gets the mean unchanged."
    norm, limit = f"Over all arrays its norm is {found.norm:.4g}", f"clip_norm = {found.limit:g}"
    if found.factor == 1.0:
        return f"{norm}, not above {limit}: the optimizer gets it unchanged."
    return f"{norm}, above {limit}: the optimizer gets {found.factor:.4g} times the mean."


WITHOUT_DROPOUT = "The update itself used dropout, which is left out here."
