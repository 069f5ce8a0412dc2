import pytest

from lstm_forecasting.processes import log as log_module
from lstm_forecasting.processes.log import LINES, Log


def write(log, content):
    with log.open() as file:
        file.write(content)


def test_the_last_lines_are_fit_to_be_shown(tmp_path):
    log = Log(tmp_path)
    write(log, b"\x1b[31mred\x1b[0m\n\n\x1b]0;title\x07after\r\n 10%\r 50%\r100%\rtab\there\x08\x00\n\xff\n")
    assert log.last_lines() == ("red", "after", "tab     here", "\ufffd")


def test_only_the_last_lines_of_a_long_log_are_read(tmp_path):
    log = Log(tmp_path)
    write(log, b"".join(b"line %d\n" % number for number in range(100_000)))
    assert log.last_lines() == tuple(f"line {number}" for number in range(100_000 - LINES, 100_000))


def test_lines_of_an_earlier_job_are_left_out(tmp_path):
    log = Log(tmp_path)
    write(log, b"first job\n")
    log.mark()
    assert log.last_lines() == ()
    write(log, b"second job\n")
    assert log.last_lines() == ("second job",)


def test_a_log_that_grows_begins_anew_while_it_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(log_module, "LARGEST", 100)
    log = Log(tmp_path)
    with log.open() as file:
        file.write(b"x" * 99 + b"\n")
        file.flush()
        log.mark()
        log.trim()
        assert log.last_lines() == ()
        file.write(b"y" * 99 + b"\nlast\n")
        file.flush()
        log.trim()
        file.write(b"new\n")
    assert log.last_lines() == ("new",)
    (path,) = tmp_path.iterdir()
    assert path.stat().st_size == 4


@pytest.mark.parametrize("use", [Log.mark, Log.trim])
def test_a_log_that_was_cleaned_away_is_empty(tmp_path, use):
    log = Log(tmp_path)
    write(log, b"line\n")
    for path in tmp_path.iterdir():
        path.unlink()
    use(log)
    assert log.last_lines() == ()
