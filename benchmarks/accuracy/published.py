"""Published scores, and the limits that this project sets itself.

Sources:
    LTSF: univariate ETTh1, the best published MSE of each horizon, as of the tables in Zeng et al., "Are
        Transformers effective for time series forecasting?", AAAI 2023, and Nie et al., "A time series is
        worth 64 words", ICLR 2023.
    GIFT: the leaderboard of Aksu et al., "GIFT-Eval: a benchmark for general time series forecasting model
        evaluation", 2024; the geometric mean over the eleven configurations made from ETTm1 and US births.
    EPF: Lago et al., "Forecasting day-ahead electricity prices: a review of state-of-the-art algorithms, best
        practices and an open-access benchmark", Applied Energy 293 (2021).
    Monash: Godahewa et al., "Monash time series forecasting archive", NeurIPS Datasets and Benchmarks 2021.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lstm_plugins.errors import InputError

NAIVE_TOLERANCE = 0.0006
"""Published scores have three decimals."""

Scores = Mapping[str, float]
"""Scores by column of a table."""


@dataclass(frozen=True)
class Published:
    """What others and we ourselves expect of one protocol.

    Attributes:
        naive: scores of naive forecasts, which must come out exactly.
        models: scores of published models, by name.
        limits: the largest score that counts as reached.
    """

    naive: Mapping[str, Scores]
    models: Mapping[str, Scores]
    limits: Scores


LTSF = Published(
    naive={},
    models={"best published": {"96": 0.053, "192": 0.069, "336": 0.076, "720": 0.080}},
    limits={"24": 0.0256, "96": 0.0515, "192": 0.0682, "336": 0.0780, "720": 0.0815},
)
GIFT = Published(
    naive={"seasonal naive": {"us_births/D short": 1.865, "ett1/H short": 0.977, "ett1/H long": 1.479}},
    models={
        "DeepAR": {"all": 1.370},
        "PatchTST": {"all": 0.830},
        "TiRex": {"all": 0.737},
        "xLSTM-Mixer": {"all": 0.693},
        "best published on births": {"us_births/D short": 0.313},
    },
    limits={"all": 0.73, "us_births/D short": 0.31},
)
EPF = Published(
    naive={
        "naive week": {"NP": 4.125, "PJM": 6.294, "BE": 10.121},
        "naive day": {"NP": 2.886, "PJM": 4.431, "BE": 9.379},
    },
    models={
        "LEAR": {"NP": 1.738, "PJM": 3.013, "BE": 6.140},
        "DNN ensemble": {"NP": 1.683, "PJM": 2.862, "BE": 5.870},
    },
    limits={"NP": 1.80, "PJM": 2.93, "BE": 6.20},
)
MONASH = Published(
    naive={},
    models={
        "TBATS": {"us_births": 399.0},
        "ETS": {"us_births": 419.7},
        "N-BEATS": {"us_births": 422.0},
        "DeepAR": {"us_births": 424.9},
    },
    limits={"us_births": 370.0, "us_births with holidays": 290.0},
)


class ProtocolError(InputError):
    """A naive forecast does not score as published, so that nothing else can be compared."""


def check_naive(model: str, expected: Scores, found: Scores) -> None:
    """Compares the scores of a naive forecast with those expected of it.

    Raises:
        ProtocolError: one of them differs by more than rounding.
    """
    for column, wanted in expected.items():
        if abs(found[column] - wanted) > NAIVE_TOLERANCE:
            raise ProtocolError(
                f"{model} scores {found[column]:.4f} on {column}, but {wanted:.3f} is published: the file or "
                "the protocol differs, and no other score could be compared. Get the file again from the "
                "source in the manual of this benchmark."
            )
