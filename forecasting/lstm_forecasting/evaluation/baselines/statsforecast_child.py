"""Fits AutoETS and Theta of statsforecast in a process of its own, which imports pandas and SciPy.

Standard input has one JSON object: `series`, a list of lists of numbers, and `season` in rows, 1 for none.
Standard output gets one: `ets` and `theta`, the fields of `local_models` for each series.
"""

import json
import sys
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONGEST_SEASON = 24
"""ETS has a state for each row of a season; statsforecast ignores longer ones."""


def main() -> None:
    """Reads the series, and writes the fitted parameters."""
    request = json.load(sys.stdin)
    warnings.simplefilter("ignore")
    series = [np.array(values, np.float64) for values in request["series"]]
    season = int(request["season"])
    found = {
        "ets": [_ets(values, season) for values in series],
        "theta": [_theta(values, season) for values in series],
    }
    json.dump(found, sys.stdout)


def _ets(values: NDArray[np.float64], season: int) -> dict[str, Any]:
    from statsforecast.models import AutoETS

    model = AutoETS(season_length=season if season <= LONGEST_SEASON else 1).fit(values).model_
    _, trend, seasonal, damped = model["components"]
    alpha, beta, gamma, phi, level, *states = (float(number) for number in model["par"])
    has_trend = trend != "N"
    slope = states.pop(0) if has_trend else 0.0
    return {
        "trend": has_trend,
        "seasonal": seasonal,
        "alpha": alpha,
        "beta": beta if has_trend else 0.0,
        "gamma": gamma if seasonal != "N" else 0.0,
        "phi": phi if damped == "D" else 1.0,
        "level": level,
        "slope": slope,
        "season": states if seasonal != "N" else [],
    }


def _theta(values: NDArray[np.float64], season: int) -> dict[str, Any]:
    from statsforecast.models import Theta

    multiplicative = bool(values.min() > 0)
    kind = "multiplicative" if multiplicative else "additive"
    model = Theta(season_length=season, decomposition_type=kind).fit(values).model_
    parameters = model["par"]
    effects: list[float] = []
    if model.get("decompose"):
        # Those of the rows after the end, turned so that they begin with the first row.
        following = np.asarray(model["seas_forecast"]["mean"], np.float64)[:season]
        effects = np.roll(following, len(values) % season).tolist()
    return {
        "alpha": float(parameters["alpha"]),
        "level": float(parameters["initial_smoothed"]),
        "theta": float(parameters["theta"]),
        "multiplicative": multiplicative,
        "season": effects,
    }


if __name__ == "__main__":
    main()
