import dataclasses

import numpy as np
import pytest

from lstm_forecasting.experiment.events import (
    BackendEpoch,
    BackendFailed,
    BackendFinished,
    BackendMemberFinished,
    BackendReady,
    BackendStopped,
    BackendTrained,
)
from lstm_forecasting.experiment.running import RunningExperiment, networks_at_once
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.processes.work import train
from lstm_plugins.discovery import find_backend


class Process:
    """A process that trains at once and tells about it when it is told to."""

    pid = 0

    def __init__(self, request, deliver):
        self.request = request
        self.deliver = deliver
        self.stopped = False

    @property
    def seed(self):
        return self.request.config["seed"]

    def work(self):
        for message in train(find_backend("numpy"), self.request, 1, lambda: self.stopped):
            self.deliver("numpy", message)

    def fail(self):
        self.deliver("numpy", BackendFailed("numpy", "it was killed", ()))

    def stop(self):
        self.stopped = True

    def terminate(self):
        raise AssertionError("nothing is left to be ended")


class Processes:
    """A pool; `act` gets its processes whenever as many are busy as should be, and lets them work."""

    def __init__(self, folder, act, together=1):
        self.folder = folder
        self.act = act
        self.together = together
        self.busy = []
        self.submitted = []

    def submit(self, backend, threads, request, deliver):
        process = Process(request, deliver)
        self.submitted.append(process.seed)
        self.busy.append(process)
        if len(self.busy) == self.together:
            busy, self.busy = self.busy, []
            self.act(busy)
        return process

    def end_surplus(self, backend):
        pass


@pytest.fixture
def ensemble(make_experiment):
    """Three networks, whose seeds are 0, 1 and 2."""
    experiment = make_experiment("numpy", epochs=2, precision="float64")
    networks = tuple(dataclasses.replace(experiment.config, seed=seed) for seed in range(3))
    return dataclasses.replace(experiment, ensemble=networks)


def finish(experiment, processes, at_once):
    with RunningExperiment(experiment, processes, at_once=at_once) as running:
        return list(running)


def of(events, kind):
    return [event for event in events if isinstance(event, kind)]


def in_turn(busy):
    for process in busy:
        process.work()


def test_networks_that_finish_in_another_order_are_reported_as_if_trained_one_after_the_other(
    ensemble, tmp_path
):
    last_first = Processes(tmp_path, lambda busy: in_turn(reversed(busy)), together=3)
    one_by_one, together = (
        finish(ensemble, Processes(tmp_path, in_turn), 1),
        finish(ensemble, last_first, 3),
    )
    for events in (one_by_one, together):
        assert [event.member for event in of(events, BackendReady)] == [0, 1, 2]
        assert [event.member for event in of(events, BackendEpoch)] == [0, 0, 1, 1, 2, 2]
        assert [event.member for event in of(events, BackendTrained)] == [0, 1, 2]
        assert [event.member for event in of(events, BackendMemberFinished)] == [0, 1]
    one, other = (of(events, BackendFinished)[0].result for events in (one_by_one, together))
    np.testing.assert_array_equal(one.future, other.future)
    np.testing.assert_array_equal(one.evaluation.forecasts, other.evaluation.forecasts)


def test_no_more_networks_are_trained_at_once_than_allowed(ensemble, tmp_path):
    seen = []

    def act(busy):
        seen.append([process.seed for process in busy])
        in_turn(busy)

    processes = Processes(tmp_path, act, together=2)
    with RunningExperiment(ensemble, processes, at_once=2) as running:
        assert processes.submitted == [0, 1]
        processes.together = 1
        list(running)
    assert seen == [[0, 1], [2]]


def test_a_network_that_fails_beside_another_is_trained_again_alone(ensemble, tmp_path):
    def fail_first(busy):
        processes.act, processes.together = in_turn, 1
        first, second = busy
        first.deliver("numpy", next(iter(train(find_backend("numpy"), first.request, 1, lambda: False))))
        first.fail()
        second.work()

    processes = Processes(tmp_path, fail_first, together=2)
    events = finish(ensemble, processes, 2)
    assert processes.submitted == [0, 1, 0, 2]
    assert not of(events, BackendFailed)
    assert [event.member for event in of(events, BackendEpoch)] == [0, 0, 1, 1, 2, 2]
    expected = of(finish(ensemble, Processes(tmp_path, in_turn), 1), BackendFinished)[0].result
    np.testing.assert_array_equal(of(events, BackendFinished)[0].result.future, expected.future)


def test_a_network_that_fails_alone_is_a_failed_backend(ensemble, tmp_path):
    def fail_second(busy):
        for process in busy:
            process.fail() if process.seed == 1 else process.work()

    events = finish(ensemble, Processes(tmp_path, fail_second), 1)
    assert [event.reason for event in of(events, BackendFailed)] == ["it was killed"]
    assert events[-1].result.failures == {"numpy": "it was killed"}
    assert events[-1].result.backends == ()


def stop_when_ready(experiment, processes):
    """Stops an experiment with two networks at once when the first one is ready."""
    events = []
    with RunningExperiment(experiment, processes, at_once=2) as running:
        for event in running:
            events.append(event)
            if isinstance(event, BackendReady) and event.member == 0:
                running.stop()
    return events


@pytest.mark.parametrize("with_an_epoch", [0, 1])
def test_after_a_stop_the_networks_before_the_first_without_an_epoch_forecast(
    ensemble, tmp_path, with_an_epoch
):
    def act(busy):
        for process in busy:
            process.stopped = process.seed != with_an_epoch
            process.work()

    events = stop_when_ready(ensemble, Processes(tmp_path, act, together=2))
    if with_an_epoch == 0:
        (finished,) = of(events, BackendFinished)
        assert len(finished.result.members) == 1
    else:
        assert len(of(events, BackendStopped)) == 1


@pytest.mark.parametrize(
    ("cores", "threads", "backends", "expected"),
    [(1, 1, 1, 1), (2, 1, 1, 2), (2, 2, 1, 1), (2, 1, 3, 1), (8, 1, 2, 4), (64, 1, 1, 4), (6, 2, 1, 3)],
)
def test_every_thread_has_a_core(monkeypatch, cores, threads, backends, expected):
    monkeypatch.setattr("lstm_forecasting.experiment.running.available_cores", lambda: cores)
    assert networks_at_once(threads, backends) == expected


@pytest.mark.exhaustive
def test_one_process_of_a_shared_pool_waits_for_the_next_experiment(ensemble):
    with BackendProcesses() as pool:
        first = finish(ensemble, pool, 2)
        second = finish(ensemble, pool, 1)
    assert of(first, BackendFinished)[0].result.future.shape == (5, 2)
    np.testing.assert_array_equal(
        of(first, BackendFinished)[0].result.future, of(second, BackendFinished)[0].result.future
    )
    started = [
        {event.process for event in events if type(event).__name__ == "BackendStarted"}
        for events in (first, second)
    ]
    assert len(started[0]) == 2
    assert len(started[1]) == 1
    assert started[1] < started[0]
