"""How the register is looked at: its order and its columns, both said by the address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from starlette.datastructures import QueryParams

from events.refusals import Malformed
from events.vocabulary import OPEN
from projections.asking import Asked
from projections.orders import NUMBER, ORDERS
from service.exchange.columns import COLUMNS, USUAL, chosen_columns
from service.pages.filters import FilterGroup, Filters, asked_of, changed, read_filters
from service.pages.views import Head, Option
from service.pages.visiting import Visit

BY_DUE = frozenset({"due", "-due"})
ORDER_WORDS = {
    NUMBER: "按编号",
    "-number": "按编号，新立的在前",
    "due": "按期限，近的在前",
    "-due": "按期限，远的在前",
}
WORDS = "c-more"
STYLES = {
    "number": "c-no",
    "title": "c-t",
    "unit": "c-unit",
    "stage": "c-stage",
    "due": "c-due",
    "light": "c-light",
    "last": "last",
}
SORTED_BY = frozenset(order.removeprefix("-") for order in ORDERS)
"""Columns the register can be sorted by."""
CARRIED = ("sort", "col")
"""Parameters of the address that say how it is looked at, not what is selected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the register's address asks for: which matters, in which order, with which columns."""

    filters: Filters
    order: str
    """A key of ORDERS."""
    columns: tuple[str, ...]
    """Names in the order they stand; the usual ones where none were chosen."""

    @property
    def words(self) -> str:
        """The order, as people say it."""
        return ORDER_WORDS[self.order]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMenu:
    """The form that chooses columns."""

    carried: tuple[tuple[str, str], ...]
    options: tuple[Option, ...]
    usual: str | None
    """The address with the usual columns, where others are shown."""


def read_view(query: QueryParams) -> View:
    """The address as a view. Raises Malformed for a filter, an order or a column that is none."""
    filters = read_filters(query)
    order = query.get("sort") or NUMBER
    if order not in ORDERS:
        raise Malformed(f"没有“{order[:20]}”这种排法；点表头上的编号或期限来排。", code="unreadable-filter")
    unknown = next((name for name in query.getlist("col") if name and name not in COLUMNS), None)
    if unknown is not None:
        raise Malformed(f"没有“{unknown[:20]}”这一列；从“列”里选。", code="unreadable-filter")
    chosen = tuple(column.name for column in chosen_columns(query.getlist("col")))
    return View(filters=filters, order=order if _sortable(filters, order) else NUMBER, columns=chosen)


def question(visit: Visit, view: View) -> Asked:
    """A view as a question to the register."""
    asked = asked_of(visit, view.filters)
    return replace(asked, state="open") if view.order in BY_DUE else asked


def _sortable(filters: Filters, order: str) -> bool:
    """By due day only where every matter selected is open: of these an index has the order."""
    of_open = filters.state == "open" or filters.overdue or (filters.stages and filters.stages <= OPEN)
    return order not in BY_DUE or bool(of_open)


def plain_heads(names: Iterable[str] = USUAL) -> tuple[Head, ...]:
    """The heads of a table that cannot be sorted."""
    return tuple(Head(name=name, label=COLUMNS[name].label, style=STYLES.get(name, WORDS)) for name in names)


def sorted_heads(query: QueryParams, view: View) -> tuple[Head, ...]:
    """The heads of the register; those it can be sorted by are links that sort, or turn the order round."""
    return tuple(_sorted(query, view, head) for head in plain_heads(view.columns))


def _sorted(query: QueryParams, view: View, head: Head) -> Head:
    if head.name == "last" and query.getlist("col"):
        return replace(head, style=WORDS)  # asked for, so it stays on narrow screens
    if head.name not in SORTED_BY or not _sortable(view.filters, head.name):
        return head
    turned = f"-{head.name}" if view.order == head.name else head.name
    direction = "descending" if view.order.startswith("-") else "ascending"
    return replace(
        head,
        href=changed(query, sort=None if turned == NUMBER else turned),
        sorted=direction if view.order.removeprefix("-") == head.name else "",
    )


def order_group(view: View) -> FilterGroup:
    """The order as a field of the filter panel: on a phone there are no heads to sort by."""
    options = (
        Option(value=order, label=words, chosen=order == view.order)
        for order, words in ORDER_WORDS.items()
        if order != NUMBER
    )
    return FilterGroup(
        name="sort", title="排序", widget="select", options=tuple(options), none=ORDER_WORDS[NUMBER]
    )


def column_menu(query: QueryParams, view: View) -> ColumnMenu:
    """The columns to choose from."""
    carried = tuple((n, v) for n, v in query.multi_items() if v and n not in ("col", "cursor"))
    options = (
        Option(value=column.name, label=column.label, chosen=column.name in view.columns)
        for column in COLUMNS.values()
        if not column.always
    )
    usual = changed(query, col=None) if view.columns != USUAL else None
    return ColumnMenu(carried=carried, options=tuple(options), usual=usual)
