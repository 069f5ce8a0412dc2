"""Types of the arrays in this package."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Truths = NDArray[np.bool_]
Times = NDArray[np.datetime64]
