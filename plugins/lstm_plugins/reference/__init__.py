"""docs/specification.md as plain NumPy: read it in one sitting, compare against it.

Read `windows`, `cell`, `attention`, `network`, `loss`, `optimizer` and `schedule`; then `steps`, which makes
the forward and the backward pass of them; then `training`. `forecaster` puts it all behind the contract.
"""

from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.steps import Steps
from lstm_plugins.reference.training import fit_plainly

__all__ = ["ReferenceForecaster", "Steps", "fit_plainly"]
