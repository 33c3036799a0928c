"""A passkey as a device keeps it (WebAuthn, attestation "none"): options in, what a browser sends back out."""

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url as base64url
from webauthn.helpers import encode_cbor

PRESENT, VERIFIED, ATTESTED = 1, 4, 64  # flags of authenticator data
ES256 = {1: 2, 3: -7, -1: 1}  # a COSE key: kind, algorithm, curve


class Authenticator:
    """One passkey of one device; `count` goes up with each use, and `flags` say what its person did."""

    def __init__(self, origin: str, host: str) -> None:
        self.origin, self.host = origin, host
        self.key, self.id = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)
        self.count, self.flags = 0, PRESENT | VERIFIED

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to navigator.credentials.create()."""
        numbers = self.key.public_key().public_numbers()
        public = encode_cbor(ES256 | {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        credential = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        attested = encode_cbor({"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + credential})
        said = self._said("webauthn.create", options)
        return self._answer(clientDataJSON=base64url(said), attestationObject=base64url(attested), transports=[])

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to navigator.credentials.get()."""
        self.count += 1
        said, data = self._said("webauthn.get", options), self._data()
        signed = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=base64url(said), authenticatorData=base64url(data), signature=base64url(signed)
        )

    def _data(self, flags: int = 0) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([self.flags | flags]) + self.count.to_bytes(4, "big")

    def _said(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, **response: object) -> dict[str, Any]:
        return {
            "id": base64url(self.id),
            "rawId": base64url(self.id),
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }
