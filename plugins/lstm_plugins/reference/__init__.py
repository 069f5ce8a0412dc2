"""docs/specification.md as plain NumPy, to be read and compared with.

Read `windows`, `cell`, `attention`, `network`, `loss`, `optimizer` and `schedule`; then `steps`, which
combines them into the forward and the backward pass; then `training`. `forecaster` implements the contract.
"""

from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.steps import Steps
from lstm_plugins.reference.training import fit_plainly

__all__ = ["ReferenceForecaster", "Steps", "fit_plainly"]
