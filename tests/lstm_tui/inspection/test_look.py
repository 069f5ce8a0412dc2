from dataclasses import replace

from lstm_forecasting.inspection.units import UNIT_ORDERS
from lstm_tui.inspection.look import first_look


def test_at_first_it_is_the_last_layer_at_the_last_step(inspected):
    look = first_look(inspected)
    assert look.layer_of(inspected).name == "layer1.forward"
    assert look.step == 7
    assert look.unit(inspected) == look.units(inspected)[0]


def test_it_stays_inside(inspected):
    look = first_look(inspected)
    assert look.moved(inspected, 1, -1) == look
    assert look.moved(inspected, -1, 1).step == 6
    far = look.moved(inspected, -100, 100)
    assert (far.step, far.place) == (0, 4)
    assert replace(look, layer=9, step=99, place=99).fitted(inspected) == replace(look, layer=3, place=4)


def test_layers_and_quantities_come_round(inspected):
    look = first_look(inspected)
    names = []
    for _ in range(4):
        look = look.next_layer(inspected)
        names.append(look.layer_of(inspected).name)
    assert names == ["layer1.backward", "layer0.forward", "layer0.backward", "layer1.forward"]
    symbols = []
    for _ in range(6):
        look = look.next_quantity()
        symbols.append(look.shown_quantity.symbol)
    assert symbols == ["f", "i", "C̃", "C", "o", "h"]


def test_sorting_keeps_the_unit(inspected):
    look = replace(first_look(inspected), place=2)
    unit = look.unit(inspected)
    orders = []
    for _ in UNIT_ORDERS:
        look = look.next_order(inspected)
        assert look.unit(inspected) == unit
        orders.append(look.order)
    assert sorted(orders) == sorted(UNIT_ORDERS)
