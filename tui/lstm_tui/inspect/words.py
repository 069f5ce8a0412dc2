"""What the numbers of an inspection say, in sentences that both front ends have."""

from lstm_forecasting.inspect.batches import Clipping, GradientAgreement

_ROUNDING = 1e-12
"""Below this the digits of a difference are chance, and other on every processor."""


def closeness(apart: float) -> str:
    """How far two results of the same sum lie apart: "better than 1e-12", or the distance."""
    return f"better than {_ROUNDING:.0e}" if apart < _ROUNDING else f"{apart:.1e}"


def agreement(found: GradientAgreement, backend: str, loss: float) -> str:
    """How the windows of a batch agree, and that their mean is its gradient.

    Args:
        found: of the batch, in all arrays or one.
        backend: what computed it, its name for people.
        loss: of the batch.
    """
    against = int((found.cosines < 0).sum())
    return (
        f"The mean has the norm {found.norm:.4g}; {against} of {len(found.norms)} windows pull against it. "
        f"It is {backend}'s gradient of the batch, whose loss is {loss:.4g}, to {closeness(found.apart)}."
    )


def clipped(found: Clipping) -> str:
    """What clipping makes of a gradient."""
    if not found.limit:
        return "Clipping is off: the optimizer is given the mean as it is."
    norm, limit = f"Over all arrays its norm is {found.norm:.4g}", f"clip_norm = {found.limit:g}"
    if found.factor == 1.0:
        return f"{norm}, not above {limit}: the optimizer is given it as it is."
    return f"{norm}, above {limit}: the optimizer is given {found.factor:.4g} times the mean."
