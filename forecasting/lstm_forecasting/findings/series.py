"""Series that are too short to train on, or cannot be trained on for another reason."""

from collections.abc import Iterator

from lstm_forecasting.data.finding import Finding
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.experiment.plan import plan_experiment, rows_needed
from lstm_plugins.counting import listed
from lstm_plugins.errors import InputError

_SHOWN = 5


def find_short_series(table: SeriesTable) -> Iterator[Finding]:
    """Yields a finding if the table, or another series of its file, is too short for the settings.

    The settings are those that would be inferred for the table.
    """
    try:
        # Any backend: a plan starts none.
        config = plan_experiment(table, ("numpy",)).config
    except InputError as refusal:
        yield Finding("not trainable", str(refusal), done="Training is refused with the inferred settings.")
        return
    needed = rows_needed(config)
    short = tuple(name for name, rows in table.series_rows.items() if rows < needed)
    if short:
        verb = "has" if len(short) == 1 else "have"
        yield Finding(
            "short series",
            f"{len(short)} of {len(table.series_rows)} series {verb} fewer than the {needed} rows that "
            f"look_back {config.look_back} and horizon {config.horizon} need: {listed(short, _SHOWN)}.",
            done="A series that is read gets settings that suit its own length.",
        )
