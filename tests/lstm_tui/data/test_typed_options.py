import pytest

from lstm_forecasting.data.options import ReadOptions
from lstm_plugins.errors import OptionError
from lstm_tui.data.open import file_and_options, named_options

GIVEN = ReadOptions(missing="season")


@pytest.mark.parametrize(
    ("text", "source", "options"),
    [
        ("co2", "co2", GIVEN),
        ("my sales.csv", "my sales.csv", GIVEN),
        ("a=b.csv", "a=b.csv", GIVEN),
        (
            "my sales.csv duplicates=last",
            "my sales.csv",
            ReadOptions(missing="season", duplicates="last"),
        ),
        (
            "x.csv frequency=business days  time_zone=Europe/Berlin missing=carry",
            "x.csv",
            ReadOptions(frequency="business days", time_zone="Europe/Berlin"),
        ),
        (
            "shop.csv known=price, promotion future=next week.csv country=de-by",
            "shop.csv",
            ReadOptions(
                missing="season", known=("price", "promotion"), future="next week.csv", country="DE-BY"
            ),
        ),
        ("x.csv series=a, b", "x.csv", ReadOptions(missing="season", series=("a", "b"))),
    ],
)
def test_options_may_follow_the_file(text, source, options):
    assert file_and_options(text, GIVEN) == (source, options)


def test_options_are_named_also_with_the_value_of_the_default():
    assert named_options("later.csv difference=none missing=season") == {"difference", "missing"}
    assert named_options("later.csv") == set()


def test_a_file_of_that_name_is_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a decimal=comma").touch()
    assert file_and_options("a decimal=comma", GIVEN) == ("a decimal=comma", GIVEN)


def test_a_value_that_cannot_be_is_told():
    with pytest.raises(OptionError, match="duplicates"):
        file_and_options("x.csv duplicates=lats", GIVEN)
