import numpy as np
import pytest

from lstm_forecasting.inspect.weights import largest_array, weight_changes, weight_facts
from lstm_plugins.weights import parameter_count, weight_shapes


def test_every_array_has_its_share_and_norm(laboratory):
    subject = laboratory.subject("everything")
    facts = weight_facts(subject.model.weights)
    shapes = weight_shapes(subject.config, 3, 2)
    assert {one.name: one.shape for one in facts} == shapes
    assert [one.name for one in facts] == list(shapes)
    assert sum(one.parameters for one in facts) == parameter_count(subject.config, 3, 2)
    assert sum(one.share for one in facts) == pytest.approx(1)
    for one in facts:
        array = subject.model.weights[one.name]
        assert one.norm == pytest.approx(np.sqrt((array**2).sum()))
        assert (one.smallest, one.largest) == (array.min(), array.max())
        assert one.mean == pytest.approx(array.mean())
        assert one.share == one.parameters / parameter_count(subject.config, 3, 2)


def test_the_largest_array_has_the_most_parameters(laboratory):
    weights = laboratory.subject("everything").model.weights
    assert weights[largest_array(weights)].size == max(array.size for array in weights.values())


def test_changes_lead_from_one_snapshot_to_the_other(laboratory):
    before = laboratory.subject("plain", epoch=0).model.weights
    after = laboratory.subject("plain", epoch=3).model.weights
    for change in weight_changes(before, after):
        np.testing.assert_allclose(before[change.name] + change.difference, after[change.name], atol=1e-15)
        assert change.norm_before == pytest.approx(np.linalg.norm(before[change.name]))
        assert change.norm_after == pytest.approx(np.linalg.norm(after[change.name]))
        assert change.norm == pytest.approx(np.linalg.norm(after[change.name] - before[change.name]))
        assert change.norm > 0
    by_name = {change.name: change for change in weight_changes(before, after)}
    assert by_name["layer0.forward.kernel"].relative == pytest.approx(
        by_name["layer0.forward.kernel"].norm / by_name["layer0.forward.kernel"].norm_before
    )
    assert by_name["head.bias"].relative == np.inf
    assert all(change.relative == 0 for change in weight_changes(before, before))


def test_only_one_network_can_change(laboratory):
    with pytest.raises(ValueError, match="belong to different networks"):
        weight_changes(
            laboratory.subject("plain").model.weights, laboratory.subject("everything").model.weights
        )
