"""Choosing resolution, quality, model and the number of pictures."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLineEdit, QSpinBox, QVBoxLayout, QWidget

from imagine_desktop.domain import money
from imagine_desktop.domain.catalog import RESOLUTIONS, Catalog, Model
from imagine_desktop.ui.compose.choice import ChoiceButton, Item, Popup
from imagine_desktop.ui.compose.segments import Segments
from imagine_desktop.ui.plain import set_tip
from imagine_desktop.ui.shell.theme import CONTROL_HEIGHT, STEP, Colours


class ResolutionPicker(Segments):
    """The control `Resolution`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Resolution", parent)
        self.offer(RESOLUTIONS, {})

    def show_model(self, model: Model) -> None:
        """Leave open what the model makes."""
        reason = f"{model.name} makes {' and '.join(model.resolutions)}"
        self.offer(RESOLUTIONS, {choice: reason for choice in RESOLUTIONS if choice not in model.resolutions})


class QualityPicker(Segments):
    """The control `Quality`; without a choice where the model has no such setting."""

    def __init__(self, catalog: Catalog, parent: QWidget) -> None:
        super().__init__("Quality", parent)
        self._usual = next((model.qualities for model in catalog.models if model.qualities), ())

    def show_model(self, model: Model) -> None:
        """Offer what the model offers."""
        self.offer(model.qualities or self._usual, {})
        self.setEnabled(bool(model.qualities))
        set_tip(self, "" if model.qualities else f"{model.name} has no quality setting")


class CountField(QSpinBox):
    """The control `Images`: how many pictures to make."""

    def __init__(self, catalog: Catalog, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Images")
        self.setRange(1, catalog.limits.max_count)
        self.setFixedSize(88, CONTROL_HEIGHT)
        self.lineEdit().setTextMargins(2 * STEP, 0, 0, 0)  # a style sheet's padding is not used here
        set_tip(self, f"How many pictures to make, 1 to {catalog.limits.max_count}")


class ModelPicker(ChoiceButton):
    """The control `Model`: those of the catalogue, or any other by its id."""

    def __init__(self, catalog: Catalog, parent: QWidget) -> None:
        self._catalog = catalog
        super().__init__("Model", [model.id for model in catalog.models], parent)

    def show_catalog(self, catalog: Catalog) -> None:
        """Offer the models of a newer catalogue."""
        if catalog is not self._catalog:
            self._catalog = catalog
            self.set_options([model.id for model in catalog.models])

    def make_popup(self) -> Popup:
        """The models with their prices, and a field for another one."""
        popup = Popup(self)
        column = QVBoxLayout(popup)
        column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        column.setSpacing(STEP)
        for model in self._catalog.models:
            row = _Row(model, popup)
            column.addWidget(row)
            popup.add(row)
        other = QLineEdit(popup)
        other.setAccessibleName("Other model")
        other.setPlaceholderText("Other model: type its id, press Enter")
        other.returnPressed.connect(lambda: self._choose_other(popup, other))
        column.addWidget(other)
        popup.add(other)
        return popup

    def paint_value(self, painter: QPainter, box: QRectF, colours: Colours) -> None:
        """Draw the model's name."""
        self.paint_text(painter, box, colours, self._catalog.model(self.value).name)

    @staticmethod
    def _choose_other(popup: Popup, field: QLineEdit) -> None:
        if field.text().strip():
            popup.choose(field.text().strip())


class _Row(Item):
    """One model in the popup: name, id, price."""

    def __init__(self, model: Model, parent: QWidget) -> None:
        super().__init__(model.id, parent)
        self._name = model.name
        self._price = price_text(model)
        self.setAccessibleDescription(f"{model.name}, {self._price} a picture")

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(312, CONTROL_HEIGHT + 4 * STEP)

    def paint_content(self, painter: QPainter, colours: Colours) -> None:
        """Draw name and price, and the id under them."""
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        upper = QRectF(10, 5, self.width() - 20, 20)
        lower = upper.translated(0, 19)
        painter.setPen(colours.text)
        painter.drawText(upper, left | Qt.AlignmentFlag.AlignVCenter, self._name)
        painter.setPen(colours.quiet)
        painter.drawText(lower, left | Qt.AlignmentFlag.AlignVCenter, self.value)
        painter.drawText(upper, right | Qt.AlignmentFlag.AlignVCenter, self._price)


def price_text(model: Model) -> str:
    """What a picture costs, at least."""
    prices = set(model.prices_ticks.values())
    if not prices:
        return "price unknown"
    return f"{'from ' if len(prices) > 1 else ''}{money.usd(min(prices))}"
