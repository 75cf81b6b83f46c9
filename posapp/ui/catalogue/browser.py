"""The list of dishes with its search, its filters and what is said when it is empty."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QBoxLayout, QHBoxLayout, QListView, QScroller, QStackedWidget

from posapp.services.menu import Menu
from posapp.ui.catalogue.model import DISH_ROLE, Dish, MenuModel, Show
from posapp.ui.catalogue.rows import DishPainter, MenuHead, has_large_letters
from posapp.ui.catalogue.words import count_text, dishes_text
from posapp.ui.context import Context
from posapp.ui.widgets.buttons import ButtonLook, secondary_button, tint_button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.inputs import ComboBox, SearchField
from posapp.ui.widgets.text import PlainLabel

_LEAST_HEIGHT = 300


class DishList(QListView):
    """The dishes; Enter opens the current one."""

    opened = Signal(object)  # Dish

    def __init__(self, model: MenuModel) -> None:
        super().__init__()
        self.setObjectName("menuList")
        self.setAccessibleName(self.tr("Dishes"))
        self.setModel(model)
        self.setItemDelegate(DishPainter(model, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self.clicked.connect(self._open)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        dish: Dish | None = index.data(DISH_ROLE)
        if dish is not None:
            self.opened.emit(dish)


class MenuBrowser(Card):
    """Searches and filters as one types; what is to be done is asked for with signals."""

    edit_wanted = Signal(object)  # Dish
    add_wanted = Signal()
    import_wanted = Signal()
    categories_wanted = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__(padding=0, spacing=0)
        self.setObjectName("menuBrowser")
        self.model = MenuModel(ctx.clock, ctx.zone)
        self.list = DishList(self.model)
        self.list.opened.connect(self.edit_wanted)
        self._menu = Menu()
        self._make_tools()
        self._make_empty()
        self.head = MenuHead(lambda: self.list.width() - self.list.viewport().width())
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.empty)
        self.stack.setMinimumHeight(_LEAST_HEIGHT)
        self.column.setContentsMargins(1, 12, 1, 10)
        self.column.addLayout(self._tools)
        self.column.addSpacing(10)
        self.column.addWidget(self.head)
        self.column.addWidget(self.stack, 1)

    def _make_tools(self) -> None:
        self.search = SearchField(self.tr("Search dishes"), key="")
        self.search.setObjectName("menuSearch")
        self.category = ComboBox()
        self.category.setObjectName("menuCategory")
        self.category.setAccessibleName(self.tr("Category"))
        self.category.addItem(self.tr("All categories"), None)
        self.show_choice = ComboBox()
        self.show_choice.setObjectName("menuShow")
        self.show_choice.setAccessibleName(self.tr("Which dishes"))
        for show, word in (
            (Show.CURRENT, self.tr("All dishes")),
            (Show.SOLD_OUT, self.tr("Sold out")),
            (Show.CHANGED, self.tr("Not at the shop")),
            (Show.REFUSED, self.tr("Refused")),
            (Show.DELETED, self.tr("Deleted")),
        ):
            self.show_choice.addItem(word, show)
        self.count = PlainLabel("", px=13, tone="text2")
        self.count.setObjectName("menuCount")
        add = tint_button(self.tr("Add"), icon="plus")
        add.setObjectName("addDishButton")
        add.setAccessibleName(self.tr("Add a dish"))
        add.clicked.connect(self.add_wanted)
        imports = secondary_button(self.tr("Import…"))
        imports.setObjectName("importMenuButton")
        imports.clicked.connect(self.import_wanted)
        groups = secondary_button(self.tr("Categories…"))
        groups.setObjectName("categoriesButton")
        groups.clicked.connect(self.categories_wanted)
        finding, self._doing = QHBoxLayout(), QHBoxLayout()
        for row in (finding, self._doing):
            row.setSpacing(8)
        finding.addWidget(self.search, 1)
        for widget in (self.category, self.show_choice, self.count):
            finding.addWidget(widget)
        self._doing.addStretch(1)
        for button in (groups, imports, add):
            self._doing.addWidget(button)
        self._tools = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._tools.setContentsMargins(12, 0, 12, 0)
        self._tools.setSpacing(8)
        self._tools.addLayout(finding, 1)
        self._tools.addLayout(self._doing)
        self._place_tools()
        self.search.textChanged.connect(self._narrow)
        self.category.currentIndexChanged.connect(self._narrow)
        self.show_choice.currentIndexChanged.connect(self._narrow)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._place_tools()
        super().changeEvent(event)

    def _place_tools(self) -> None:
        """Put what is done with the list under what finds in it, where the letters are large."""
        wide = QBoxLayout.Direction.LeftToRight
        self._tools.setDirection(QBoxLayout.Direction.TopToBottom if has_large_letters() else wide)

    def _make_empty(self) -> None:
        self.empty = EmptyState("bowl-food", "", "")
        self.empty.setObjectName("menuEmpty")

    def put(self, menu: Menu, currency: str) -> None:
        """Show a moment of the menu; what is chosen and typed stays."""
        self._menu = menu
        chosen = self.chosen()
        self._put_categories([item.name for item in menu.categories])
        self.model.put(menu, currency)
        self._show_state()
        if chosen is not None:
            self.choose(chosen.product.internal_id)

    def chosen(self) -> Dish | None:
        """Return the current dish."""
        found: Dish | None = self.list.currentIndex().data(DISH_ROLE)
        return found

    def choose(self, internal_id: str) -> None:
        """Make a dish the current one."""
        place = self.model.place_of(internal_id)
        if place >= 0 and place != self.list.currentIndex().row():
            self.list.setCurrentIndex(self.model.index(place))

    def show_only(self, show: Show) -> None:
        """Choose which dishes are listed."""
        self.show_choice.setCurrentIndex(self.show_choice.findData(show))

    def _put_categories(self, names: list[str]) -> None:
        wanted = [None, *names, ""]
        if [self.category.itemData(place) for place in range(self.category.count())] == wanted:
            return
        before = self.category.currentData()
        self.category.blockSignals(True)
        self.category.clear()
        self.category.addItem(self.tr("All categories"), None)
        for name in names:
            self.category.addItem(name, name)
        self.category.addItem(self.tr("Without category"), "")
        self.category.setCurrentIndex(wanted.index(before) if before in wanted else 0)
        self.category.blockSignals(False)
        self._narrow()

    def _narrow(self) -> None:
        # Qt keeps a StrEnum as a plain text.
        show = Show(self.show_choice.currentData())
        self.model.narrow(self.search.text(), self.category.currentData(), show)
        self._show_state()

    def _show_state(self) -> None:
        shown = self.model.rowCount()
        every = sum(not item.deleted for item in self._menu.products)
        some = self.tr("%1 of %2").replace("%2", count_text(every)).replace("%1", count_text(shown))
        self.count.setText(some if self.model.is_narrowed else dishes_text(every))
        self.stack.setCurrentWidget(self.list if shown else self.empty)
        self.head.setVisible(bool(shown))
        if not shown:
            self._say_why_empty()

    def _say_why_empty(self) -> None:
        self.empty.clear_actions()
        if self._menu.products and self.model.is_narrowed:
            title = self.tr("No dish is like this")
            self.empty.show_words("magnifying-glass", title, self.tr("Search for less, or show all dishes."))
            every = self.empty.add_action(self.tr("Show all"), look=ButtonLook.SECONDARY)
            every.clicked.connect(self.show_all)
            return
        words = self.tr("Bring a list from a spreadsheet, or add them one by one.")
        self.empty.show_words("bowl-food", self.tr("No dishes yet"), words)
        self.empty.add_action(self.tr("Import a list…")).clicked.connect(self.import_wanted)
        add = self.empty.add_action(self.tr("Add a dish"), look=ButtonLook.SECONDARY)
        add.clicked.connect(self.add_wanted)

    def show_all(self) -> None:
        """Take search and filters back."""
        self.search.clear()
        self.category.setCurrentIndex(0)
        self.show_choice.setCurrentIndex(0)
