"""`lstm-tui check-lstm FILE`: compares a ported LSTM with the reference and names its bug."""

from pathlib import Path

import click
from rich.text import Text

from lstm_conformance.ports.checking import LstmCheck, check_lstm
from lstm_conformance.ports.formats import READ, read_lstm
from lstm_conformance.ports.lstm import LstmLayers
from lstm_conformance.ports.onnx_running import can_run, run_model
from lstm_conformance.ports.recording import (
    Recording,
    drawn_inputs,
    read_array,
    read_outputs,
    read_trace,
    reference_content,
)
from lstm_conformance.wording import in_eps
from lstm_plugins.errors import InputError
from lstm_plugins.files import write_file
from lstm_tui.cli import console
from lstm_tui.cli.command import Command
from lstm_tui.cli.options import json_option
from lstm_tui.cli.program import FAILED
from lstm_tui.cli.tables import plain_table
from lstm_tui.ports.convert_command import lstm_option

_FILE = click.Path(path_type=Path)


@click.command(
    cls=Command,
    help=f"Compute the LSTM layers of a model file ({', '.join(READ)}) with the reference, and compare them "
    "with what your implementation computes from the same weights: where it first differs, step by step, "
    "and which known bug explains it. Without recorded outputs, an .onnx model is run with onnxruntime. "
    "Exit code 0 if it agrees, 1 if it differs.",
)
@click.argument("model", metavar="FILE", type=_FILE)
@click.option("--inputs", type=_FILE, metavar="X.npy", help="Inputs, [windows, steps, columns].")
@click.option(
    "--outputs",
    type=_FILE,
    metavar="Y.npy",
    help="Outputs of your LSTM: all of them, [windows, steps, units], or the last ones, [windows, units]; or "
    "an .npz as for --trace.",
)
@click.option(
    "--trace",
    type=_FILE,
    metavar="TRACE.npz",
    help="Inputs and any of the tensors that --save writes, under the same names.",
)
@click.option(
    "--save",
    type=_FILE,
    metavar="REFERENCE.npz",
    help="Write the inputs (random ones if none are given) and every gate and state of the reference.",
)
@lstm_option
@json_option
def command(
    model: Path,
    inputs: Path | None,
    outputs: Path | None,
    trace: Path | None,
    save: Path | None,
    name: str | None,
    as_json: bool,
) -> int:
    """Checks the LSTM and returns the exit code: 1 if it differs."""
    if outputs is not None and inputs is None:
        raise click.UsageError("--outputs needs --inputs, from which they were computed.")
    if trace is not None and (inputs is not None or outputs is not None):
        raise click.UsageError(
            "--trace contains inputs and outputs already; leave out --inputs and --outputs."
        )
    for given in filter(None, (model, inputs, outputs, trace)):
        if save is not None and save.exists() and given.exists() and save.samefile(given):
            raise click.UsageError(
                f"--save would overwrite {str(given)!r}, which is also read; name another file."
            )
    lstm = read_lstm(model, name)
    recording = _recording(model, lstm, inputs, outputs, trace)
    if save is not None:
        _save(save, lstm, recording, inputs)
    if recording is None:
        if save is None:
            raise InputError(_what_it_needs(model))
        _say_what_next(save, lstm, as_json)
        return 0
    with console.notes().status("Comparing with the reference"):
        found = check_lstm(lstm, recording)
    if as_json:
        console.print_json({"file": str(model), **found.as_json()})
    else:
        _print(model, found)
    return 0 if found.agrees else FAILED


def _recording(
    model: Path, lstm: LstmLayers, inputs: Path | None, outputs: Path | None, trace: Path | None
) -> Recording | None:
    """What was recorded, or what the model computes here; None if there is neither."""
    if trace is not None:
        return read_trace(trace, lstm)
    if inputs is not None and outputs is not None:
        return read_outputs(inputs, outputs, lstm)
    if model.suffix.lower() == ".onnx" and can_run():
        with console.results_kept_pure():
            return run_model(model, lstm, None if inputs is None else read_array(inputs))
    return None


def _save(path: Path, lstm: LstmLayers, recording: Recording | None, inputs: Path | None) -> None:
    if recording is not None:
        content = reference_content(lstm, recording.inputs)
    else:
        content = reference_content(lstm, drawn_inputs(lstm) if inputs is None else read_array(inputs))
    write_file(path, content)


def _what_it_needs(model: Path) -> str:
    runs = ""
    if model.suffix.lower() == ".onnx":
        runs = ", or install onnxruntime, which runs the model: pip install onnxruntime"
    return (
        "There is nothing to compare with: pass what your LSTM computed with --inputs X.npy --outputs Y.npy "
        f"or --trace TRACE.npz, or let --save REFERENCE.npz write inputs for it{runs}."
    )


def _say_what_next(save: Path, lstm: LstmLayers, as_json: bool) -> None:
    if as_json:
        console.print_json({"saved": str(save), "lstm": lstm.name, "agrees": None})
        return
    console.results().print(
        f"{save} contains inputs and what the reference computes from them ({lstm.sentence}). Run your LSTM "
        "on its array inputs, save the outputs, and pass them with --inputs and --outputs, or with --trace."
    )


def _print(model: Path, found: LstmCheck) -> None:
    out = console.results()
    out.print(Text(f"{model}, LSTM {found.lstm.name}: {found.lstm.sentence}", style="bold"))
    for note in (*found.lstm.notes, *found.recording.notes):
        out.print(f"  {note}")
    table = plain_table("", "tensor", "error in eps", "allowed", "")
    for one in found.result.verdicts:
        sign, colour = ("✓", "green") if one.passed else ("✗", "red")
        numbers = ("", "") if one.problem else (in_eps(one.error_eps), in_eps(one.allowed_eps))
        table.add_row(Text(sign, style=colour), one.tensor, *numbers, one.problem)
    out.print(table)
    if found.difference is not None:
        out.print(f"First difference, counted from 0: {found.difference.place.sentence}.")
    out.print(Text(found.sentence, style="bold"))
