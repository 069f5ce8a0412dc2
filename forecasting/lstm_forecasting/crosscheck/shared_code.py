"""Compares the code that all backends share with values computed by hand.

It is splits, scaling, transforms, recursion and the fit of the linear part: docs/specification.md sections 1
and 4. Comparing backends cannot show an error here, since all would have
it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.series.scaling import fit_scaler
from lstm_forecasting.data.series.splits import RowRange, split_by_fraction
from lstm_forecasting.data.series.transforms import fit_asinh, fit_logarithm
from lstm_forecasting.data.series.windows import window_starts
from lstm_forecasting.known.columns import KnownColumns
from lstm_plugins import ForecasterConfig, SeriesSet
from lstm_plugins.linear import LinearInputs, fit_linear
from lstm_plugins.records import Starts
from lstm_plugins.recursion import forecast_steps
from lstm_plugins.reference import ReferenceForecaster

NO_WINDOWS: Starts = np.empty(0, np.int64)


@dataclass(frozen=True)
class SharedCheck:
    """One value of the shared code: its name, the result and the right result, as texts."""

    name: str
    given: str
    wanted: str

    @property
    def passed(self) -> bool:
        """Whether both texts are equal."""
        return self.given == self.wanted


def check_shared_code() -> tuple[SharedCheck, ...]:
    """All values computed by hand, each with the result of the code."""
    return (*_splits(), *_scaling(), *_transforms(), *_recursion(), *_linear())


def _splits() -> Iterator[SharedCheck]:
    # Train and test are rounded down, validation gets the rest; 0.29 of 100 is 28.999... in binary.
    for rows, fractions, wanted in (
        (14400, (0.6, 0.2, 0.2), "0-8640, 8640-11520, 11520-14400"),
        (103, (0.7, 0.1, 0.2), "0-72, 72-83, 83-103"),
        (100, (0.29, 0.42, 0.29), "0-29, 29-71, 71-100"),
    ):
        split = split_by_fraction(rows, *fractions)
        given = ", ".join(f"{part.start}-{part.stop}" for part in (split.train, split.validation, split.test))
        yield SharedCheck(f"split of {rows} rows by {fractions}", given, wanted)
    # Inputs may reach back into the previous part; targets may not leave their own.
    for part, stride, wanted in (
        (RowRange(0, 10), 1, "[0, 1, 2, 3, 4]"),
        (RowRange(0, 10), 3, "[0, 3]"),
        (RowRange(10, 14), 1, "[6, 7, 8]"),
        (RowRange(14, 15), 1, "[]"),
    ):
        starts = window_starts(part, 4, 2, stride)
        name = f"windows of rows {part.start}-{part.stop} at stride {stride}"
        yield SharedCheck(name, str(starts.tolist()), wanted)


def _scaling() -> Iterator[SharedCheck]:
    # Rows after the training part are very different and must not count; the third column is constant.
    values = np.array(
        [[2.0, -1.0, 0.1], [4.0, 1.0, 0.1], [4.0, -1.0, 0.1], [6.0, 1.0, 0.1], [90.0, 70.0, 9.1]]
    )
    scaler = fit_scaler(values, ("a", "b", "c"), RowRange(0, 4))
    # sqrt(2), the population's deviation of 2, 4, 4, 6, and 1 for a constant column.
    for name, array, wanted in (
        ("scaler's mean", scaler.mean, "[4.0, 0.0, 0.1]"),
        ("scaler's deviation", scaler.deviation, "[1.4142135623730951, 1.0, 1.0]"),
        ("first row scaled", scaler.transform(values[0]), "[-1.414213562373095, -1.0, 0.0]"),
        ("last row scaled", scaler.transform(values[4]), "[60.81118318204308, 70.0, 9.0]"),
        ("scaling undone", scaler.inverse([[0.5, -2.0]], (1, 0))[0], "[0.5, 1.1715728752538097]"),
    ):
        yield SharedCheck(name, str(array.tolist()), wanted)


def _transforms() -> Iterator[SharedCheck]:
    # The least training value is 2, and a value that was not observed does not count.
    logarithm = fit_logarithm(np.array([4.0, 2.0, np.nan]))
    # The median is 3, and the median distance from it is 1.
    asinh = fit_asinh(np.array([1.0, 2.0, np.nan, 3.0, 4.0, 100.0]))
    for name, array, wanted in (
        ("logarithm of values", logarithm.apply(np.array([1.0, 4.0])), "[0.6931471806, 1.3862943611]"),
        ("logarithm undone", logarithm.undo(np.array([0.0, 1.0])), "[1.0, 2.7182818285]"),
        (
            "logarithm with zeros",
            fit_logarithm(np.zeros(1)).apply(np.array([-1.0, 1.0])),
            "[0.0, 0.6931471806]",
        ),
        ("inverse hyperbolic sine", asinh.apply(np.array([3.0, 4.4826])), "[0.0, 0.881373587]"),
        ("inverse hyperbolic sine undone", asinh.undo(np.array([1.0])), "[4.7423532897]"),
    ):
        yield SharedCheck(name, str(np.round(array, 10).tolist()), wanted)
    known = KnownColumns(("a",), np.array([[2.0], [4.0], [4.0], [6.0], [90.0]]))
    given = str(known.standardised(4)[:, 0].tolist()[3:])
    yield SharedCheck(
        "known column ahead of its training rows", given, "[1.414213562373095, 60.81118318204308]"
    )


def _recursion() -> Iterator[SharedCheck]:
    # A network of zeros forecasts its head's bias, 0.5; the second column is an indicator of missing values.
    rows = np.array([[3.0, 0.0], [4.0, 0.0], [4.0, 0.0]])
    config = ForecasterConfig(look_back=2, hidden_units=1, normalisation="none", precision="float64")
    network = _Recording(config, 2, (0,), indicators=1)
    weights = {name: np.zeros_like(array) for name, array in network.weights().items()}
    network.load_weights({**weights, "head.bias": np.array([0.5])})
    forecast_steps(network, SeriesSet(rows, (0,), (3,)), 3)
    _, second, third, _ = network.loaded
    for number, series, wanted in (
        ("second", second, "[[4.0, 0.0], [0.5, 1.0]]"),
        ("third", third, "[[0.5, 1.0], [0.5, 1.0]]"),
    ):
        yield SharedCheck(f"window of the {number} horizon", str(series.values.tolist()), wanted)


def _linear() -> Iterator[SharedCheck]:
    plain = ForecasterConfig(look_back=1, normalisation="none", linear="ridge", precision="float64")
    # Each value is the one before it plus 1. Without validation windows the slope is 1 / 1.01, and with one
    # the least penalty is best.
    steps = _fitted(plain, np.arange(6.0), np.arange(4))
    validated = _fitted(plain, np.arange(6.0), np.arange(4), np.array([4]))
    # Differences of -2, 4 and -2 over two rows, so windows weigh 1, 4 and 1; then 3, -1 and -1 follow.
    deviating = replace(plain, look_back=2, normalisation="last-deviation")
    weighted = _fitted(deviating, np.array([0.0, 2, 5, 4, 0, -1, 0, 2, 1]), np.array([0, 3, 6]))
    # The 1e-5 in the windows' scale changes the fifth digit.
    for name, weights, digits, wanted in (
        ("linear part", steps, 7, "[0.990099, 1.0148515]"),
        ("linear part with a validation window", validated, 7, "[0.999999, 1.0000015]"),
        ("linear part of weighted windows", weighted, 4, "[-0.3731, 0.0, 0.2488]"),
    ):
        yield SharedCheck(name, str([round(value, digits) for value in weights]), wanted)


def _fitted(
    config: ForecasterConfig, rows: Array, training: Starts, validation: Starts = NO_WINDOWS
) -> list[float]:
    """Kernel and bias of the linear part for one column."""
    given = LinearInputs(config, SeriesSet(rows[:, None], (0,), (len(rows),)), 0)
    arrays = fit_linear(given, training, validation)
    return [*arrays["linear.kernel"][:, 0].tolist(), *arrays["linear.bias"].tolist()]


@dataclass(eq=False)
class _Recording(ReferenceForecaster):
    """Keeps every series that it loads."""

    loaded: list[SeriesSet] = field(default_factory=list)

    def load_series(self, series: SeriesSet) -> None:
        super().load_series(series)
        self.loaded.append(series)
