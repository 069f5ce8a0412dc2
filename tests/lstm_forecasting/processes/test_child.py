"""The child as a process: what it is like, and that it never outlives its host."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from lstm_forecasting.processes.arrays import write_array
from lstm_forecasting.processes.events import BackendFailed, BackendProgress, BackendReady
from lstm_forecasting.processes.messages import Hello, Run
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.processes.protocol import PROTOCOL, Envelope, decode, encode
from lstm_plugins import ForecasterConfig

pytestmark = pytest.mark.usefixtures("faulty_backends")

PATIENCE = 600
"""Seconds that a busy machine may take for anything."""


def request(folder, **settings):
    series = folder / "series.npy"
    write_array(series, np.random.default_rng(0).normal(size=(120, 1)))
    results = folder / "results"
    results.mkdir(exist_ok=True)
    config = ForecasterConfig(
        **{"look_back": 6, "horizon": 2, "hidden_units": 3, "epochs": 1000, "patience": 0, **settings}
    )
    return Run(
        config=config.to_dict(),
        series=str(series),
        targets=(0,),
        lengths=(120,),
        training=((0, 80),),
        validation=((80, 100),),
        test=((100, 120),),
        steps=2,
        device="cpu",
        results=str(results),
    )


def start(backend, folder, lifeline):
    """The child alone, as the host starts it."""
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "lstm_forecasting.processes.child", backend, str(lifeline), "0"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            pass_fds=(lifeline,),
        )


@pytest.fixture
def lifeline():
    child, host = os.pipe()
    ends = {"child": child, "host": host}
    yield ends
    for end in ends.values():
        if end is not None:
            os.close(end)


def messages_until(child, kind):
    for line in child.stdout:
        for message in decode(line).messages:
            yield message
            if isinstance(message, kind):
                return


def test_it_says_hello_first(tmp_path, lifeline):
    child = start("plain", tmp_path, lifeline["child"])
    (hello,) = decode(child.stdout.readline()).messages
    assert hello == Hello(PROTOCOL, hello.package)
    child.stdin.close()
    assert child.wait(PATIENCE) == 0
    assert child.stdout.read() == b""
    child.stdout.close()


@pytest.mark.parametrize("backend", ["slow", "deaf"])
def test_it_ends_when_its_requests_end_whatever_it_does(tmp_path, lifeline, announced, backend):
    child = start(backend, tmp_path, lifeline["child"])
    child.stdin.write(encode(Envelope(1, (request(tmp_path),))))
    child.stdin.flush()
    list(messages_until(child, BackendReady))
    if backend == "deaf":
        announced("deaf")
    child.stdin.close()
    child.wait(PATIENCE)
    child.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere SIGIO is ignored by default")
def test_its_lifeline_ends_it_even_when_native_code_keeps_the_lock(tmp_path, lifeline, announced):
    child = start("locked", tmp_path, lifeline["child"])
    child.stdin.write(encode(Envelope(1, (request(tmp_path),))))
    child.stdin.flush()
    list(messages_until(child, BackendReady))
    announced("locked")
    os.close(lifeline["host"])
    lifeline["host"] = None
    assert child.wait(PATIENCE) == -signal.SIGIO
    child.stdin.close()
    child.stdout.close()


def test_it_ends_at_once_when_its_host_is_gone_before_it_starts(tmp_path, lifeline):
    os.close(lifeline["host"])
    lifeline["host"] = None
    child = start("plain", tmp_path, lifeline["child"])
    child.wait(PATIENCE)
    child.stdin.close()
    child.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_it_ends_in_order_when_told_to(tmp_path, lifeline, number):
    child = start("slow", tmp_path, lifeline["child"])
    child.stdin.write(encode(Envelope(1, (request(tmp_path),))))
    child.stdin.flush()
    list(messages_until(child, BackendProgress))
    child.send_signal(number)
    assert child.wait(PATIENCE) == 128 + number
    assert (tmp_path / "log").read_text(encoding="utf-8") == ""
    child.stdin.close()
    child.stdout.close()


def test_requests_it_does_not_understand_end_it(tmp_path, lifeline):
    child = start("plain", tmp_path, lifeline["child"])
    list(messages_until(child, Hello))
    child.stdin.write(b"make me a sandwich\n")
    child.stdin.flush()
    assert child.wait(PATIENCE) == 1
    assert "make me a sandwich" in (tmp_path / "log").read_text(encoding="utf-8")
    child.stdin.close()
    child.stdout.close()


HOST = """
import sys, time
from pathlib import Path
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.processes.protocol import decode
backends, line = sys.argv[1].split(","), sys.argv[2]
run = decode(line.encode()).messages[0]
with BackendProcesses() as pool:
    ready = []
    for backend in backends:
        process = pool.run(backend, 1, run, lambda name, message: ready.append(type(message).__name__))
        print(process.pid, flush=True)
    while ready.count("BackendReady") < len(backends):
        time.sleep(0.01)
    print("training", flush=True)
    time.sleep(3600)
"""


def test_nothing_outlives_a_killed_host(tmp_path, monkeypatch, announced, gone, all_gone):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    line = encode(Envelope(1, (request(tmp_path, epochs=100_000),))).decode()
    backends = ["slow", "deaf", "locked"]
    with subprocess.Popen(
        [sys.executable, "-c", HOST, ",".join(backends), line], stdout=subprocess.PIPE
    ) as host:
        processes = [int(host.stdout.readline()) for _ in backends]
        assert host.stdout.readline() == b"training\n"
        announced("deaf", "locked")
        assert not any(map(gone, processes))
        host.kill()
        all_gone(processes)
    (abandoned,) = tmp_path.glob("lstm-tui-*")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with BackendProcesses() as pool:
        assert not abandoned.exists()
        assert pool.folder.exists()


def test_its_process_is_as_promised(tmp_path, monkeypatch, wait_until):
    monkeypatch.setenv("TOLD", str(tmp_path / "told.json"))
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "json.py").write_text(
        "raise SystemError('a file of the current folder was imported')", "utf-8"
    )
    answers = []
    with BackendProcesses(low_priority=True) as pool:
        process = pool.run(
            "telling", 2, request(tmp_path, epochs=1), lambda _, message: answers.append(message)
        )
        wait_until(lambda: process.free or process.gone, "the end of the training")
    assert not any(isinstance(answer, BackendFailed) for answer in answers), answers
    told = json.loads((tmp_path / "told.json").read_text("utf-8"))
    assert told["niceness"] == min(19, os.nice(0) + 10)
    assert told["session"] == process.pid
    for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
        assert told["environment"][f"{name}_NUM_THREADS"] == "2"
    assert told["environment"]["VECLIB_MAXIMUM_THREADS"] == "2"
    assert told["environment"]["TF_NUM_INTRAOP_THREADS"] == "2"
    assert "" not in told["path"]
    assert str(tmp_path) not in told["path"]
    tops = {name.partition(".")[0] for name in told["modules"]}
    assert not tops & {
        "polars",
        "textual",
        "rich",
        "click",
        "torch",
        "tensorflow",
        "lstm_tui",
        "lstm_backends",
    }
    assert not {"lstm_forecasting.experiment", "lstm_forecasting.data.reading"} & set(told["modules"])


def test_a_process_that_has_built_many_networks_makes_room_for_another(tmp_path, monkeypatch, wait_until):
    monkeypatch.setattr("lstm_forecasting.processes.host.MOST_NETWORKS", 2)
    answers, processes = [], []
    with BackendProcesses() as pool:
        for _ in range(3):
            process = pool.run(
                "plain", 1, request(tmp_path, epochs=1), lambda _, message: answers.append(message)
            )
            processes.append(process)
            wait_until(lambda process=process: process.free, "the end of a training")
        assert [process.gone for process in processes] == [True, True, False]
    first, second, third = (process.pid for process in processes)
    assert first == second != third
    assert sum(type(answer).__name__ == "ForecastFiles" for answer in answers) == 3, answers


def test_what_start_up_code_prints_is_no_protocol_error(tmp_path, faulty_backends, wait_until):
    (faulty_backends / "sitecustomize.py").write_text("print('welcome to this site')\n", encoding="utf-8")
    answers = []
    with BackendProcesses() as pool:
        process = pool.run(
            "plain", 1, request(tmp_path, epochs=1), lambda _, message: answers.append(message)
        )
        wait_until(lambda: process.free or process.gone, "the end of the training")
    assert type(answers[-1]).__name__ == "ForecastFiles", answers


def test_a_child_of_another_version_is_not_worked_with(tmp_path, monkeypatch):
    monkeypatch.setattr("lstm_forecasting.processes.host.PROTOCOL", PROTOCOL + 1)
    answers = []
    with BackendProcesses() as pool:
        process = pool.run("plain", 1, request(tmp_path), lambda _, message: answers.append(message))
        assert process.wait(time.monotonic() + PATIENCE)
    (failed,) = answers
    assert f"protocol {PROTOCOL + 1}" in failed.reason
    assert "restart the program" in failed.reason
