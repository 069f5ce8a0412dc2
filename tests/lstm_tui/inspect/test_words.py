from lstm_forecasting.inspect.batches import Clipping, gradient_agreement
from lstm_tui.inspect.words import agreement, clipped, closeness


def test_it_is_said_what_clipping_does():
    assert clipped(Clipping(3.0, 0.0, 1.0)) == "Clipping is off: the optimizer gets the mean unchanged."
    assert "0.5, not above clip_norm = 1: the optimizer gets it unchanged." in clipped(
        Clipping(0.5, 1.0, 1.0)
    )
    assert "4, above clip_norm = 1: the optimizer gets 0.25 times the mean." in clipped(
        Clipping(4.0, 1.0, 0.25)
    )


def test_it_is_said_how_exactly_the_mean_is_the_gradient(gathered):
    found = gradient_agreement(gathered.batch, "head.kernel")
    told = agreement(found, "NumPy", gathered.batch.loss)
    against = sum(float(cosine) < 0 for cosine in found.cosines)
    assert told.startswith(
        f"The mean has the norm {found.norm:.4g}; {against} of 12 windows point against it."
    )
    assert told.endswith(f"whose loss is {gathered.batch.loss:.4g}, differs from it by less than 1e-12.")
    assert found.apart < 1e-12
    assert closeness(3e-8) == "3.0e-08"
