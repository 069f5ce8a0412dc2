import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import DAY, HOUR, MINUTE, SECOND, WEEK
from lstm_forecasting.data.times.frequency_text import parse_frequency
from lstm_plugins.errors import OptionError


@pytest.mark.parametrize(
    ("words", "frequency"),
    [
        ("hourly", Frequency("fixed", HOUR)),
        ("Hourly", Frequency("fixed", HOUR)),
        ("h", Frequency("fixed", HOUR)),
        ("15min", Frequency("fixed", 15 * MINUTE)),
        ("15 minutes", Frequency("fixed", 15 * MINUTE)),
        ("every 15 minutes", Frequency("fixed", 15 * MINUTE)),
        ("0.5 s", Frequency("fixed", SECOND // 2)),
        ("daily", Frequency("fixed", DAY)),
        ("7d", Frequency("fixed", WEEK)),
        ("2 weeks", Frequency("fixed", 2 * WEEK)),
        ("business days", Frequency("business days")),
        ("business-daily", Frequency("business days")),
        ("weekdays", Frequency("business days")),
        ("monthly", Frequency("months", 1)),
        ("3 months", Frequency("months", 3)),
        ("quarterly", Frequency("months", 3)),
        ("yearly", Frequency("months", 12)),
        ("annual", Frequency("months", 12)),
        ("month starts", Frequency("months", 1)),
        ("month ends", Frequency("months", 1, 31)),
        ("month end", Frequency("months", 1, 31)),
        ("quarter ends", Frequency("months", 3, 31)),
        ("year_ends", Frequency("months", 12, 31)),
        ("monthly (last business days)", Frequency("months", 1, 31, "last business day")),
        ("monthly, first business day", Frequency("months", 1, 1, "first business day")),
    ],
)
def test_the_ways_of_writing_a_frequency(words: str, frequency: Frequency) -> None:
    assert parse_frequency(words) == frequency


FREQUENCIES = st.one_of(
    st.builds(
        Frequency,
        st.just("fixed"),
        st.builds(int.__mul__, st.integers(1, 500), st.sampled_from([SECOND, MINUTE, HOUR, DAY, WEEK])),
    ),
    st.builds(Frequency, st.just("months"), st.integers(1, 40), st.sampled_from([1, 31])),
    st.sampled_from(
        [
            Frequency("business days"),
            Frequency("months", 1, 1, "first business day"),
            Frequency("months", 3, 31, "last business day"),
        ]
    ),
)


@given(FREQUENCIES)
def test_the_programs_own_name_of_a_frequency_means_it(frequency: Frequency) -> None:
    assert parse_frequency(frequency.name) == frequency


@pytest.mark.parametrize(
    "words",
    ["", "m", "0 days", "-1 day", "1.5 months", "fortnight", "numbered rows", "day ends", "9" * 30 + "h"],
)
def test_other_words_are_refused_with_what_may_be_written(words: str) -> None:
    with pytest.raises(OptionError, match="is not a frequency; write secondly, minutely, hourly") as refusal:
        parse_frequency(words)
    assert refusal.value.option == "frequency"


@given(st.text())
def test_any_text_is_a_frequency_or_refused(text: str) -> None:
    refused = None
    try:
        assert parse_frequency(text).size > 0
    except OptionError as refusal:
        refused = str(refusal)
    assert refused is None or "\n" not in refused
