"""Sample autocorrelation of a series, and tests of whether chance explains it.

Sources: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition, sections 2.8 and
5.4, for the sample autocorrelation and how many lags to test; Ljung and Box, "On a measure of lack of fit in
time series models", Biometrika 65 (1978); Bartlett, "On the theoretical specification and sampling
properties of autocorrelated time-series", Supplement to the Journal of the Royal Statistical Society 8
(1946); Stoffer and Toloi, "A note on the Ljung-Box-Pierce portmanteau statistic with missing data",
Statistics & Probability Letters 13 (1992), for series with gaps.
"""

import math

import numpy as np

from lstm_forecasting.data.arrays import Array, Integers, Truths

_TWO_SIDED_95 = 1.96


def lagged_products(series: Array, longest: int) -> Array:
    """Sums of x_t · x_(t−k) for the lags k from 0 to `longest`, computed by FFT."""
    size = 1 << (len(series) + longest).bit_length()
    spectrum = np.fft.rfft(series, size)
    products: Array = np.fft.irfft(spectrum * spectrum.conj(), size)[: longest + 1]
    return products


def autocorrelations(series: Array, longest: int) -> Array:
    """Sample autocorrelations at lags 1 to `longest`; nan for a constant series.

    Raises:
        ValueError: `longest` is not less than the length of the series.
    """
    if longest >= len(series):
        raise ValueError(f"{len(series)} values have no autocorrelation at lag {longest}")
    # Divided by the largest value, so that no square overflows or underflows.
    unit = float(np.abs(series).max(initial=0.0))
    if unit == 0 or float(np.ptp(series)) <= 1e-12 * unit:
        return np.full(longest, math.nan)
    scaled = series / unit
    products = lagged_products(scaled - scaled.mean(), longest)
    return np.asarray(np.clip(products[1:] / products[0], -1.0, 1.0))


def autocorrelations_with_gaps(series: Array, observed: Truths, longest: int) -> tuple[Array, Integers]:
    """Autocorrelations at lags 1 to `longest` over the pairs of observed values, and the numbers of pairs.

    A correlation without pairs is 0; all are nan if the observed values are constant.

    Raises:
        ValueError: `longest` is not less than the length of the series.
    """
    if longest >= len(series):
        raise ValueError(f"{len(series)} values have no autocorrelation at lag {longest}")
    pairs = np.rint(lagged_products(observed.astype(np.float64), longest)).astype(np.int64)
    known = series[observed]
    unit = float(np.abs(known).max(initial=0.0))
    if unit == 0 or float(np.ptp(known)) <= 1e-12 * unit:
        return np.full(longest, math.nan), pairs[1:]
    centred = np.where(observed, series / unit - (known / unit).mean(), 0.0)
    products = lagged_products(centred, longest)
    means = np.divide(products, pairs, out=np.zeros(longest + 1), where=pairs > 0)
    return np.asarray(np.clip(means[1:] / means[0], -1.0, 1.0)), pairs[1:]


def bounds(correlations: Array, count: int, known: int = 0) -> Array:
    """95 % bounds that chance alone keeps each autocorrelation within.

    For white noise of n = `count` values they are 1.96 / √n. If the first `known` lags are correlated anyway,
    as for overlapping forecasts, the bounds of later lags are wider: Bartlett's 1.96 · √((1 + 2 Σ r²) / n).
    """
    widths = np.full(len(correlations), _TWO_SIDED_95 / math.sqrt(max(count, 1)))
    widths[known:] *= math.sqrt(1.0 + 2.0 * float(np.square(correlations[:known]).sum()))
    return widths


def lags_to_test(count: int, season: int) -> int:
    """Number of lags in a portmanteau test of n values: two seasons (10 without one), at most n / 5."""
    return min(2 * season if season > 1 else 10, count // 5)


def ljung_box(correlations: Array, count: int, pairs: Integers | None = None) -> float:
    """P value of the Ljung-Box test that a series of `count` values is white noise, over lags 1, 2, ….

    There is at least one correlation. `pairs` are those of `autocorrelations_with_gaps`, None without gaps.
    """
    if pairs is None:
        lags = np.arange(1, len(correlations) + 1)
        statistic = count * (count + 2) * float((np.square(correlations) / (count - lags)).sum())
    else:
        statistic = (count + 2) / count * float((pairs * np.square(correlations)).sum())
    return chi_squared_tail(statistic, len(correlations))


def chi_squared_tail(statistic: float, degrees: int) -> float:
    """Probability that a chi-squared variable exceeds `statistic` (not negative), with `degrees` ≥ 1.

    For whole degrees of freedom the incomplete gamma function is a finite sum (Abramowitz and Stegun,
    "Handbook of Mathematical Functions", 26.4.4 and 26.4.5).
    """
    if statistic <= 0:
        return 1.0
    half, odd = statistic / 2, degrees % 2
    exponents = (index + odd / 2 for index in range(degrees // 2))
    terms = (math.exp(power * math.log(half) - half - math.lgamma(power + 1)) for power in exponents)
    return min(1.0, math.fsum(terms) + (math.erfc(math.sqrt(half)) if odd else 0.0))
