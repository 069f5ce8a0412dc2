"""The definition of a run as a readable file, beside a file with the rows."""

import importlib.metadata
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lstm_forecasting.checkpoints.checkpoint import Model
from lstm_forecasting.data.series.splits import Split
from lstm_forecasting.data.series.treatment import treatment_of
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.evaluation.baselines.kinds import Wanted
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.known.choosing import known_columns, rows_ahead
from lstm_forecasting.presets.options import Preset
from lstm_forecasting.presets.tried import Tried
from lstm_forecasting.records import from_json, to_json
from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.table_file import TableDescription, describe_table, read_table, write_rows
from lstm_plugins import ForecasterConfig, ForecasterError
from lstm_plugins.errors import InputError
from lstm_plugins.files import replace_file

FORMAT = 1
"""Increased when a field changes."""


@dataclass(frozen=True)
class RunDescription:
    """An `Experiment` without the rows of its table.

    Attributes:
        format: of this file.
        program: version of lstm-tui that created the run.
        created: time in ISO 8601 and UTC.
        table: all of the table but its rows.
        rows: number of rows.
        fingerprint: of the rows; see `SeriesTable.fingerprint`.
        split: rows of training, validation and test.
        model: settings, scaling and season.
        fixed: names of the settings that the user has set.
        backends: short names.
        steps: rows to forecast after the last one.
        threads: of each backend.
        decisions: what was inferred from the data, in sentences.
        counts_filled: whether filled values are trained on and scored, as before they were told apart.
        ensemble: settings of each network of an ensemble; empty for a single one.
        ridge_share: share of ridge regressions in the forecast.
        budget: seconds after which a backend trains no further network; None for no limit.
        preset: which rules chose the networks.
        offer: the model whose forecast comes first.
        tried: what the preset compared on the validation part; empty for nothing, and in earlier versions.
        levels: nominal coverage of the intervals asked for, in percent; empty for the default.
    """

    format: int
    program: str
    created: str
    table: TableDescription
    rows: int
    fingerprint: str
    split: Split
    model: Model
    fixed: tuple[str, ...]
    backends: tuple[str, ...]
    steps: int
    threads: int
    decisions: tuple[str, ...]
    counts_filled: bool = True
    ensemble: tuple[dict[str, Any], ...] = ()
    ridge_share: float = 0.0
    budget: float | None = None
    preset: Preset = "classic"
    offer: Wanted = "best"
    tried: tuple[Tried, ...] = ()
    levels: tuple[float, ...] = ()


def model_of(experiment: Experiment) -> Model:
    """The model of this experiment's checkpoints."""
    return Model(
        settings=experiment.config.to_dict(),
        columns=experiment.table.columns,
        targets=len(experiment.table.targets),
        frequency=experiment.table.frequency,
        scaling=experiment.scaler.kind,
        mean=tuple(experiment.scaler.mean.tolist()),
        deviation=tuple(experiment.scaler.deviation.tolist()),
        season=experiment.season,
        bounds=experiment.bounds,
        indicators=experiment.indicators,
        treatment=treatment_of(experiment.table),
        transforms=experiment.scaler.transforms,
        known=experiment.known_choice,
    )


def write_experiment(run: RunFolder, experiment: Experiment) -> None:
    """Writes the definition of a new run.

    Raises:
        OSError: it cannot be written.
    """
    table = experiment.table
    write_rows(run.series, table)
    description = RunDescription(
        format=FORMAT,
        program=importlib.metadata.version("lstm-tui"),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        table=describe_table(table),
        rows=table.rows,
        fingerprint=table.fingerprint(),
        split=experiment.split,
        model=model_of(experiment),
        fixed=tuple(sorted(experiment.fixed)),
        backends=experiment.backends,
        steps=experiment.steps,
        threads=experiment.threads,
        decisions=experiment.decisions,
        counts_filled=experiment.counts_filled,
        ensemble=tuple(config.to_dict() for config in experiment.ensemble),
        ridge_share=experiment.ridge_share,
        budget=experiment.budget,
        preset=experiment.preset,
        offer=experiment.offer,
        tried=experiment.tried,
        levels=experiment.levels,
    )
    # Written last, since this file makes the folder a run.
    text = json.dumps(to_json(description), indent=1, ensure_ascii=False, allow_nan=False)
    replace_file(run.description, text.encode() + b"\n")


def read_description(run: RunFolder) -> RunDescription:
    """Reads the definition of a run, without its rows.

    Raises:
        InputError: the file cannot be read, is damaged, or has another format.
    """
    try:
        fields = json.loads(run.description.read_bytes())
        if isinstance(fields, dict) and fields.get("format") != FORMAT:
            raise InputError(
                f"Run {run.name} has format {fields.get('format')}, but this version of lstm-tui reads "
                f"format {FORMAT}; use the version that wrote it."
            )
        description: RunDescription = from_json(RunDescription, _of_today(fields))
    except OSError as error:
        raise InputError(f"{run.description} cannot be read: {error.strerror or error}.") from None
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(
            f"{run.description} is damaged ({type(error).__name__}: {error}); restore it, or delete the run."
        ) from None
    return description


def _of_today(fields: Any) -> Any:
    """The fields with the name that an earlier version gave to a way of filling replaced by today's."""
    options = fields["table"]["reading"]["options"]
    if options.get("missing") == "forward-fill":
        options["missing"] = "carry"
    return fields


def read_experiment(run: RunFolder) -> Experiment:
    """Reads the experiment of a run.

    Raises:
        InputError: one of its files is missing or damaged, or the files do not match.
    """
    description = read_description(run)
    model = description.model
    try:
        table = read_table(run.series, description.table)
        config = model.config
    except (KeyError, ForecasterError) as error:
        raise InputError(f"Run {run.name} is damaged ({error}); restore it, or delete it.") from None
    if table.fingerprint() != description.fingerprint:
        raise InputError(
            f"{run.series} has other rows than run {run.name} was started with; restore the file."
        )
    return Experiment(
        table=table,
        split=description.split,
        scaler=model.scaler,
        config=config,
        fixed=frozenset(description.fixed),
        season=model.season,
        backends=description.backends,
        steps=description.steps,
        threads=description.threads,
        bounds=model.bounds,
        decisions=(*description.decisions, *_doubts(description, table)),
        indicators=model.indicators,
        counts_filled=description.counts_filled,
        ensemble=tuple(ForecasterConfig.from_dict(settings) for settings in description.ensemble),
        ridge_share=description.ridge_share,
        budget=description.budget,
        preset=description.preset,
        known=known_columns(model.known, table, rows_ahead(config.horizon, description.steps)),
        known_choice=model.known,
        offer=description.offer,
        tried=description.tried,
        levels=description.levels,
    )


def _doubts(description: RunDescription, table: SeriesTable) -> tuple[str, ...]:
    counted = description.counts_filled and table.filled[:, : len(table.targets)].any()
    return (_COUNTED,) if counted and _COUNTED not in description.decisions else ()


_COUNTED = (
    "This run was trained by an earlier version, which also scored filled values; train again for scores of "
    "observed values only."
)
