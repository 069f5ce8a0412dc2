from dataclasses import replace

import numpy as np
import pytest

from lstm_conformance.deviations import CATALOGUE
from lstm_conformance.diagnosis import diagnose
from lstm_conformance.levels import LEVELS
from lstm_conformance.planting import Answers, collect_answers, make_planted
from lstm_conformance.probes import quick_probes, switch_probe
from lstm_plugins.reference import ReferenceForecaster

BY_NAME = {deviation.name: deviation for deviation in CATALOGUE}


def seldom(*names):
    return pytest.param(names, marks=pytest.mark.exhaustive)


AT_ONE_LEVEL = [
    seldom("recurrent kernel transposed", "bias twice"),
    seldom("hard sigmoid 0.2", "bias twice"),
    seldom("τ and 1 − τ swapped", "half the loss"),
    ("no carry of dC", "g for σ's slope"),
    seldom("dU from h_t", "bias gradient averaged"),
    ("clip per tensor", "norm after clipping"),
    seldom("ε 1e-7", "decay on biases"),
    seldom("not clipped in training", "no dropout in the updates"),
    seldom("loss of the last batch", "mean norm"),
    # One does its work on what the other made.
    seldom("recurrent kernel read as rows", "gate order f, o, i, C̃"),
    seldom("gate order f, o, i, C̃", "recurrent kernel read as rows"),
    ("orthogonal over all gates", "all biases 1"),
]
DROPOUT = [
    ("masks without the seed", "dropout not scaled"),
    ("masks of one step", "one mask for all windows"),
]
AT_TWO_LEVELS = [
    ("no forget bias", "hard sigmoid /6"),
    ("gate order i, o, f, C̃", "ε inside the root"),
    seldom("bias twice", "mean norm"),
    seldom("no dropout in training", "counter not saved"),
    seldom("same order every epoch", "sum over the batch"),
    seldom("gradient ascent", "loss of the last batch"),
]


@pytest.fixture(scope="module")
def pair_probes():
    return (switch_probe("quantiles", "float64"),)


@pytest.mark.exhaustive
@pytest.mark.parametrize("names", AT_ONE_LEVEL, ids=" + ".join)
def test_two_that_act_at_one_level_are_both_named(names, pair_probes, answers_of, explainer):
    planted = [BY_NAME[name] for name in names]
    answers = [answers_of(planted, probe, until=planted[0].level) for probe in pair_probes]
    diagnosis = diagnose(answers, explainer=explainer)
    assert len(diagnosis.findings) == 1
    assert set(names) in [set(explanation) for explanation in diagnosis.findings[0].explanations]


@pytest.mark.exhaustive
@pytest.mark.parametrize("names", DROPOUT, ids=" + ".join)
def test_two_are_found_among_very_many_that_might_be(names, answers_of, explainer):
    planted = [BY_NAME[name] for name in names]
    answers = answers_of(planted, switch_probe("everything", "float64"), until="gradients")
    (finding,) = diagnose([answers], explainer=explainer).findings
    assert set(names) in [set(explanation) for explanation in finding.explanations]


@pytest.mark.exhaustive
def test_what_some_tensors_show_does_not_explain_those_that_are_right(answers_of, explainer):
    """Half of a bias gradient is no half of the loss, since all other gradients are whole."""
    planted = [BY_NAME[name] for name in ("bias gradient averaged", "bias gradient doubled")]
    answers = answers_of(planted, switch_probe("everything", "float64"), until="gradients")
    (finding,) = diagnose([answers], explainer=explainer).findings
    assert ("half the loss",) not in finding.explanations
    assert tuple(one.name for one in planted) in finding.explanations


@pytest.mark.parametrize("names", AT_TWO_LEVELS, ids=" + ".join)
def test_two_that_act_at_different_levels_are_both_named(names, pair_probes, answers_of, explainer):
    planted = [BY_NAME[name] for name in names]
    answers = [answers_of(planted, probe, until=planted[1].level) for probe in pair_probes]
    first, second = diagnose(answers, explainer=explainer).findings
    assert first.level == planted[0].level
    assert (names[0],) in first.explanations
    assert second.level == planted[1].level
    assert (names[1],) in second.explanations


@pytest.mark.exhaustive
def test_the_rest_follows_from_the_one_named(pair_probes, answers_of, explainer):
    """A deviation of the forward pass that the backend differentiates rightly leaves nothing unexplained."""
    for name in ("gate order i, o, f, C̃", "coupled gates", "C for h", "tanh head"):
        answers = [answers_of([BY_NAME[name]], probe) for probe in pair_probes]
        assert sum(answers[0].failed(level) for level in LEVELS) > 3
        (finding,) = diagnose(answers, explainer=explainer).findings
        assert finding.explanations == ((name,),)


def test_those_that_cannot_be_told_apart_are_all_named_until_a_further_probe_can(
    probes, answers_of, ask_of, explainer
):
    """With two targets, errors summed over them are errors doubled."""
    planted = (BY_NAME["twice the loss"],)
    answers = [answers_of(planted, switch_probe("plain", "float64"), until="loss")]
    (finding,) = diagnose(answers, explainer=explainer).findings
    assert set(finding.explanations) == {("twice the loss",), ("sum over targets",)}
    assert ", or equally " in finding.sentence

    (finding,) = diagnose(answers, further=probes, ask=ask_of(planted), explainer=explainer).findings
    assert finding.explanations == (("twice the loss",),)


class _OddCell(ReferenceForecaster):
    def trace(self, starts, *, derivatives=False):
        found = super().trace(starts, derivatives=derivatives)
        forget = found.layers[0].forget.copy()
        forget[:, 4:, 1] += 1e-3
        return replace(found, layers=(replace(found.layers[0], forget=forget), *found.layers[1:]))


@pytest.mark.exhaustive
def test_what_is_not_known_is_not_guessed_but_placed(explainer):
    probe = switch_probe("plain", "float64")
    answers = collect_answers(lambda p: _OddCell(p.config, p.features, p.series.targets), probe)
    (finding,) = diagnose([answers], explainer=explainer).findings
    assert finding.explanations == ()
    assert finding.level == "gates"
    assert finding.place.tensor == "first run/layer0.forward.forget"
    assert finding.place.index == (0, 4, 1)
    assert finding.place.step == 4
    assert finding.place.error == pytest.approx(1e-3)
    assert "No known deviation explains it" in finding.sentence
    assert "time step 4" in finding.sentence


def test_what_failed_by_rounding_alone_is_not_explained_by_what_changes_nothing(answers_of, explainer):
    probe = switch_probe("plain", "float64")
    right = answers_of([], probe, until="prediction")
    failed = {**right.results, "prediction": replace(right.results["prediction"], state="failed")}
    (finding,) = diagnose([Answers(probe, failed)], explainer=explainer).findings
    assert finding.level == "prediction"
    assert finding.explanations == ()


class _FusedOrder(ReferenceForecaster):
    """Traces with the right cell and predicts with another, as a fused kernel beside a plain one might."""

    def predict(self, starts):
        probe = self.probe
        other = make_planted((BY_NAME["gate order i, o, f, C̃"],), probe)
        other.load_series(self._loaded())
        other.load_weights(self._weights)
        return other.predict(starts)


@pytest.mark.exhaustive
def test_a_deviation_of_the_production_path_alone_is_told_as_such(explainer):
    probe = switch_probe("plain", "float64")

    def make(asked):
        forecaster = _FusedOrder(asked.config, asked.features, asked.series.targets)
        forecaster.probe = asked
        return forecaster

    levels = [level for level in LEVELS if level.name in ("gates", "attention", "prediction")]
    answers = collect_answers(make, probe, levels)
    (finding,) = diagnose([answers], explainer=explainer).findings
    assert finding.level == "prediction"
    assert finding.production_only
    assert ("gate order i, o, f, C̃",) in finding.explanations
    assert "as in ONNX, in fit and predict but not in the trace" in finding.sentence


class _Rounded(ReferenceForecaster):
    """Gate order of ONNX, summed in another order: equal to the last digits but not to the bit."""

    def trace(self, starts, *, derivatives=False):
        other = make_planted((BY_NAME["gate order i, o, f, C̃"],), self.probe)
        other.load_series(self._loaded())
        other.load_weights(self._weights)
        found = other.trace(starts, derivatives=derivatives)
        layer = found.layers[0]
        return replace(found, layers=(replace(layer, cell=layer.cell * (1.0 + 2.0**-50)), *found.layers[1:]))


def test_rounding_is_no_obstacle_and_is_told(explainer):
    probe = switch_probe("plain", "float64")

    def make(asked):
        forecaster = _Rounded(asked.config, asked.features, asked.series.targets)
        forecaster.probe = asked
        return forecaster

    levels = [level for level in LEVELS if level.name == "gates"]
    answers = collect_answers(make, probe, levels)
    (finding,) = diagnose([answers], explainer=explainer).findings
    assert finding.explanations == (("gate order i, o, f, C̃",),)
    assert 2.0**-52 < finding.error < 2.0**-48
    assert finding.sentence.startswith("fails first at level gates and states: first run/layer0.forward.")
    told = f"Cause: gate order i, o, f, C̃, as in ONNX (reproduces the numbers to {finding.error:.1e})"
    assert finding.sentence.endswith(told)


class _Coarse(ReferenceForecaster):
    """As exact as float32 without computing in it, as an approximation of tanh might be."""

    rounded = False

    def trace(self, starts, *, derivatives=False):
        found = super().trace(starts, derivatives=derivatives)
        layers = []
        for layer in found.layers:
            values = {
                name: getattr(layer, name) * (1 + 4e-8)
                for name in ("forget", "input", "candidate", "cell", "output", "hidden")
            }
            if self.rounded:
                values = {name: array.astype("f4").astype("f8") for name, array in values.items()}
            layers.append(replace(layer, **values))
        return replace(found, layers=tuple(layers))


class _Renamed(ReferenceForecaster):
    """Tells the logarithm of every forget gate; what it forecasts and learns is right."""

    def trace(self, starts, *, derivatives=False):
        found = super().trace(starts, derivatives=derivatives)
        layers = tuple(replace(layer, forget=np.log(layer.forget)) for layer in found.layers)
        return replace(found, layers=layers)


@pytest.mark.exhaustive
def test_a_trace_that_alone_is_wrong_is_told_as_such(explainer):
    probe = switch_probe("plain", "float64")

    def make(asked):
        return _Renamed(asked.config, asked.features, asked.series.targets)

    (finding,) = diagnose([collect_answers(make, probe)], explainer=explainer).findings
    assert finding.trace_alone
    assert finding.sentence.endswith("forecasts and gradients are right, so only its trace is wrong")


def test_float32_in_all_that_follows_is_told(explainer, answers_of):
    probe = switch_probe("plain", "float64")
    planted = [BY_NAME["statistics in float32"], BY_NAME["cell in float32"]]
    (finding,) = diagnose([answers_of(planted, probe)], explainer=explainer).findings
    assert finding.explanations == (("statistics in float32",),)
    assert "window statistics in float32, with float32 errors at later levels too" in finding.sentence


@pytest.mark.parametrize("rounded", [False, True])
def test_what_is_as_coarse_as_float32_is_not_called_float32_unless_its_numbers_are(explainer, rounded):
    probe = switch_probe("bidirectional", "float64")

    def make(asked):
        forecaster = _Coarse(asked.config, asked.features, asked.series.targets)
        forecaster.rounded = rounded
        return forecaster

    levels = [level for level in LEVELS if level.name in ("normalised", "gates")]
    answers = collect_answers(make, probe, levels)
    (finding,) = diagnose([answers], explainer=explainer).findings
    assert finding.explanations == (("cell in float32",),)
    assert finding.at_most is not rounded
    assert ("Consistent with gates" in finding.sentence) is not rounded


@pytest.mark.exhaustive
def test_float32_is_diagnosed_too(answers_of):
    probes = tuple(quick_probes("float32"))
    for name in ("bias twice", "h without tanh", "decay on biases", "sum over the batch"):
        answers = [answers_of([BY_NAME[name]], probe, until=BY_NAME[name].level) for probe in probes]
        (finding,) = diagnose(answers).findings
        assert (name,) in finding.explanations


def test_without_a_failure_there_is_nothing_to_say(answers_of, explainer):
    diagnosis = diagnose([answers_of([], switch_probe("plain", "float64"))], explainer=explainer)
    assert diagnosis.findings == ()
    assert diagnosis.sentence == "agrees with the reference"


@pytest.mark.exhaustive
def test_a_backend_that_raises_is_told_with_its_own_words(explainer):
    class Broken(ReferenceForecaster):
        def clip(self, gradients):
            raise NotImplementedError("no clipping yet")

    probe = switch_probe("plain", "float64")
    levels = [level for level in LEVELS if level.name in ("clipping", "optimizer")]
    answers = collect_answers(lambda p: Broken(p.config, p.features, p.series.targets), probe, levels)
    (finding,) = diagnose([answers], explainer=explainer).findings
    assert finding.sentence == ("fails first at level clipping: NotImplementedError: no clipping yet")
    assert np.isnan(finding.error)
