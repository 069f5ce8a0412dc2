"""Texts as columns of zeros and ones: one for each text in the training rows."""

from collections.abc import Sequence

import numpy as np

from lstm_forecasting.data.arrays import Array


def find_categories(codes: Array, words: Sequence[str]) -> tuple[str, ...]:
    """The texts that occur in codes `[rows]` of `OwnColumns`, in alphabetical order."""
    seen = np.unique(codes[codes >= 0]).astype(np.int64)
    return tuple(sorted(words[code] for code in seen))


def category_columns(codes: Array, words: Sequence[str], categories: Sequence[str]) -> Array:
    """1 where a row has a category, else 0: float64 `[rows, categories]`.

    A row without a text, or with one that is no category, such as a new one, is 0 in all columns.
    """
    texts = np.array([*words, ""], dtype=object)[np.where(codes >= 0, codes, -1).astype(np.int64)]
    return np.asarray(texts[:, np.newaxis] == np.array(categories, dtype=object), dtype=np.float64)
