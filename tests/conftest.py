"""What tests of several folders share: the real program in processes of its own, and how to wait for it."""

import gc
import signal

import pytest
from hypothesis import HealthCheck, settings

from . import waiting
from .program import program_in
from .scheduling import FileScheduling, rank

# How long an example takes depends on what else the machine does; a hanging test meets pytest's own limit.
for profile, examples in {"quick": 25, "exhaustive": 100}.items():
    settings.register_profile(
        profile, deadline=None, max_examples=examples, suppress_health_check=list(HealthCheck)
    )

QUICK = ("--epochs", "2", "--hidden-units", "4", "--look-back", "12", "--horizon", "3")


def pytest_configure(config):
    """Tries fewer examples where exhaustive tests are left out; a test that wants more takes a multiple."""
    settings.load_profile("quick" if config.option.markexpr == "not exhaustive" else "exhaustive")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return FileScheduling(config, log)


def pytest_collection():
    """What is collected stays: half a million objects, which are not to be looked through again and again."""
    gc.disable()


def pytest_collection_modifyitems(items):
    items.sort(key=rank)


def pytest_collection_finish():
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def wait_until():
    """Waits for a condition about other processes: `wait_until(condition, what)`."""
    return waiting.wait_until


@pytest.fixture(scope="session")
def gone():
    """Tells whether a process has ended."""
    return waiting.gone


@pytest.fixture(scope="session")
def children_of():
    """Lists the processes that a process has started and that still run."""
    return waiting.children_of


@pytest.fixture(scope="session")
def all_gone():
    """Waits until processes are no more."""
    return lambda processes: waiting.wait_until(lambda: all(map(waiting.gone, processes)), "children to end")


@pytest.fixture(scope="session")
def make_program():
    """Makes the command line in a new folder, with the sales of a shop in it."""
    return program_in


@pytest.fixture
def program(tmp_path):
    return program_in(tmp_path / "work")


@pytest.fixture
def quick():
    """Arguments of a training that takes no time."""
    return QUICK


@pytest.fixture
def training():
    """Starts a program that trains for long, waits until it does, and gives it with its children."""
    started = []

    def start(program, *arguments, **options):
        process = program.start(
            "forecast", "shop.csv", "--epochs", "100000", "--patience", "0", *arguments, **options
        )
        started.append(process)
        seen = []
        while not any("epoch" in line for line in seen):
            line = process.stderr.readline()
            assert line, "".join(seen)
            seen.append(line)
        children = waiting.children_of(process.pid)
        assert children
        return process, children

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()
