import datetime

import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.options import ReadOptions

PROMOTIONS = ("", "TV", "", "leaflet")
KNOWN = ("price", "promotion")


def promotion(day):
    return PROMOTIONS[(day // 5) % 4]


class Shop:
    """Writes the daily sales of a shop, with a price and promotions that are known ahead."""

    def __init__(self, folder):
        self.folder = folder

    def write(self, name="shop.csv", first=0, rows=120, ahead=0, without=(), sales=True):
        """Days from `first`: `rows` with sales and `ahead` without; the days in `without` are left out."""
        lines = ["day,price,promotion,sales" if sales else "day,price,promotion"]
        for day in range(first, first + rows + ahead):
            date = datetime.date(2023, 1, 1) + datetime.timedelta(day)
            price, sold = 10 + day % 3 / 2, 40 + day % 7 + (np.sin(day) if day < first + rows else 0)
            fields = [str(date), f"{price}", promotion(day)]
            if sales:
                fields.append(f"{sold:.3f}" if day < first + rows else "")
            if day not in without:
                lines.append(",".join(fields))
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def future(self, rows=14, first=120, **more):
        """A file with the future of the price and the promotions only."""
        return self.write("next.csv", first=first, rows=rows, sales=False, **more)

    def open(self, path, **options):
        """The table with both columns known."""
        return open_data(path, ["sales"], options=ReadOptions(**{"known": KNOWN, **options}))


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)
