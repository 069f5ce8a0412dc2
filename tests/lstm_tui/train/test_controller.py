"""Plans of the app for data that not every backend can handle, on replayed trainings."""

from dataclasses import replace

import pytest

from lstm_tui.backends.controller import BackendsController
from lstm_tui.kit.controller import controller

SENTENCE = (
    "PyTorch cannot tell filled values from observed ones, but values of the series are missing, so it is "
    "left out."
)


@pytest.fixture
def without_masks():
    """Takes from backends what they need for missing values, as if they were older."""

    def take(app, *names):
        backends = controller(app, BackendsController)
        found = tuple(
            replace(one, backend=replace(one.backend, additions=())) if one.name in names else one
            for one in backends.state.found
        )
        backends.publish(replace(backends.state, found=found))

    return take


@pytest.mark.exhaustive
async def test_a_backend_that_cannot_tell_filled_values_is_left_out_and_the_user_is_told(
    make_app, planned, until, without_masks
):
    app = make_app("co2", backends=("numpy", "torch"))
    async with app.run_test(size=(160, 45)) as pilot:
        await planned(pilot)
        assert app.train.state.experiment.backends == ("numpy", "torch")
        without_masks(app, "torch")
        app.train.plan()
        await until(pilot, lambda: app.train.state.experiment.backends == ("numpy",), "the other plan")
        assert app.train.state.experiment.decisions[-1] == SENTENCE
        told = lambda: [one.message for one in app._notifications]  # noqa: E731
        await until(pilot, lambda: told() == [SENTENCE], "the notification")
        app.train.choose_settings({"epochs": 3})
        await until(pilot, lambda: app.train.state.experiment.config.epochs == 3, "a further plan")
        assert told() == [SENTENCE]


@pytest.mark.exhaustive
async def test_if_none_is_left_the_form_says_why(make_app, planned, until, without_masks):
    app = make_app("co2", backends=("torch",))
    async with app.run_test(size=(160, 45)) as pilot:
        await planned(pilot)
        without_masks(app, "torch")
        app.train.plan()
        await until(pilot, lambda: app.train.state.problem is not None, "the problem")
        assert app.train.state.problem.text == (
            "PyTorch cannot tell filled values from observed ones, but values of the series are missing: "
            "choose another backend, other settings or other data."
        )
