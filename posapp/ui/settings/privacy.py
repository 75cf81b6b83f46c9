"""Settings: customers' data. How long finished orders keep it, and one customer who asks to be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from PySide6.QtCore import QTimer

from posapp.config import Config
from posapp.domain.errors import PosError
from posapp.domain.privacy import Hold, one_number
from posapp.domain.retention import LEAST_DAYS
from posapp.services import privacy
from posapp.services.privacy import Forgotten, Preview
from posapp.ui.context import WINDOW_ORIGIN, TestResult
from posapp.ui.fetching import Watch
from posapp.ui.settings.privacywords import done_words, found_words, preview_words
from posapp.ui.settings.section import Section, described, help_of, label_of
from posapp.ui.settings.slow import Slow
from posapp.ui.shop_form import TestLine
from posapp.ui.widgets.buttons import ButtonLook, danger_button, primary_button, secondary_button
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.text import PlainLabel

_DAYS = described("privacy", "days")
_STEP_DAYS = 30


class PrivacySection(Section):
    """Forgetting by age, and on request."""

    key = "privacy"
    icon = "user"

    @property
    def title(self) -> str:
        return self.tr("Customers' data")

    def build(self) -> None:
        self._make_age()
        self._make_one()
        self._words += [self.tr("Privacy"), self.tr("Anonymise"), self.tr("Delete"), self.tr("GDPR")]

    def _make_age(self) -> None:
        card = self.card(self.tr("By age"), self.tr("finished orders; sums, dishes and times stay"))
        self.days = Stepper(label_of(_DAYS), 0, 0, _DAYS.maximum, suffix=self.tr(" days"))
        self.days.setObjectName("privacyDays")
        self.days.setSingleStep(_STEP_DAYS)
        self.days.valueChanged.connect(self._put_buttons)
        self.row(card, label_of(_DAYS), help_of(_DAYS), self.days)
        words = self.tr(
            "Name, telephone, e-mail, address, comments and what the shop sent are taken out for ever, also "
            "of the history. Reports stay as they are. Backups made earlier still hold it until they are "
            "rotated away."
        )
        card.column.addWidget(PlainLabel(words, px=13, tone="text2", wrap=True))
        self.save_button = primary_button(self.tr("Do so from now on"), height=40)
        self.save_button.setObjectName("saveDaysButton")
        self.save_button.clicked.connect(self._save)
        self.look_button = secondary_button(self.tr("What would go?"))
        self.look_button.setObjectName("previewDaysButton")
        self.look_button.clicked.connect(self.look)
        self.now_button = secondary_button(self.tr("Anonymise now…"))
        self.now_button.setObjectName("anonymiseNowButton")
        self.now_button.clicked.connect(self.ask_now)
        progress = {"look": self.tr("Counting…"), "forget": self.tr("Taking customers out…")}
        self.working = Slow(self.ctx, self.look_button, progress, "stopAnonymiseButton")
        self.working.row.insertWidget(0, self.save_button)
        self.working.row.insertWidget(2, self.now_button)
        card.column.addWidget(self.working)
        self._words.append(words)

    def _make_one(self) -> None:
        card = self.card(self.tr("One customer"), self.tr("who asks to be forgotten"))
        self.phone = TextInput()
        self.phone.setObjectName("forgetPhone")
        self.phone.textEdited.connect(self._phone_typed)
        self.phone.returnPressed.connect(self.find_customer)
        self.field = Field(
            self.tr("Telephone"), self.phone, help_text=self.tr("The whole number, in any spelling.")
        )
        self.field.setMaximumWidth(420)
        card.column.addWidget(self.field)
        self.found = TestLine()
        self.found.setObjectName("forgetFound")
        card.column.addSpacing(4)
        card.column.addWidget(self.found)
        self.find_button = secondary_button(self.tr("Find"), icon="magnifying-glass")
        self.find_button.setObjectName("findCustomerButton")
        self.find_button.clicked.connect(self.find_customer)
        self.forget_button = danger_button(self.tr("Forget this customer…"))
        self.forget_button.setObjectName("forgetCustomerButton")
        self.forget_button.clicked.connect(self.ask_forget)
        self.forgetting = Slow(
            self.ctx, self.forget_button, {"forget": self.tr("Taking the customer out…")}, "stopForgetButton"
        )
        self.forgetting.row.insertWidget(0, self.find_button)
        card.column.addWidget(self.forgetting)
        # Nothing is forgotten that was not looked for first.
        self._ready("")

    # -- by age ----------------------------------------------------------------------------------------

    def summary(self) -> str:
        days = int(self.ctx.config.get("privacy", "days"))
        return self.tr("Forgotten after %1 days").replace("%1", f"{days:,}") if days else self.tr("Kept")

    def put_config(self, config: Config) -> None:
        if not self.days.hasFocus():
            self.days.setValue(int(config.get("privacy", "days")))
        self._put_buttons()

    def _put_buttons(self) -> None:
        days = self.days.value()
        kept = int(self.ctx.config.get("privacy", "days"))
        # Not saved with each step of the number: what is forgotten by mistake does not come back.
        self.save_button.setEnabled(days != kept)
        self.save_button.setText(self.tr("Do so from now on") if days else self.tr("Keep them from now on"))
        self.look_button.setEnabled(days > 0)
        self.now_button.setEnabled(days > 0)

    def _save(self) -> None:
        days = self.days.value()
        self.keep("privacy", "days", max(days, LEAST_DAYS) if days else 0, self.complain)

    def look(self) -> None:
        """Count what would be anonymised."""
        store, before = self.ctx.store, self.ctx.clock() - self._age()
        zone = self.ctx.zone

        def done(result: object) -> None:
            if isinstance(result, Preview):
                self._tell(self.working, preview_words(result, zone))

        self.working.run(lambda watch: privacy.preview(store, before, watch), done)

    def ask_now(self) -> None:
        """Ask before all that is old enough is anonymised."""
        days = max(self.days.value(), LEAST_DAYS)
        self._ask(
            self.tr("Take the customers out of all orders older than %1 days?").replace("%1", f"{days:,}"),
            self.tr("This cannot be undone. Sums, dishes, times and reports stay as they are."),
            self.tr("Anonymise"),
            self._anonymise,
        )

    def _anonymise(self) -> None:
        store, who, before = self.ctx.store, self.ctx.who, self.ctx.clock() - self._age()

        def work(watch: Watch) -> Forgotten:
            return privacy.erase_old(store, before, who, observer=watch, origin=WINDOW_ORIGIN)

        self._run(self.working, work)

    def _age(self) -> timedelta:
        return timedelta(days=max(self.days.value(), LEAST_DAYS))

    # -- one customer ----------------------------------------------------------------------------------

    def _phone_typed(self) -> None:
        self.field.set_error("")
        self.found.hide()
        self._ready("")

    def _ready(self, phone: str) -> None:
        self._phone = phone
        self.forget_button.setEnabled(bool(phone))

    def find_customer(self) -> None:
        """Count the orders of a number."""
        phone, store, who = self.phone.text().strip(), self.ctx.store, self.ctx.who
        if not one_number(phone):
            self.field.set_error(self.tr("Write the whole number, at least six digits."))
            return

        def done(result: tuple[int, Mapping[Hold, int]]) -> None:
            count, held = result
            self._ready(phone if count > sum(held.values()) else "")
            self.found.show_result(TestResult(ok=count > 0, sentence=found_words(count, held)))

        self.ctx.tasks.run(lambda: privacy.find_customer(store, phone, who), done, owner=self)

    def ask_forget(self) -> None:
        """Ask before a customer is forgotten."""
        self._ask(
            self.tr("Forget the customer %1?").replace("%1", self._phone),
            self.tr(
                "Name, telephone, address and comments are taken out of all finished orders. "
                "This cannot be undone."
            ),
            self.tr("Forget"),
            self._forget,
        )

    def _forget(self) -> None:
        store, who, phone = self.ctx.store, self.ctx.who, self._phone

        def work(watch: Watch) -> Forgotten:
            return privacy.erase_customer(store, phone, who, observer=watch, origin=WINDOW_ORIGIN)

        self._run(self.forgetting, work)

    # -- both ------------------------------------------------------------------------------------------

    def _ask(self, title: str, text: str, act: str, then: Callable[[], None]) -> None:
        dialog = Dialog(title, text, self, icon="user-fill", tone="danger")
        dialog.setObjectName("forgetDialog")
        dialog.add_safe(self.tr("Keep"))
        button = dialog.add_action(act, look=ButtonLook.DANGER)
        button.setObjectName("confirmForgetButton")
        # When the dialog is gone, which would take the focus of what appears.
        dialog.accepted.connect(lambda: QTimer.singleShot(0, self, then))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _run(self, slow: Slow, work: Callable[[Watch], Forgotten]) -> None:
        store, who = self.ctx.store, self.ctx.who

        def done(result: object) -> None:
            if isinstance(result, Forgotten):
                self._tell(slow, done_words(result))
                if slow is self.forgetting:
                    self.phone.clear()
                    self._phone_typed()

        def go(_allowed: None) -> None:
            slow.run(work, done)

        # Asked in the jobs' thread, where a manager can approve it in place.
        self.ctx.tasks.run(lambda: privacy.check_erase(store, who), go, owner=self)

    def _tell(self, slow: Slow, sentence: str) -> None:
        slow.result_line.show_result(TestResult(ok=True, sentence=sentence))

    def complain(self, error: PosError) -> None:
        """Show that it was not saved."""
        self.days.clearFocus()
        super().complain(error)
