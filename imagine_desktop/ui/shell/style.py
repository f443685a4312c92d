"""The application's style sheet: what Fusion draws like a form is made to look like this program.

Hooks, set with `setProperty("kind", …)` before a widget is first shown:
  QPushButton   primary (the one thing to press) · quiet (no ground until the mouse is on it)
  QLabel        title (small and grey) · quiet · failed · figure (the one number that matters)
  QPlainTextEdit reading (text to read and copy, without a field around it)
  QFrame        line (a separator)
"""

from string import Template

SHEET = Template("""
QPushButton, QToolButton { border: none; border-radius: ${radius}px; }
QPushButton { background: $raised; min-height: ${height}px; padding: 0 14px; }
QPushButton:hover, QToolButton:hover, QToolButton:checked { background: $hover; }
QPushButton:pressed, QPushButton:checked, QToolButton:pressed { background: $pressed; }
QPushButton:focus { border: 2px solid $accent; min-height: ${inner}px; padding: 0 12px; }
QPushButton:disabled { background: transparent; border: 1px solid $line; min-height: ${field}px; }
QPushButton[kind="quiet"] { background: transparent; padding: 0 8px; border: none; min-height: ${height}px; }
QPushButton[kind="quiet"]:hover, QPushButton[kind="quiet"]:checked { background: $raised; }
QPushButton[kind="quiet"]:pressed { background: $pressed; }
QPushButton[kind="quiet"]:focus { border: 2px solid $accent; min-height: ${inner}px; padding: 0 6px; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border: none; min-height: ${tall}px; }
QPushButton[kind="primary"]:hover { background: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_pressed; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; min-height: ${tall_inner}px; padding: 0 12px; }
QPushButton[kind="primary"]:disabled { background: $raised; color: $faded; }
QToolButton { padding: 6px; }
QToolButton:focus { border: 2px solid $accent; padding: 4px; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox {
    background: $window; border: 1px solid $line; border-radius: ${radius}px;
    selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QAbstractSpinBox, QComboBox { min-height: ${field}px; padding: 0 8px; }
QPlainTextEdit { padding: 4px; }
QLineEdit:hover, QPlainTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $edge; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
    border: 2px solid $accent; padding: 0 7px; min-height: ${inner}px; }
QPlainTextEdit:focus { border: 2px solid $accent; padding: 3px; }
QPlainTextEdit[kind="reading"] { border: 2px solid transparent; background: transparent; padding: 0; }
QPlainTextEdit[kind="reading"]:focus { border-color: $accent; }
QLineEdit:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
    background: $panel; }
QAbstractSpinBox, QAbstractSpinBox:focus { padding: 0; min-height: 26px; }
QAbstractSpinBox:focus { min-height: 24px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    width: 24px; border: none; border-radius: 4px; subcontrol-origin: border; margin: 2px; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin-bottom: 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin-top: 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-arrow { image: url("$icons/chevron-up.svg"); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url("$icons/chevron-down.svg"); width: 12px; height: 12px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$icons/chevron-down.svg"); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $panel; border: 1px solid $line; padding: 4px; }

QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 14px; height: 14px; border: 1px solid $quiet; background: $window; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; background: $hover; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus {
    border: 2px solid $text; width: 12px; height: 12px; }
QCheckBox::indicator:checked {
    background: $accent; border-color: $accent; image: url("$icons/check.svg"); }
QRadioButton::indicator:checked {
    border: 5px solid $accent; background: $on_accent; width: 6px; height: 6px; }
QCheckBox::indicator:checked:focus { border-color: $text; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; background: $raised; }

QMenu { background: $panel; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $faded; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QToolTip { background: $raised; color: $text; border: 1px solid $edge; padding: 4px 6px; }

QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $edge; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $quiet; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    width: 0; height: 0; background: transparent; }
QScrollArea, QScrollArea > QWidget > QWidget#content { background: transparent; border: none; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $edge; }
QSlider::sub-page:horizontal { border-radius: 2px; background: $accent; }
QSlider::handle:horizontal {
    width: 14px; height: 14px; margin: -6px 0; border: 1px solid $edge; border-radius: 8px; background: $knob; }
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { border-color: $accent; }

QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $accent; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QToolBar { border: none; border-bottom: 1px solid $line; padding: 4px 8px; spacing: 4px; }
QToolBar::separator { background: $line; width: 1px; margin: 8px 4px; }
QStatusBar { border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { padding: 8px 12px; border-bottom: 2px solid transparent; color: $quiet; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-color: $accent; }
QTabBar::tab:selected:focus { background: $raised; }

QAbstractItemView { background: $panel; border: none; outline: none;
    selection-background-color: $selected; selection-color: $text; }
QTreeView { show-decoration-selected: 1; }
QTreeView::item, QListView::item { padding: 6px 4px; }
QTreeView::item:hover, QListView::item:hover { background: $raised; }
QTreeView::item:selected, QListView::item:selected { background: $selected; color: $text; }
QHeaderView::section { background: $panel; color: $quiet; border: none;
    border-bottom: 1px solid $line; padding: 4px 8px; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QProgressBar { background: $raised; border: none; border-radius: 3px; max-height: 6px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QGroupBox { border: none; margin-top: 24px; }
QGroupBox::title { subcontrol-origin: margin; left: 0; color: $quiet; }

QLabel[kind="title"] { color: $quiet; font-size: 12px; }
QLabel[kind="quiet"] { color: $quiet; }
QLabel[kind="failed"] { color: $failed; }
QLabel[kind="figure"] { font-weight: 600; }
QFrame[kind="line"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
""")
