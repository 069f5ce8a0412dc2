"""`lstm-tui inspect --show window`: finds a window, computes its inside, and reports it."""

from dataclasses import dataclass

from lstm_forecasting.data.series.splits import Part
from lstm_forecasting.figures.drawing import Format
from lstm_forecasting.inspect.arithmetic import cell_arithmetic, check_place
from lstm_forecasting.inspect.asking import inspect_window, part_errors
from lstm_forecasting.inspect.comparing import compare
from lstm_forecasting.inspect.figures import comparison_figure, unit_figure, window_figure
from lstm_forecasting.inspect.saving import comparison_arrays, window_arrays
from lstm_forecasting.inspect.subject import Subject
from lstm_forecasting.inspect.units import UnitOrder, unit_order
from lstm_forecasting.inspect.windows import Window, window_by_error, window_by_number, window_by_time
from lstm_plugins import ForecasterConfig
from lstm_plugins.errors import InputError
from lstm_plugins.weights import direction_names
from lstm_tui.cli import console
from lstm_tui.inspect.printed.asking import Asking, Outcome, in_words
from lstm_tui.inspect.printed.cell_report import print_arithmetic, print_unit
from lstm_tui.inspect.printed.fields import arithmetic_fields, comparison_fields, window_fields
from lstm_tui.inspect.printed.window_report import print_comparison, print_heatmaps, print_window


@dataclass(frozen=True)
class WindowChoice:
    """The options of this view; None where one is not given.

    `number`, `worst` (a rank by error) and `step` count from 1, `layer` and `unit` from 0. `against` is the
    second backend.
    """

    number: int | None
    at: str | None
    worst: int | None
    part: Part
    target: str | None
    layer: int | None
    direction: str
    order: UnitOrder
    unit: int | None
    step: int | None
    against: str | None


def show_window(asking: Asking, choice: WindowChoice, outcome: Outcome) -> None:
    """Prints and saves the report of a window.

    Raises:
        InputError: there is no such window, layer, unit or step, or a backend failed.
    """
    subject, unit = asking.subject, choice.unit
    target, place = _target(subject, choice.target), _layer(subject.config, choice)
    window = _window(asking, choice, target)
    inspected = inspect_window(subject, window, asking.backend, **asking.how)
    layer = inspected.layers[place]
    arithmetic = comparison = None
    if unit is not None and choice.step is not None:
        arithmetic = cell_arithmetic(inspected, layer, unit, choice.step - 1)
    elif unit is not None:
        check_place(layer, unit, 0)
    if choice.against is not None:
        comparison = compare(inspected, inspect_window(subject, window, choice.against, **asking.how))
    units = unit_order(inspected, layer, choice.order, target)
    if outcome.as_json:
        fields = window_fields(inspected, target)
        if comparison is not None:
            fields["against"] = comparison_fields(comparison)
        if arithmetic is not None:
            fields["arithmetic"] = arithmetic_fields(arithmetic)
        console.print_json(fields)
    else:
        out = console.results()
        print_window(out, inspected, in_words(subject, inspected.backend))
        if arithmetic is not None:
            print_arithmetic(out, inspected, arithmetic)
        elif unit is not None:
            print_unit(out, inspected, layer, unit)
        elif comparison is not None:
            print_comparison(out, comparison, place, units, outcome.rows)
        else:
            print_heatmaps(out, inspected, layer, units, choice.order, outcome.rows)

    def draw(form: Format) -> bytes:
        if unit is not None:
            return unit_figure(inspected, place, unit, form)
        if comparison is not None:
            return comparison_figure(comparison, place, units, form)
        return window_figure(inspected, place, units, form)

    outcome.save(window_arrays(inspected) if comparison is None else comparison_arrays(comparison), draw)


def _window(asking: Asking, choice: WindowChoice, target: int) -> Window:
    experiment = asking.subject.experiment
    if choice.number is not None:
        return window_by_number(experiment, choice.part, choice.number - 1)
    if choice.at is not None:
        return window_by_time(experiment, choice.part, choice.at)
    errors = part_errors(asking.subject, choice.part, target, asking.backend, **asking.how)
    rank = 1 if choice.worst is None else choice.worst
    return window_by_error(experiment, choice.part, errors, rank - 1)


def _target(subject: Subject, name: str | None) -> int:
    targets = subject.experiment.table.targets
    if name is None:
        return 0
    if name not in targets:
        raise InputError(f"Run {subject.run.name} forecasts {', '.join(targets)}, not {name!r}.")
    return targets.index(name)


def _layer(config: ForecasterConfig, choice: WindowChoice) -> int:
    """The index of the layer and direction in a trace, which has the forward direction first."""
    layer = config.layers - 1 if choice.layer is None else choice.layer
    directions = direction_names(config)
    if not 0 <= layer < config.layers:
        raise InputError(f"The network has the layers 0 to {config.layers - 1}; there is no layer {layer}.")
    if choice.direction not in directions:
        raise InputError("The network has no backward direction; it was trained with bidirectional = false.")
    return layer * len(directions) + directions.index(choice.direction)
