import os
import signal
import threading

import pytest

from lstm_conformance.levels import LEVELS
from lstm_forecasting.crosscheck.events import (
    BackendDiagnosed,
    CrossCheckFinished,
    CrossCheckStarted,
    LevelJudged,
)
from lstm_forecasting.crosscheck.lane import Lane
from lstm_forecasting.crosscheck.plan import plan_crosscheck
from lstm_forecasting.crosscheck.running import (
    MOST_DEATHS,
    MOST_LANES,
    RunningCrossCheck,
    run_crosscheck,
)
from lstm_forecasting.crosscheck.wording import sentences
from lstm_forecasting.processes.events import BackendAnswers, BackendFailed, BackendStarted

pytestmark = pytest.mark.usefixtures("installed_mutants")


def states(result, backend, precision="float64"):
    return {level.name: result.summary(backend, precision, level).state for level in LEVELS}


@pytest.mark.exhaustive
def test_each_backend_gets_its_own_verdict_whatever_the_others_do():
    check = plan_crosscheck(
        ["plain", "swapped", "crashing", "untraceable", "unimportable"], precisions=["float64"]
    )
    with RunningCrossCheck(check) as running:
        events = list(running)
    assert isinstance(events[0], CrossCheckStarted)
    assert isinstance(events[-1], CrossCheckFinished)
    result = events[-1].result
    assert not result.passed
    assert len(result.level_results) == check.level_count
    assert sum(isinstance(event, LevelJudged) for event in events) == check.level_count
    assert all(check.passed for check in result.shared)

    assert set(states(result, "plain").values()) == {"passed"}
    assert result.diagnoses["plain", "float64"].findings == ()

    swapped = states(result, "swapped")
    assert [name for name, state in swapped.items() if state == "failed"] == ["gates"]
    assert swapped["gradients"] == "follows"
    assert swapped["windows"] == swapped["optimizer"] == "passed"
    assert result.first_failure("swapped", "float64").name == "gates"
    (finding,) = result.diagnoses["swapped", "float64"].findings
    assert finding.level == "gates"
    assert any("gate order i, o, f" in sentence for sentence in finding.sentences)

    crashing = states(result, "crashing")
    # A process that has crashed twice is not asked for the further probes, which begin with what passed.
    assert "passed" in {
        one.state for one in result.level_results if (one.backend, one.level.name) == ("crashing", "loss")
    }
    assert crashing["derivatives"] == "failed"
    assert crashing["gradients"] == "unasked"
    assert "SIGABRT" in result.summary("crashing", "float64", LEVELS[7]).problem
    of_crashing = [event for event in events if getattr(event, "backend", "") == "crashing"]
    died = [n for n, event in enumerate(of_crashing) if isinstance(event, BackendFailed)]
    # Others may be at work when the second process dies; none starts after that.
    assert MOST_DEATHS <= len(died) < MOST_DEATHS + MOST_LANES
    assert not any(isinstance(event, BackendStarted) for event in of_crashing[died[MOST_DEATHS - 1] :])
    assert all("segment not found" in of_crashing[n].log for n in died)

    untraceable = states(result, "untraceable")
    assert untraceable["gates"] == untraceable["derivatives"] == "unsupported"
    assert untraceable["gradients"] == untraceable["trajectory"] == "passed"

    assert set(states(result, "unimportable").values()) == {"failed", "unasked"}
    assert "libframework.so.7" in result.failures["unimportable"]
    assert set(result.failures) == {"crashing", "unimportable"}
    answering = {event.backend for event in events if isinstance(event, BackendAnswers)}
    assert answering == {"plain", "swapped", "crashing", "untraceable"}


def test_a_backend_is_not_asked_for_what_it_does_not_declare():
    check = plan_crosscheck(["original"], precisions=["float64"], additions={"original": ()})
    result = run_crosscheck(check)
    assert result.passed
    assert {one.probe.name for one in result.level_results} == {"both directions, attention"}
    told = sentences(result, {"original": "Original"})
    assert told[0] == "Original agrees with the reference in float64."
    assert told[1] == (
        "Original was not checked on missing values, columns known ahead of time and lags, a linear part, "
        "the normalisations last-deviation and seasonal and errors measured in the window: it does not "
        "declare the additions masks, known columns, linear part, normalisations and loss scale."
    )


@pytest.mark.exhaustive
def test_what_no_known_deviation_explains_is_located_and_not_guessed():
    result = run_crosscheck(plan_crosscheck(["unexplained"], precisions=["float64"]))
    (finding,) = result.diagnoses["unexplained", "float64"].findings
    assert (finding.level, finding.explanations) == ("loss", ())
    assert finding.place.tensor == "mean over batches"


@pytest.mark.exhaustive
def test_both_passes_are_judged_and_an_edge_raises_no_alarm():
    result = run_crosscheck(plan_crosscheck(["plain", "numpy"], depth="full"))
    assert result.passed
    assert {one.precision for one in result.level_results} == {"float64", "float32"}
    assert states(result, "numpy", "float32")["trajectory"] == "shown"
    assert "800 steps" in {one.probe.name for one in result.level_results}
    assert result.descriptions["plain"].version == "1.5"
    assert result.descriptions["plain"].threads == 1


def test_a_process_that_is_killed_costs_one_level_and_is_started_again(monkeypatch, tmp_path):
    killed = tmp_path / "killed"
    monkeypatch.setenv("KILLED", str(killed))
    check = plan_crosscheck(["waiting"])
    with RunningCrossCheck(check) as running:
        processes = []
        events = []
        for event in running:
            events.append(event)
            if isinstance(event, BackendStarted):
                processes.append(event.process)
            judged = isinstance(event, LevelJudged) and event.result.level.name == "gradients"
            if judged and not killed.exists():
                killed.touch()
                os.killpg(processes[0], signal.SIGKILL)
    result = events[-1].result
    # The one that was killed, and another that answers the requests that are left.
    assert len(processes) > 1
    assert states(result, "waiting", "float64")["clipping"] == "failed"
    assert states(result, "waiting", "float64")["optimizer"] == "unasked"
    assert "killed (SIGKILL)" in result.summary("waiting", "float64", LEVELS[9]).problem
    assert states(result, "waiting", "float32")["clipping"] == "passed"


@pytest.mark.exhaustive
def test_a_process_that_hangs_is_ended_and_the_others_go_on(monkeypatch):
    expect = Lane.expect

    def expect_soon_where_it_hangs(lane, seconds):
        # Called with the answer to the level before.
        hangs = lane.backend == "deaf" and [level.name for level in lane.left[1:2]] == ["clipping"]
        expect(lane, seconds if hangs else 1000.0)

    monkeypatch.setattr(Lane, "expect", expect_soon_where_it_hangs)
    check = plan_crosscheck(["deaf", "plain"], precisions=["float64"])
    with RunningCrossCheck(check, seconds_to_answer=3.0) as running:
        *_, finished = running
    assert states(finished.result, "deaf")["clipping"] == "failed"
    assert "no answer within 3 seconds" in finished.result.failures["deaf"]
    assert set(states(finished.result, "plain").values()) == {"passed"}


def test_leaving_early_ends_the_processes():
    with RunningCrossCheck(plan_crosscheck(["deaf"])) as running:
        process = next(event.process for event in running if isinstance(event, BackendStarted))
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_stop_from_another_thread_ends_it_without_a_result():
    with RunningCrossCheck(plan_crosscheck(["deaf"])) as running:
        events = iter(running)
        while not isinstance(next(events), BackendAnswers):
            pass
        threading.Timer(0.2, running.stop).start()
        # The process would answer nothing for an hour.
        assert not any(isinstance(event, CrossCheckFinished) for event in events)


@pytest.mark.exhaustive
def test_the_diagnosis_comes_after_all_levels_of_a_backend():
    with RunningCrossCheck(plan_crosscheck(["plain", "swapped"], precisions=["float64"])) as running:
        events = list(running)
    for backend in ("plain", "swapped"):
        (at,) = [
            n
            for n, event in enumerate(events)
            if isinstance(event, BackendDiagnosed) and event.backend == backend
        ]
        later = [event.result.backend for event in events[at:] if isinstance(event, LevelJudged)]
        assert backend not in later
