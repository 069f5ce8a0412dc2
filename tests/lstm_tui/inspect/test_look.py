from dataclasses import replace

from lstm_forecasting.inspect.units import UNIT_ORDERS
from lstm_tui.inspect.look import first_look


def test_at_first_it_is_the_last_layer_at_the_last_step(inspected):
    look = first_look(inspected)
    assert look.layer_of(inspected).name == "layer1.forward"
    assert look.step == 7
    assert look.unit(inspected) == look.units(inspected)[0]


def test_it_stays_inside(inspected):
    look = first_look(inspected)
    assert look.moved(inspected, 1, -1, 0) == look
    assert look.moved(inspected, -1, 1, 0).step == 6
    far = look.moved(inspected, -100, 100, 0)
    assert (far.step, far.place) == (0, 4)
    wanted = replace(look, layer=3, place=4, array=len(inspected.weights) - 1, member=11)
    assert replace(look, layer=9, step=99, place=99, array=99, member=99).fitted(inspected, 12) == wanted


def test_in_a_batch_the_cursor_goes_over_windows_and_arrays(inspected):
    look = replace(first_look(inspected), view="batch", array=0)
    moved = look.moved(inspected, 3, 2, 12)
    assert (moved.member, moved.array) == (3, 2)
    assert (moved.step, moved.place) == (look.step, look.place)
    assert look.moved(inspected, -1, -1, 12) == look
    assert moved.array_of(inspected) == "layer0.forward.bias"


def test_layers_values_and_arrays_come_round(inspected):
    look = first_look(inspected)
    names = []
    for _ in range(4):
        look = look.next_layer(inspected)
        names.append(look.layer_of(inspected).name)
    assert names == ["layer1.backward", "layer0.forward", "layer0.backward", "layer1.forward"]
    look, symbols = replace(look, view="backends"), []
    for _ in range(6):
        look = look.next_choice(inspected)
        symbols.append(look.shown_quantity.symbol)
    assert symbols == ["f", "i", "C̃", "C", "o", "h"]
    look, arrays = replace(look, view="weights"), set()
    for _ in inspected.weights:
        look = look.next_choice(inspected)
        arrays.add(look.array_of(inspected))
    assert arrays == set(inspected.weights)


def test_sorting_keeps_the_unit(inspected):
    look = replace(first_look(inspected), place=2)
    unit = look.unit(inspected)
    orders = []
    for _ in UNIT_ORDERS:
        look = look.next_order(inspected)
        assert look.unit(inspected) == unit
        orders.append(look.order)
    assert sorted(orders) == sorted(UNIT_ORDERS)
