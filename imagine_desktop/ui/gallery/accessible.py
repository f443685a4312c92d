"""How screen readers and other programs reach the tiles."""

from PySide6.QtWidgets import QAbstractItemView


class QTableView(QAbstractItemView):
    """An item view whose items can be reached from outside, each under its `AccessibleTextRole`.

    Qt chooses the accessible interface by the names of an object's classes. It has one that serves any
    item view, under this name; to a view of another name it gives an empty area. One made in Python
    would not do: Qt deletes the interfaces of items itself, and Python does so a second time.
    """
