"""Every number of the backend held against the reference, by the kit that lstm-tui has for backends."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from lstm_conformance.checks import check_forecaster
from lstm_conformance.probe import Probe
from lstm_conformance.probes import full_probes, missing_probes, quick_probes

from lstm_tui_jax.forecaster import JaxForecaster

PRECISIONS = ("float64", "float32")
ADDITIONS = ("masks",)


def make(probe: Probe) -> JaxForecaster:
    return JaxForecaster(probe.config, probe.features, probe.series.targets, indicators=probe.indicators)


def named(probes: Iterable[Probe], *marks: pytest.MarkDecorator) -> list[object]:
    return [
        pytest.param(probe, id=f"{probe.name}, {probe.config.precision}", marks=marks) for probe in probes
    ]


QUICK = [case for precision in PRECISIONS for case in named(quick_probes(precision))]
MISSING = ("missing values, mse", "indicators, standard")
QUICK += named(probe for probe in missing_probes("float64") if probe.name in MISSING)
FULL = [
    case
    for precision in PRECISIONS
    for case in named(
        (probe for probe in full_probes(precision) if set(probe.additions) <= set(ADDITIONS)),
        pytest.mark.slow,
    )
]


@pytest.mark.parametrize("probe", QUICK)
def test_agrees_with_the_reference(probe: Probe) -> None:
    _hold(probe)


@pytest.mark.parametrize("probe", FULL)
def test_agrees_with_the_reference_in_every_switch(probe: Probe) -> None:
    _hold(probe)


def _hold(probe: Probe) -> None:
    results = list(check_forecaster(make, [probe]))
    assert results
    bad = {
        result.level.name: (result.state, result.problem, result.worst)
        for result in results
        # Trajectories in float32 drift apart in any two implementations: shown, not judged.
        if result.state not in ("passed", "shown")
    }
    assert bad == {}
