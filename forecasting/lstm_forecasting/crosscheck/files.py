"""Probes and answers as files, for the exchange between host and child."""

import tempfile
from pathlib import Path

from lstm_conformance.checks import Observation
from lstm_forecasting.crosscheck.schedule import ProbeRequest
from lstm_forecasting.processes.arrays import read_arrays, write_array, write_arrays
from lstm_forecasting.processes.messages import Observe, Observed


class ProbeFiles:
    """Writes the arrays of each probe once for all backends, into a folder of one cross-check."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: dict[ProbeRequest, Path] = {}

    def message(self, request: ProbeRequest) -> Observe:
        """The message that sends a probe to a backend, with a new folder for the answers."""
        if request not in self._written:
            self._written[request] = self._write(request)
        probe, folder = request.probe, self._written[request]
        return Observe(
            probe=probe.name,
            config=probe.config.to_dict(),
            series=str(folder / "series.npy"),
            targets=probe.series.targets,
            lengths=probe.series.lengths,
            observed="" if probe.series.observed is None else str(folder / "observed.npy"),
            known="" if probe.series.known is None else str(folder / "known.npy"),
            own_known=probe.series.own_known,
            indicators=probe.indicators,
            training=probe.training,
            validation=probe.validation,
            weights=str(folder / "weights.npz"),
            starts=str(folder / "starts.npy"),
            levels=tuple(level.name for level in request.levels),
            device="cpu",
            results=tempfile.mkdtemp(prefix="answers-", dir=folder),
        )

    def _write(self, request: ProbeRequest) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="probe-", dir=self._folder))
        write_array(folder / "series.npy", request.probe.series.values)
        if request.probe.series.observed is not None:
            write_array(folder / "observed.npy", request.probe.series.observed)
        if request.probe.series.known is not None:
            write_array(folder / "known.npy", request.probe.series.known)
        write_arrays(folder / "weights.npz", request.probe.weights)
        write_array(folder / "starts.npy", request.probe.starts)
        return folder


def read_observation(observed: Observed) -> Observation:
    """Reads a backend's answer to one level, and removes its file."""
    if not observed.arrays:
        return Observation(unsupported=observed.unsupported, error=observed.error)
    path = Path(observed.arrays)
    try:
        tensors = read_arrays(path)
    except (OSError, ValueError) as error:
        return Observation(error=f"its answer cannot be read: {error}")
    path.unlink(missing_ok=True)
    return Observation(tensors)
