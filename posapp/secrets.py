"""API keys and tokens: from the environment, the system's keyring, or an encrypted file of our own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
from filelock import FileLock, Timeout

from posapp.domain.errors import PosError, RefusedError
from posapp.log import hide

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

KEYRING_SECONDS = 5.0
LOCK_SECONDS = 10.0
_KEY_FILE, _DATA_FILE, _LOCK_FILE = "secret.key", "secrets.json.enc", "secrets.lock"
_USABLE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?\Z")


class Place(StrEnum):
    """Where a secret is kept."""

    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    FILE = "file"


def default_config_dir() -> Path:
    """Return the user's configuration directory of posapp, outside data and backups."""
    return platformdirs.user_config_path("posapp", appauthor=False)


def variable_of(remote_name: str, what: str = "API_KEY") -> str:
    """Return the environment variable for a remote's key: POSAPP_REMOTE_ALMA_API_KEY.

    A sign-in has two: `what` is USERNAME or PASSWORD.
    """
    return f"POSAPP_REMOTE_{remote_name.upper().replace('-', '_')}_{what}"


class SecretStore:
    """Keeps one secret per remote; `namespace` (the installation's id) keeps installations apart.

    The environment wins. A secret in the file is there because the keyring failed when it was set, so it is
    newer than what the keyring may hold and is looked at first.
    """

    def __init__(self, config_dir: Path, env: Mapping[str, str]) -> None:
        self._file = _SecretFile(config_dir)
        self._env = env
        self._keyring = _Keyring()

    def __repr__(self) -> str:
        return "SecretStore()"

    def get(self, namespace: str, remote_name: str) -> str | None:
        """Return the secret of a remote, or None; raise PosError if the encrypted file is damaged."""
        secret, _ = self._find(namespace, remote_name)
        if secret is not None:
            hide(secret)
        return secret

    def where(self, namespace: str, remote_name: str) -> Place | None:
        """Return where `get` finds the secret."""
        return self._find(namespace, remote_name)[1]

    def set(self, namespace: str, remote_name: str, secret: str) -> Place:
        """Keep a secret and return where; raise RefusedError for one that cannot be a key."""
        secret = secret.strip()
        if not _USABLE.match(secret):
            raise RefusedError(
                "This key cannot be used.",
                "It is empty, or it has line breaks or characters that a key never has.",
                "Copy the key again, without anything before or after it.",
                fields={"api_key": "Not a key."},
            )
        hide(secret)
        if self._keyring.set(_service(namespace), remote_name, secret):
            self._file.remove(_entry(namespace, remote_name))
            return Place.KEYRING
        self._file.put(_entry(namespace, remote_name), secret)
        return Place.FILE

    def delete(self, namespace: str, remote_name: str) -> None:
        """Forget a secret wherever it is kept (the environment is not ours to change)."""
        self._keyring.delete(_service(namespace), remote_name)
        self._file.remove(_entry(namespace, remote_name))

    def _find(self, namespace: str, remote_name: str) -> tuple[str | None, Place | None]:
        if secret := _from_environment(self._env, remote_name):
            return secret, Place.ENVIRONMENT
        if secret := self._file.load().get(_entry(namespace, remote_name), ""):
            return secret, Place.FILE
        if secret := self._keyring.get(_service(namespace), remote_name) or "":
            return secret, Place.KEYRING
        return None, None


def _from_environment(env: Mapping[str, str], remote_name: str) -> str:
    """Return the key, or name and password in the form in which sign-ins are stored (but these are not)."""
    if key := env.get(variable_of(remote_name), "").strip():
        return key
    username = env.get(variable_of(remote_name, "USERNAME"), "").strip()
    password = env.get(variable_of(remote_name, "PASSWORD"), "")
    if not username or not password:
        return ""
    hide(password)
    return json.dumps({"username": username, "password": password, "keep": False})


def _service(namespace: str) -> str:
    return f"posapp:{namespace}"


def _entry(namespace: str, remote_name: str) -> str:
    return f"{namespace}/{remote_name}"


class _Keyring:
    """The system's keyring, as long as there is one and it answers."""

    def __init__(self) -> None:
        self._hanging: threading.Thread | None = None

    def get(self, service: str, name: str) -> str | None:
        """Return a secret or None."""
        found = self._ask(lambda backend: backend.get_password(service, name))
        return found if isinstance(found, str) else None

    def set(self, service: str, name: str, secret: str) -> bool:
        """Store a secret and read it back; tell whether it is there."""

        def store(backend: KeyringBackend) -> bool:
            backend.set_password(service, name, secret)
            return backend.get_password(service, name) == secret

        return self._ask(store) is True

    def delete(self, service: str, name: str) -> None:
        """Remove a secret if it is there."""
        self._ask(lambda backend: backend.delete_password(service, name))

    def _ask(self, work: Callable[[KeyringBackend], object]) -> object:
        """Do `work` in a thread of its own, for a keyring may hang or wait for somebody to unlock it."""
        if self._hanging is not None and self._hanging.is_alive():
            return None
        answers: list[object] = []

        def run() -> None:
            # Backends raise what they like, D-Bus errors among them; each means the same: not available.
            with contextlib.suppress(Exception):
                backend = _usable_backend()
                if backend is not None:
                    answers.append(work(backend))

        thread = threading.Thread(target=run, name="keyring", daemon=True)
        thread.start()
        thread.join(KEYRING_SECONDS)
        self._hanging = thread if thread.is_alive() else None
        return answers[0] if answers else None


def _usable_backend() -> KeyringBackend | None:
    import keyring
    import keyring.backends.fail
    import keyring.backends.null

    backend = keyring.get_keyring()
    if isinstance(backend, keyring.backends.fail.Keyring | keyring.backends.null.Keyring):
        return None
    # Below 1 are those that keep passwords in plain text.
    return backend if backend.priority >= 1 else None


class _SecretFile:
    """An encrypted file beside its key: safe from backups and onlookers, not from who can read both."""

    def __init__(self, config_dir: Path) -> None:
        self._dir = config_dir
        self._data = config_dir / _DATA_FILE
        self._key = config_dir / _KEY_FILE

    def load(self) -> dict[str, str]:
        """Return all entries; a damaged file is kept aside and told once."""
        if not self._data.exists():
            return {}
        # Files are replaced whole, so reading needs no lock, nor a directory that can be written to.
        entries = self._decrypted()
        if entries is not None:
            return entries
        with self._locked():
            return self._entries()

    def put(self, entry: str, secret: str) -> None:
        """Add or replace an entry."""
        with self._locked():
            self._encrypt(self._entries() | {entry: secret})

    def remove(self, entry: str) -> None:
        """Remove an entry if it is there."""
        if not self._data.exists():
            return
        with self._locked():
            entries = self._entries()
            if entries.pop(entry, None) is not None:
                self._encrypt(entries)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._dir.chmod(0o700)
            with FileLock(self._dir / _LOCK_FILE, timeout=LOCK_SECONDS, mode=0o600):
                yield
        except Timeout:
            raise PosError(
                "The stored keys cannot be read now.",
                "Another copy of posapp is using them.",
                "Try again in a moment.",
            ) from None
        except OSError as error:
            raise _unusable(self._dir, error) from None

    def _entries(self) -> dict[str, str]:
        """Return all entries, under the lock."""
        entries = self._decrypted()
        if entries is not None:
            return entries
        aside = self._keep_aside()
        raise PosError(
            "The stored keys cannot be read: their file is damaged.",
            f"It was kept as {aside}.",
            "Enter the keys of the remotes again, in the settings.",
        )

    def _decrypted(self) -> dict[str, str] | None:
        """Return what the file holds; None if that cannot be read."""
        from cryptography.fernet import Fernet, InvalidToken

        try:
            encrypted = self._data.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise _unusable(self._dir, error) from None
        try:
            entries: Any = json.loads(Fernet(self._key.read_bytes().strip()).decrypt(encrypted))
        except (InvalidToken, ValueError, OSError):
            return None
        if isinstance(entries, dict) and all(isinstance(value, str) for value in entries.values()):
            return entries
        return None

    def _keep_aside(self) -> Path:
        for number in range(1, 1_000):
            aside = self._data.with_name(f"{_DATA_FILE}.damaged-{number}")
            if not aside.exists():
                self._data.replace(aside)
                return aside
        return self._data

    def _encrypt(self, entries: dict[str, str]) -> None:
        from cryptography.fernet import Fernet

        try:
            key = self._key.read_bytes().strip()
            fernet = Fernet(key)
        except (FileNotFoundError, ValueError):
            key = Fernet.generate_key()
            fernet = Fernet(key)
            _write(self._key, key)
        _write(self._data, fernet.encrypt(json.dumps(entries).encode()))


def _unusable(folder: Path, error: OSError) -> PosError:
    return PosError(
        "The stored keys cannot be used.",
        f"{folder}: {os.strerror(error.errno) if error.errno else 'not accessible'}.",
        "Make this directory readable and writable for you, or give the key in an environment variable.",
    )


def _write(path: Path, content: bytes) -> None:
    """Put a private file in place in one step that survives a power cut."""
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
