"""Keys of remotes: found where they were put, kept from everybody else, never shown."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from posapp import log, secrets
from posapp.domain.errors import PosError, RefusedError
from posapp.remote.tokens import SignIn, read_sign_in
from posapp.secrets import Place, SecretStore, default_config_dir, variable_of

KEY = "canary-key-20871"
HOME = "installation-1"


class Chest(keyring.backend.KeyringBackend):
    """A keyring in memory that can be missing, refuse or hang."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.held: dict[tuple[str, str], str] = {}
        self.refuses = False
        self.forgets = False
        self.hangs = threading.Event()
        self.hangs.set()
        self.asked = 0

    def _enter(self) -> None:
        self.asked += 1
        self.hangs.wait(20)
        if self.refuses:
            raise keyring.errors.KeyringLocked("locked")

    def get_password(self, service: str, username: str) -> str | None:
        self._enter()
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._enter()
        if not self.forgets:
            self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._enter()
        if self.held.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("not there")


class Plain(Chest):
    """A keyring that keeps passwords for everybody to read."""

    priority = 0.5  # type: ignore[assignment]


@pytest.fixture
def chest() -> Iterator[Chest]:
    before = keyring.get_keyring()
    made = Chest()
    keyring.set_keyring(made)
    yield made
    made.hangs.set()
    keyring.set_keyring(before)


@pytest.fixture
def config_dir(tmp_path: Path) -> Path:
    return tmp_path / "config" / "posapp"


def contents(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


# ------------------------------------------------------------------------------- the environment


def test_the_environment_wins(config_dir: Path, chest: Chest) -> None:
    env = {"POSAPP_REMOTE_ALMA_2_API_KEY": f" {KEY}\n"}
    assert variable_of("alma-2") == "POSAPP_REMOTE_ALMA_2_API_KEY"
    store = SecretStore(config_dir, env)
    store.set(HOME, "alma-2", "another")
    assert store.get(HOME, "alma-2") == KEY
    assert store.where(HOME, "alma-2") is Place.ENVIRONMENT
    assert store.get(HOME, "alma") is None


def test_an_empty_variable_is_none(config_dir: Path) -> None:
    store = SecretStore(config_dir, {"POSAPP_REMOTE_ALMA_API_KEY": "  "})
    assert store.get(HOME, "alma") is None
    assert store.where(HOME, "alma") is None
    assert not config_dir.exists()


# ------------------------------------------------------------------------------- the keyring


def test_the_keyring_keeps_a_secret_per_installation_and_remote(config_dir: Path, chest: Chest) -> None:
    store = SecretStore(config_dir, {})
    assert store.set(HOME, "alma", KEY) is Place.KEYRING
    assert chest.held == {("posapp:installation-1", "alma"): KEY}
    assert store.get(HOME, "alma") == KEY
    assert store.where(HOME, "alma") is Place.KEYRING
    assert store.get(HOME, "other") is None
    assert store.get("installation-2", "alma") is None
    assert not config_dir.exists()
    store.delete(HOME, "alma")
    store.delete(HOME, "alma")
    assert store.get(HOME, "alma") is None


@pytest.mark.parametrize("trouble", ["refuses", "forgets"])
def test_a_keyring_that_fails_is_replaced_by_the_file(trouble: str, config_dir: Path, chest: Chest) -> None:
    store = SecretStore(config_dir, {})
    store.set(HOME, "alma", "old-key")
    setattr(chest, trouble, True)
    assert store.set(HOME, "alma", KEY) is Place.FILE
    assert store.get(HOME, "alma") == KEY
    setattr(chest, trouble, False)
    # The keyring is back, with the old key: the newer one counts.
    assert store.get(HOME, "alma") == KEY
    assert store.set(HOME, "alma", "newest") is Place.KEYRING
    assert store.get(HOME, "alma") == "newest"
    assert store.where(HOME, "alma") is Place.KEYRING


def test_a_keyring_that_keeps_plain_text_is_not_used(config_dir: Path, chest: Chest) -> None:
    plain = Plain()
    keyring.set_keyring(plain)
    assert SecretStore(config_dir, {}).set(HOME, "alma", KEY) is Place.FILE
    assert (plain.held, plain.asked) == ({}, 0)


def test_a_hanging_keyring_costs_one_wait_and_is_used_again_once_it_answers(
    config_dir: Path, chest: Chest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "KEYRING_SECONDS", 0.2)
    store = SecretStore(config_dir, {})
    store.set(HOME, "alma", KEY)
    chest.hangs.clear()
    started = time.monotonic()
    assert [store.get(HOME, "alma") for _ in range(5)] == [None] * 5
    assert store.set(HOME, "beta", "beta-key") is Place.FILE
    assert time.monotonic() - started < 2
    assert chest.asked == 3  # two by the first set, one of the reads; the others did not queue up behind it
    chest.hangs.set()
    for _ in range(100):
        if store.get(HOME, "alma") is not None:
            break
        time.sleep(0.02)
    assert store.get(HOME, "alma") == KEY


# ------------------------------------------------------------------------------- the file


def test_without_a_keyring_the_file_keeps_secrets_private_and_encrypted(config_dir: Path) -> None:
    store = SecretStore(config_dir, {})
    assert store.set(HOME, "alma", KEY) is Place.FILE
    assert store.set(HOME, "beta", "beta-key") is Place.FILE
    again = SecretStore(config_dir, {})
    assert [again.get(HOME, name) for name in ("alma", "beta", "gamma")] == [KEY, "beta-key", None]
    assert again.where(HOME, "alma") is Place.FILE
    assert KEY.encode() not in contents(config_dir)
    assert b"alma" not in contents(config_dir)
    assert stat.S_IMODE(config_dir.stat().st_mode) == 0o700
    for name in ("secret.key", "secrets.json.enc"):
        assert stat.S_IMODE((config_dir / name).stat().st_mode) == 0o600
    again.delete(HOME, "alma")
    assert [store.get(HOME, name) for name in ("alma", "beta")] == [None, "beta-key"]


def test_a_directory_that_was_open_to_others_is_closed(config_dir: Path) -> None:
    config_dir.mkdir(parents=True, mode=0o755)
    SecretStore(config_dir, {}).set(HOME, "alma", KEY)
    assert stat.S_IMODE(config_dir.stat().st_mode) == 0o700


def damage_data(folder: Path) -> None:
    (folder / "secrets.json.enc").write_bytes(b"garbage")


def damage_key(folder: Path) -> None:
    (folder / "secret.key").write_bytes(b"garbage")


def lose_key(folder: Path) -> None:
    (folder / "secret.key").unlink()


def cut_data(folder: Path) -> None:
    data = folder / "secrets.json.enc"
    data.write_bytes(data.read_bytes()[:-5])


def empty_data(folder: Path) -> None:
    (folder / "secrets.json.enc").write_bytes(b"")


@pytest.mark.parametrize("damage", [damage_data, damage_key, lose_key, cut_data, empty_data])
def test_a_damaged_file_is_told_kept_aside_and_replaced(damage: object, config_dir: Path) -> None:
    store = SecretStore(config_dir, {})
    store.set(HOME, "alma", KEY)
    assert callable(damage)
    damage(config_dir)
    held = (config_dir / "secrets.json.enc").read_bytes()
    with pytest.raises(PosError) as told:
        store.get(HOME, "alma")
    assert "damaged" in told.value.title
    assert "Enter the keys" in told.value.remedy
    assert KEY not in str(told.value)
    assert (config_dir / "secrets.json.enc.damaged-1").read_bytes() == held
    assert store.get(HOME, "alma") is None
    store.set(HOME, "alma", "new-key")
    assert store.get(HOME, "alma") == "new-key"
    damage(config_dir)
    with pytest.raises(PosError):
        store.set(HOME, "alma", "newer")
    assert (config_dir / "secrets.json.enc.damaged-2").exists()


def test_a_place_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(PosError) as told:
        SecretStore(blocker / "posapp", {}).set(HOME, "alma", KEY)
    assert "environment variable" in told.value.remedy
    assert KEY not in str(told.value)


def test_another_process_in_the_way_is_told(config_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "LOCK_SECONDS", 0.1)
    config_dir.mkdir(parents=True)
    code = (
        "import sys, filelock\n"
        "with filelock.FileLock(sys.argv[1]):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(config_dir / "secrets.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(PosError, match="Another copy of posapp"):
            SecretStore(config_dir, {}).set(HOME, "alma", KEY)
        other.communicate()


def test_two_processes_lose_nothing_of_each_other(config_dir: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom posapp.secrets import SecretStore\n"
        "store = SecretStore(Path(sys.argv[1]), {})\n"
        "for n in range(10):\n    store.set('installation-1', f'{sys.argv[2]}-{n}', f'key-{n}')\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(config_dir), name])
        for name in ("one", "two", "three")
    ]
    assert [writer.wait(50) for writer in writers] == [0, 0, 0]
    store = SecretStore(config_dir, {})
    found = [store.get(HOME, f"{name}-{n}") for name in ("one", "two", "three") for n in range(10)]
    assert found == [f"key-{n}" for n in range(10)] * 3


# ------------------------------------------------------------------------------- never shown


@pytest.mark.parametrize("secret", ["", "  ", "a\nb", "a\r\nX: y", "ключ", "a\0b", "\x1b[31m"])
def test_what_cannot_be_a_key_is_refused_without_showing_it(secret: str, config_dir: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        SecretStore(config_dir, {}).set(HOME, "alma", secret)
    assert refused.value.fields["api_key"]
    assert len(secret.strip()) < 2 or secret not in str(refused.value)
    assert not config_dir.exists()


def test_a_key_is_taken_without_the_spaces_around_it(config_dir: Path) -> None:
    store = SecretStore(config_dir, {})
    store.set(HOME, "alma", f"  {KEY}\n")
    assert store.get(HOME, "alma") == KEY


def test_secrets_are_in_no_repr_and_no_log(config_dir: Path) -> None:
    secret = "canary-unheard-of-77"
    store = SecretStore(config_dir, {"POSAPP_REMOTE_ALMA_API_KEY": secret})
    assert secret not in repr(store)
    assert secret not in repr(vars(store)["_file"])
    assert log.redact(f"x {secret} y") == f"x {secret} y"
    store.get(HOME, "alma")
    assert log.redact(f"x {secret} y") == "x *** y"


def test_the_configuration_directory_is_the_users(apart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert apart in default_config_dir().parents
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_CONFIG_HOME", "/elsewhere")
        assert default_config_dir() == Path("/elsewhere/posapp")


def test_a_start_loads_neither_keyring_nor_cryptography() -> None:
    code = (
        "import posapp.secrets, sys\n"
        "sys.exit(any(name in sys.modules for name in ('keyring', 'cryptography')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_name_and_password_of_the_environment_are_a_sign_in(tmp_path: Path) -> None:
    env = {variable_of("my-shop", "USERNAME"): "anna", variable_of("my-shop", "PASSWORD"): KEY}
    store = SecretStore(tmp_path, env)
    found = store.get(HOME, "my-shop")
    assert read_sign_in(found) == SignIn("anna", KEY, keep=False)
    assert store.where(HOME, "my-shop") is Place.ENVIRONMENT
    assert KEY not in log.redact(f"it is {found}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("missing", ["USERNAME", "PASSWORD"])
def test_half_a_sign_in_of_the_environment_is_none(tmp_path: Path, missing: str) -> None:
    env = {variable_of("alma", "USERNAME"): "anna", variable_of("alma", "PASSWORD"): KEY}
    del env[variable_of("alma", missing)]
    assert SecretStore(tmp_path, env).get(HOME, "alma") is None
