import pytest

from lstm_forecasting import InputError, find_run, fit, list_runs, open_model, predict, read_run, resume


def test_a_run_in_a_few_lines(make_experiment, runs, monkeypatch):
    monkeypatch.setenv("LSTM_TUI_RUNS", str(runs))
    experiment = make_experiment("numpy")
    run = fit(experiment, "mine")
    assert run == find_run("mine", runs)
    assert [standing.state for standing in list_runs(runs)] == ["finished"]
    assert resume("mine").verdicts == read_run(run).verdicts
    future = predict(open_model("mine"), experiment.table, steps=experiment.steps).future
    assert (future == read_run(run).backends[0].future).all()
    with pytest.raises(InputError, match="There is already a run called mine"):
        fit(experiment, "mine")
