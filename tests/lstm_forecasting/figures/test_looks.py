from lstm_forecasting.figures.looks import in_order, looks

NAMES = ["numpy", "torch", "tensorflow", "jax", "mine", "other"]


def test_built_in_backends_have_the_looks_that_belong_to_them():
    found = looks(NAMES)
    assert (found["numpy"].dark, found["numpy"].pattern) == ("#56B4E9", "solid")
    assert (found["torch"].dark, found["torch"].pattern) == ("#E69F00", "dashed")
    assert (found["tensorflow"].dark, found["tensorflow"].pattern) == ("#CC79A7", "dotted")


def test_no_two_of_six_backends_look_the_same():
    found = looks(NAMES).values()
    assert len({(look.dark, look.pattern) for look in found}) == len(NAMES)
    assert len({(look.light, look.pattern) for look in found}) == len(NAMES)


def test_a_backend_keeps_its_look_whatever_else_there_is():
    assert looks(["torch"])["torch"] == looks(NAMES)["torch"]
    assert looks(["jax", "mine"]) == {name: looks(NAMES)[name] for name in ("jax", "mine")}


def test_the_order_on_every_screen():
    assert in_order(["jax", "tensorflow", "numpy", "torch"]) == ["numpy", "torch", "tensorflow", "jax"]
