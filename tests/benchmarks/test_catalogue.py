import pytest
from benchmarks.catalogue import pairs
from benchmarks.catalogue.__main__ import report
from benchmarks.catalogue.measuring import Bench

from lstm_conformance.deviations import CATALOGUE
from lstm_conformance.probes import switch_probe

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


@pytest.mark.exhaustive
def test_two_mutants_at_once_are_named_or_told_as_what_they_amount_to():
    bench = pairs.PairBench(switch_probe("plain", "float64"))
    both = bench.measure((BY_NAME["bias twice"], BY_NAME["recurrent kernel transposed"]))
    amount = bench.measure((BY_NAME["gate order C̃, f, o, i"], BY_NAME["gate order C̃, f, i, o"]))
    apart = bench.measure((BY_NAME["bias twice"], BY_NAME["mean norm"]))
    assert both.both_named
    assert not amount.both_named
    assert amount.equal_in_effect
    assert apart.both_named
    table = pairs.report([both, amount, apart]).splitlines()
    assert table[1].split()[3:] == ["2", "1", "1", "0"]
    assert table[2].split()[3:] == ["1", "1", "0", "0"]


@pytest.mark.exhaustive
def test_pairs_are_drawn_from_what_shows_and_acts_together():
    bench = pairs.PairBench(switch_probe("plain", "float64"))
    drawn = list(bench.draw(5, at_one_level=True)) + list(bench.draw(5, at_one_level=False))
    assert len({(one.name, other.name) for one, other in drawn}) == 10
    assert [one.level == other.level for one, other in drawn] == [True] * 5 + [False] * 5
    assert drawn == list(bench.draw(5, at_one_level=True)) + list(bench.draw(5, at_one_level=False))
