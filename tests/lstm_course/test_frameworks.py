"""Asking several processes at once, with processes that answer when the test says so."""

from lstm_course.frameworks import Frameworks, built_in, failures, pending, waiting
from lstm_forecasting.processes.events import BackendFailed, BackendWarm
from lstm_forecasting.processes.messages import Warm
from lstm_forecasting.processes.pool import BackendProcesses

DONE = BackendWarm("numpy", "1", "", ("cpu",))


class Processes:
    """Takes requests, and answers nothing by itself."""

    def __init__(self):
        self.taken = []

    def submit(self, backend, threads, request, deliver):
        self.taken.append((backend, lambda message: deliver(backend, message)))

    def answer(self, place, message=DONE):
        self.taken[place][1](message)

    @property
    def names(self):
        return [backend for backend, _ in self.taken]


def test_all_are_asked_at_once_and_heard_as_they_answer():
    processes = Processes()
    asking = Frameworks(processes).ask({"numpy": Warm(), "torch": Warm()})
    assert next(asking) == {}
    assert processes.names == ["numpy", "torch"]
    processes.answer(1)
    assert next(asking) == {"torch": (DONE,)}
    processes.answer(0)
    assert next(asking) == {"torch": (DONE,), "numpy": (DONE,)}
    assert list(asking) == []


def test_a_reader_may_leave_while_nobody_answers(monkeypatch):
    monkeypatch.setattr("lstm_course.frameworks.SECONDS_BETWEEN_LOOKS", 0.01)
    asking = Frameworks(Processes()).ask({"numpy": Warm()})
    assert [next(asking) for _ in range(3)] == [{}, {}, {}]


def test_impatience_starts_no_second_job_before_the_first_is_over(monkeypatch):
    monkeypatch.setattr("lstm_course.frameworks.SECONDS_BETWEEN_LOOKS", 0.01)
    processes = Processes()
    frameworks = Frameworks(processes)
    for _ in range(5):
        asking = frameworks.ask({"numpy": Warm(), "torch": Warm()})
        next(asking)
        asking.close()
    assert processes.names == ["numpy", "torch"]
    asking = frameworks.ask({"numpy": Warm(), "torch": Warm()})
    next(asking)
    processes.answer(1, BackendFailed("numpy", "of the earlier question", ()))
    assert next(asking) == {}
    assert processes.names == ["numpy", "torch", "torch"]
    processes.answer(2)
    assert next(asking) == {"torch": (DONE,)}
    processes.answer(0, BackendFailed("numpy", "of the earlier question", ()))
    next(asking)
    processes.answer(3)
    assert next(asking) == {"torch": (DONE,), "numpy": (DONE,)}


def test_a_process_that_cannot_be_started_has_failed():
    with BackendProcesses() as processes:
        pass
    *_, answer = Frameworks(processes).ask({"numpy": Warm()})
    (failed,) = answer["numpy"]
    assert failed.reason == "its process could not be started: all processes have been ended"


def test_the_built_in_backends_are_known_in_their_order(monkeypatch):
    assert [found.name for found in built_in()] == ["numpy", "torch", "tensorflow"]
    monkeypatch.setenv("LSTM_TUI_WITHOUT", "torch")
    assert [found.state for found in built_in()] == ["available", "disabled", "available"]


def test_failures_are_said_by_name(monkeypatch):
    said = {"torch": (BackendFailed("torch", "out of memory", ()),), "numpy": (DONE,)}
    assert list(failures(built_in(), said)) == ["PyTorch failed: out of memory."]
    assert waiting(built_in(), said) == "Waiting for TensorFlow …"
    monkeypatch.setenv("LSTM_TUI_WITHOUT", "tensorflow")
    assert waiting(built_in(), said) == ""


def test_a_backend_that_cannot_compute_is_not_waited_for(monkeypatch):
    monkeypatch.setenv("LSTM_TUI_WITHOUT", "torch")
    assert [pending(found).text for found in built_in()] == ["…", "—", "…"]
