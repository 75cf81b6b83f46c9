"""Settings: alerts and sound."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.config import Config
from posapp.ui.settings.section import Section, described, help_of, label_of
from posapp.ui.sound import Sound, SoundPlayer
from posapp.ui.widgets.buttons import Button, secondary_button
from posapp.ui.widgets.card import Card, SettingRow
from posapp.ui.widgets.controls import SliderRow, Stepper, Toggle

_WAIT_MS = 400
_HEARD_MS = 1500
_DELIVERY = described("targets", "delivery_minutes")
_PICKUP = described("targets", "pickup_minutes")
_LATE = (Sound.LATE, "late_sound")
_OTHERS = ((Sound.ERROR, "error_sound"), (Sound.BUMP, "bump_sound"), (Sound.CHIME, "start_sound"))


class AlertsSection(Section):
    """What rings and flashes, and when an order is late."""

    key = "alerts"
    icon = "bell-ringing"

    @property
    def title(self) -> str:
        return self.tr("Alerts and sound")

    def build(self) -> None:
        self._waiting: dict[tuple[str, str], int] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._save_waiting)
        self._player: SoundPlayer | None = None
        self._switches: dict[str, Toggle] = {}
        self._build_new()
        self._build_late()
        others = self.card(self.tr("Other sounds"), self.tr("as loud as set above"))
        for sound, key in _OTHERS:
            item = described("alarm", key)
            self._sound_setting(others, sound, key, label_of(item), help_of(item))

    def _build_new(self) -> None:
        card = self.card(self.tr("New orders"), self.tr("the sound repeats until someone accepts"))
        help_text = self.tr("Two rising notes, every 8 s")
        self._sound_row = self._sound_setting(card, Sound.NEW, "sound", self.tr("Sound"), help_text)
        self.sound = self._switches["sound"]
        self.volume = SliderRow(label_of(described("alarm", "volume")), 70)
        self.volume.setObjectName("alarmVolume")
        self.volume.setFixedWidth(250)
        self.row(
            card,
            label_of(described("alarm", "volume")),
            self.tr("Louder after 60 s without an answer"),
            self.volume,
        )
        self.flash = Toggle(label_of(described("alarm", "flash")))
        self.flash.setObjectName("alarmFlash")
        self.row(
            card,
            label_of(described("alarm", "flash")),
            self.tr("When the app is behind other windows"),
            self.flash,
        )
        self.flash.clicked.connect(lambda on: self.keep("alarm", "flash", bool(on), self.complain))
        self.volume.valueChanged.connect(lambda value: self._later("alarm", "volume", value))

    def _build_late(self) -> None:
        card = self.card(self.tr("Late orders"), self.tr("colours and warnings on every screen"))
        self.delivery = self._stepper(_DELIVERY.minimum, _DELIVERY.maximum, label_of(_DELIVERY))
        self.pickup = self._stepper(_PICKUP.minimum, _PICKUP.maximum, label_of(_PICKUP))
        self.delivery.setObjectName("deliveryMinutes")
        self.pickup.setObjectName("pickupMinutes")
        self.row(
            card,
            label_of(_DELIVERY),
            self.tr("Accept to ready, minutes. Warn at 67 %, late at 100 %"),
            self.delivery,
        )
        self.row(card, label_of(_PICKUP), self.tr("Warn at 67 %, late at 100 %"), self.pickup)
        sound, key = _LATE
        item = described("alarm", key)
        self._sound_setting(card, sound, key, label_of(item), help_of(item))
        self.delivery.valueChanged.connect(lambda n: self._later("targets", "delivery_minutes", n))
        self.pickup.valueChanged.connect(lambda n: self._later("targets", "pickup_minutes", n))

    def _sound_setting(self, card: Card, sound: Sound, key: str, label: str, help_text: str) -> SettingRow:
        """Add the row of a sound: a button that plays it, and its switch."""
        both = QWidget()
        line = QHBoxLayout(both)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        test = secondary_button(self.tr("Test"), icon="speaker-high-fill")
        test.setObjectName("testSoundButton" if sound is Sound.NEW else f"test_{sound}")
        test.setAccessibleName(self.tr("Test: %1").replace("%1", label))
        switch = Toggle(label)
        switch.setObjectName("alarmSound" if sound is Sound.NEW else f"alarm_{key}")
        switch.clicked.connect(lambda on: self.keep("alarm", key, bool(on), self.complain))
        self._switches[key] = switch
        line.addWidget(test)
        line.addWidget(switch)
        row = self.row(card, label, help_text, both)
        test.clicked.connect(lambda: self._test(sound, row, help_text))
        if sound is Sound.NEW:
            self.test: Button = test
        return row

    def _stepper(self, least: int, most: int, name: str) -> Stepper:
        return Stepper(name, least, least, most)

    def summary(self) -> str:
        config = self.ctx.config
        on = config.get("alarm", "sound") and config.get("alarm", "volume")
        return self.tr("On") if on else self.tr("Off")

    def put_config(self, config: Config) -> None:
        if self._waiting:
            return  # the person is still turning
        for control, section, key in (
            (self.volume.slider, "alarm", "volume"),
            (self.delivery, "targets", "delivery_minutes"),
            (self.pickup, "targets", "pickup_minutes"),
        ):
            control.setValue(int(config.get(section, key)))
        self._waiting.clear()
        self._timer.stop()
        for key, switch in self._switches.items():
            switch.setChecked(bool(config.get("alarm", key)))
        self.flash.setChecked(bool(config.get("alarm", "flash")))

    def shown(self) -> None:
        self._sound_row.set_help(self._warning() or self.tr("Two rising notes, every 8 s"))

    def _later(self, section: str, key: str, value: int) -> None:
        if value == self.ctx.config.get(section, key):
            self._waiting.pop((section, key), None)
            return
        self._waiting[section, key] = value
        self._timer.start()

    def _save_waiting(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for (section, key), value in waiting.items():
            self.keep(section, key, value, self.complain)

    def _sounds(self) -> SoundPlayer:
        if self._player is None:
            self._player = SoundPlayer(self.ctx.store.data_dir / "cache", self)
        return self._player

    def _warning(self) -> str:
        return self._sounds().available().reason

    def _test(self, sound: Sound, row: SettingRow, help_text: str) -> None:
        player = self._sounds()
        player.retry()
        if self.volume.value() == 0:
            row.set_help(self.tr("The volume is 0: nothing can be heard."))
        elif player.play(sound, self.volume.value()):
            row.set_help(self.tr("Playing now. Nothing to hear? Check the loudspeakers."))
            # A player that fails says so within moments.
            QTimer.singleShot(_HEARD_MS, self, lambda: self._after_test(row, help_text))
        else:
            row.set_help(self._warning())

    def _after_test(self, row: SettingRow, help_text: str) -> None:
        if self._warning():
            row.set_help(self._warning())
        elif row is not self._sound_row:
            row.set_help(help_text)
