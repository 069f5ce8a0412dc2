"""docs/specification.md as plain NumPy, to be read in one sitting and to be held against.

Read `windows`, `cell`, `attention`, `network`, `loss`, `backpropagation`, `optimizer`, `schedule`, `training`
in this order; `steps` lists all their functions as a record in which any one can be replaced, and
`forecaster` puts them behind the contract.
"""

from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.steps import Steps
from lstm_plugins.reference.training import fit_plainly

__all__ = ["ReferenceForecaster", "Steps", "fit_plainly"]
