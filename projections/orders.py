"""The orders of the 台账: each is one an index has, whichever page is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from projections.arms import everywhere
from projections.asking import Order
from projections.register import NO_DUE_DAY
from projections.shapes import Listed

NUMBER = "number"
BY_NUMBER = Order(name=NUMBER)
ORDERS: Mapping[str, Listed] = {
    order.name: Listed(order=order, where=everywhere)
    for order in (
        BY_NUMBER,
        Order(name="-number", descending=True),
        Order(name="due", day_column="due_on", lacking=NO_DUE_DAY),
        Order(name="-due", day_column="due_on", lacking=NO_DUE_DAY, descending=True),
    )
}
"""By name. Those by due day are of open matters only."""
