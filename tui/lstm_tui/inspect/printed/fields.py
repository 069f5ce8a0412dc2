"""The reports of `lstm-tui inspect` as JSON-ready values; an undefined number is None."""

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

from lstm_forecasting.inspect.arithmetic import CellArithmetic, Line
from lstm_forecasting.inspect.batches import clipping, gradient_agreement
from lstm_forecasting.inspect.comparing import Comparison
from lstm_forecasting.inspect.contributions import step_contributions
from lstm_forecasting.inspect.flow import gradient_flow, in_words
from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_forecasting.inspect.results import InspectedBatch, InspectedLayer, InspectedWindow
from lstm_forecasting.inspect.subject import Subject
from lstm_forecasting.inspect.units import unit_activity, unit_correlation
from lstm_forecasting.inspect.weights import ArrayChange, ArrayFacts


def subject_fields(subject: Subject) -> dict[str, Any]:
    """Returns the run, the backend and the epoch that the weights come from."""
    header = subject.model.header
    return {
        "run": subject.run.name,
        "trained_by": subject.trained_by,
        "epoch": header.epoch,
        "validation_loss": header.loss,
        "settings": subject.config.to_dict(),
    }


def window_fields(inspected: InspectedWindow, target: int) -> dict[str, Any]:
    """Returns an inspected window; arrays are nested lists, `[step][unit]` inside layers.

    Units are correlated with the target of this index.
    """
    window, table = inspected.window, inspected.subject.experiment.table
    attention = inspected.attention
    return {
        **subject_fields(inspected.subject),
        "backend": inspected.backend,
        "window": {
            "part": window.part,
            "number": window.number + 1,
            "of": window.count,
            "inputs": [table.row_text(row) for row in range(window.inputs.start, window.inputs.stop)],
            "targets": [table.row_text(row) for row in range(window.targets.start, window.targets.stop)],
        },
        "columns": list(table.columns),
        "inputs": inspected.inputs.tolist(),
        "truth": inspected.truth.tolist(),
        "filled_truth": inspected.filled_truth.tolist(),
        "prediction": inspected.point.tolist(),
        "loss": inspected.loss,
        "attention": None if attention is None else attention.tolist(),
        "layers": [_layer_fields(inspected, layer, target) for layer in inspected.layers],
    }


def comparison_fields(comparison: Comparison) -> dict[str, Any]:
    """Returns the largest differences of a second backend from the first."""
    return {
        "backend": comparison.other.backend,
        "layers": {
            layer.name: {quantity.name: layer.largest(quantity.name) for quantity in QUANTITIES}
            for layer in comparison.layers
        },
        "prediction": float(abs(comparison.prediction).max()),
        "gradients": comparison.gradients,
    }


def arithmetic_fields(found: CellArithmetic) -> dict[str, Any]:
    """Returns every product, sum and activation of a computed cell."""
    return {
        "layer": found.layer,
        "direction": found.direction,
        "unit": found.unit,
        "step": found.step + 1,
        "lines": [_line_fields(line) for line in found.lines],
        "apart": found.apart,
    }


def weights_fields(
    subject: Subject, facts: Sequence[ArrayFacts], since: int, changes: Sequence[ArrayChange]
) -> dict[str, Any]:
    """Returns statistics of the weights, and how they changed since a snapshot."""
    arrays = [
        {
            **dataclasses.asdict(one),
            "norm_before": change.norm_before,
            "change": change.norm,
            "relative_change": change.relative if math.isfinite(change.relative) else None,
        }
        for one, change in zip(facts, changes, strict=True)
    ]
    return {**subject_fields(subject), "since": since, "weights": arrays}


def batch_fields(batch: InspectedBatch, name: str) -> dict[str, Any]:
    """Returns the gradients of a batch's windows and how they agree, in all arrays and in one."""
    table, look_back = batch.subject.experiment.table, batch.subject.config.look_back
    found, own, cut = gradient_agreement(batch), gradient_agreement(batch, name), clipping(batch)
    windows = zip(batch.starts, batch.losses, found.norms, found.cosines, own.norms, own.cosines, strict=True)
    return {
        **subject_fields(batch.subject),
        "backend": batch.backend,
        "loss": batch.loss,
        "norm": found.norm,
        "apart": found.apart,
        "clipping": {"limit": cut.limit, "factor": cut.factor},
        "array": {"name": name, "norm": own.norm, "apart": own.apart},
        "windows": [
            {
                "time": table.row_text(int(start) + look_back),
                "loss": float(loss),
                "norm": float(norm),
                "cosine": float(cosine),
                "array_norm": float(own_norm),
                "array_cosine": float(own_cosine),
            }
            for start, loss, norm, cosine, own_norm, own_cosine in windows
        ],
    }


def _layer_fields(inspected: InspectedWindow, layer: InspectedLayer, target: int) -> dict[str, Any]:
    flow = gradient_flow(layer)
    return {
        "name": layer.name,
        **{quantity.name: getattr(layer, quantity.name).tolist() for quantity in QUANTITIES},
        "units": {
            "activity": unit_activity(layer).tolist(),
            "correlation": unit_correlation(layer, inspected.target_by_step(target)).tolist(),
        },
        "gradient": {
            "hidden_norms": flow.hidden.tolist(),
            "cell_norms": flow.cell.tolist(),
            "sentence": in_words(flow),
            "contributions": {
                one.name: {
                    "norms": one.norms.tolist(),
                    "shares": one.shares.tolist(),
                    "norm": one.norm,
                    "apart": one.apart,
                }
                for one in step_contributions(inspected, layer)
            },
        },
    }


def _line_fields(line: Line) -> dict[str, Any]:
    products = [{**dataclasses.asdict(product), "value": product.value} for product in line.products]
    return {**dataclasses.asdict(line), "products": products, "activation": line.activation or None}
