"""Root keys: secrets outside the database, from which a key for each purpose is derived."""

import base64
import binascii
import hmac
import re
from dataclasses import dataclass, field
from functools import cached_property

from bot.messages import N_, InvalidInput

KEY_BYTES = 32
SALT = b"baton root key"
PARTS = re.compile(r"[,\s]+")


@dataclass(frozen=True)
class RootKey:
    secret: bytes = field(repr=False)

    @cached_property
    def id(self) -> str:
        """The fingerprint of the key. It may be stored and shown: it does not reveal the key."""
        return self.derive("key id").hex()[:12]

    def derive(self, purpose: str) -> bytes:
        """Return the 32-byte key for a purpose: HKDF with SHA-256 (RFC 5869), one block."""
        extracted = hmac.digest(SALT, self.secret, "sha256")
        return hmac.digest(extracted, purpose.encode() + b"\x01", "sha256")


@dataclass(frozen=True)
class RootKeys:
    """The root keys of a process, newest first. The newest one seals; the others only verify."""

    keys: tuple[RootKey, ...] = ()

    @property
    def newest(self) -> RootKey | None:
        return self.keys[0] if self.keys else None

    def find(self, key_id: str) -> RootKey | None:
        return next((key for key in self.keys if key.id == key_id), None)

    def rotated(self, secret: bytes) -> "RootKeys":
        """Return the keys with a new one in front."""
        return RootKeys((RootKey(secret), *self.keys))

    def written(self) -> str:
        """Return the keys as ``BATON_KEYS`` holds them."""
        return ",".join(base64.urlsafe_b64encode(key.secret).decode() for key in self.keys)


NO_KEYS = RootKeys()


def read_root_keys(text: str) -> RootKeys:
    """Read root keys in base64url, newest first, separated by commas or white space.

    Raises:
        InvalidInput: there is no key, or one is malformed, too short or there twice. The message
            does not repeat it.
    """
    parts = [part for part in PARTS.split(text) if part]
    keys = tuple(RootKey(_secret(number, part)) for number, part in enumerate(parts, start=1))
    if not keys:
        raise InvalidInput(N_("there is no key in it"))
    if len({key.secret for key in keys}) < len(keys):
        raise InvalidInput(N_("the same key is in it twice"))
    return RootKeys(keys)


def _secret(number: int, text: str) -> bytes:
    padding = "=" * (-len(text) % 4)
    try:
        secret = base64.b64decode(text + padding, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput(N_("key {number} is not base64url"), number=number) from None
    if len(secret) < KEY_BYTES:
        raise InvalidInput(
            N_("key {number} has {count} bytes; it needs at least {wanted}"),
            number=number,
            count=len(secret),
            wanted=KEY_BYTES,
        )
    return secret
