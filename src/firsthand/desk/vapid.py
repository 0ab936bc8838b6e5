"""The key under which this installation speaks to push services (VAPID, RFC 8292).

It is made from 32 random bytes that the installation keeps, so a backup of the database keeps it too: with another key
every browser would have to be asked again.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256 (FIPS 186-5): a private key is a number from 1 to one less than this."""


def private_key(secret: bytes) -> EllipticCurvePrivateKey:
    """The P-256 key that belongs to these random bytes."""
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.derive_private_key(int.from_bytes(secret, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def public_key_text(secret: bytes) -> str:
    """The public key as browsers take it: the point, uncompressed, in base64url."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    point = private_key(secret).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return to_base64url(point)


def to_base64url(data: bytes) -> str:
    """Base64 for addresses, without padding (RFC 7515, appendix C)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The inverse. Raises ValueError for what is none."""
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
