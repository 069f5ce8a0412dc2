from benchmarks.catalogue.__main__ import report
from benchmarks.catalogue.measuring import Bench

from lstm_plugins.conformance.deviations import CATALOGUE
from lstm_plugins.conformance.probes import switch_probe

BY_NAME = {deviation.name: deviation for deviation in CATALOGUE}


def test_a_mutant_is_caught_and_named_and_its_final_error_stands_beside():
    bench = Bench([switch_probe("plain", "float64")])
    quiet, loud = (bench.measure(BY_NAME[name]) for name in ("norm after clipping", "gradient ascent"))
    assert quiet.caught
    assert quiet.named_alone
    assert quiet.error_ratio == 1.0
    assert not quiet.seen_in_final_error
    assert loud.caught
    assert loud.seen_in_final_error
    table = report([quiet, loud]).splitlines()
    assert table[-1].split() == ["all", "2", "2", "2", "1"]


def test_a_mutant_that_no_probe_shows_is_not_counted_as_caught():
    row = Bench([switch_probe("plain", "float64")]).measure(BY_NAME["directions exchanged"])
    assert not row.caught
    assert "directions exchanged: caught at no level" in report([row])
