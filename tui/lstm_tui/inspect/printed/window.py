"""`lstm-tui inspect --show window`: finds a window, inspects it, and reports it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.data.splits import Part
from lstm_forecasting.figures.drawing import Format
from lstm_forecasting.inspect.arithmetic import CellArithmetic, cell_arithmetic, check_place
from lstm_forecasting.inspect.asking import inspect_window, part_errors
from lstm_forecasting.inspect.comparing import Comparison, compare
from lstm_forecasting.inspect.figures import comparison_figure, unit_figure, window_figure
from lstm_forecasting.inspect.results import InspectedWindow
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
    """The window and the details that the options ask for.

    Attributes:
        number: of the window in its part, from 1.
        at: time at which the window's forecast starts.
        worst: rank of the window by error, from 1.
        part: of the series.
        target: name of a column; None for the first target.
        layer: from 0; None for the last.
        direction: "forward" or "backward".
        order: of the units.
        unit: the unit to show in numbers, from 0.
        step: the time step to compute, from 1.
        against: a second backend to compare with.
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


@dataclass(frozen=True, eq=False)
class _Found:
    """An inspected window and the details to show."""

    inspected: InspectedWindow
    comparison: Comparison | None
    arithmetic: CellArithmetic | None
    target: int
    layer: int
    units: NDArray[np.int64]


def show_window(asking: Asking, choice: WindowChoice, outcome: Outcome) -> None:
    """Prints and saves the report of a window.

    Raises:
        InputError: there is no such window, layer, unit or step, or a backend failed.
    """
    found = _inspect(asking, choice)
    inspected, comparison = found.inspected, found.comparison
    if outcome.as_json:
        fields = window_fields(inspected, found.target)
        if comparison is not None:
            fields["against"] = comparison_fields(comparison)
        if found.arithmetic is not None:
            fields["arithmetic"] = arithmetic_fields(found.arithmetic)
        console.print_json(fields)
    else:
        _print(found, choice, outcome.rows)
    arrays = window_arrays(inspected) if comparison is None else comparison_arrays(comparison)
    outcome.save(arrays, lambda form: _picture(found, choice.unit, form))


def _picture(found: _Found, unit: int | None, form: Format) -> bytes:
    if unit is not None:
        return unit_figure(found.inspected, found.layer, unit, form)
    if found.comparison is not None:
        return comparison_figure(found.comparison, found.layer, found.units, form)
    return window_figure(found.inspected, found.layer, found.units, form)


def _inspect(asking: Asking, choice: WindowChoice) -> _Found:
    subject = asking.subject
    target, layer = _target(subject, choice.target), _layer(subject.config, choice)
    window = _window(asking, choice, target)
    inspected = inspect_window(subject, window, asking.backend, **asking.how)
    arithmetic = None
    if choice.unit is not None:
        step = 1 if choice.step is None else choice.step
        check_place(inspected.layers[layer], choice.unit, step - 1)
        if choice.step is not None:
            arithmetic = cell_arithmetic(inspected, inspected.layers[layer], choice.unit, step - 1)
    comparison = None
    if choice.against is not None:
        comparison = compare(inspected, inspect_window(subject, window, choice.against, **asking.how))
    units = unit_order(inspected, inspected.layers[layer], choice.order, target)
    return _Found(inspected, comparison, arithmetic, target, layer, units)


def _print(found: _Found, choice: WindowChoice, rows: int) -> None:
    out = console.results()
    inspected, layer = found.inspected, found.inspected.layers[found.layer]
    print_window(out, inspected, in_words(inspected.subject, inspected.backend))
    if found.arithmetic is not None:
        print_arithmetic(out, inspected, found.arithmetic)
    elif choice.unit is not None:
        print_unit(out, inspected, layer, choice.unit)
    elif found.comparison is not None:
        print_comparison(out, found.comparison, found.layer, found.units, rows)
    else:
        print_heatmaps(out, inspected, layer, found.units, choice.order, rows)


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
    """The place of a layer in a trace, which has the forward direction first."""
    layer = config.layers - 1 if choice.layer is None else choice.layer
    directions = direction_names(config)
    if not 0 <= layer < config.layers:
        raise InputError(f"The network has the layers 0 to {config.layers - 1}; there is no layer {layer}.")
    if choice.direction not in directions:
        raise InputError("The network has no backward direction; it was trained without bidirectional.")
    return layer * len(directions) + directions.index(choice.direction)
