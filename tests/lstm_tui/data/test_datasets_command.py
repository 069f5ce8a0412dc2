import json

from lstm_forecasting.data.catalogue import data_sets


def test_the_table_names_every_data_set(program):
    done = program.run("datasets")
    assert (done.returncode, done.stderr) == (0, "")
    for one in data_sets():
        assert any(one.name in line and one.frequency in line for line in done.stdout.splitlines())


def test_json_has_licence_and_source(program):
    listed = json.loads(program.run("datasets", "--json").stdout)
    assert [one["name"] for one in listed] == [one.name for one in data_sets()]
    assert all(one["licence"] and one["source"] and one["columns"] for one in listed)
