"""The certificates of one kit. Its authority is made at headquarters and may speak for this kit alone: its one name
and its own addresses, said as a critical constraint, so that a phone which trusts it trusts nothing else by it.

The authority's key is drawn from headquarters' own secret, the camp and the kit: it is the same at the next pack, so
that phones need not be prepared again, and it never travels. What travels, inside the sealed pack, is the server's key.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tantam.errors import BadInput
from tantam.office.camps import locks

DAYS_AFTER = 14  # after the camp's day, for what is copied in late
CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256, SEC 2 v2, 2.4.2
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Certificates:
    """PEM texts: the ``authority`` that phones install, the ``server``'s certificate and its ``key``."""

    authority: str
    server: str
    key: str


def name_of(camp: UUID, kit: int) -> str:
    """The kit's one DNS name; ``.internal`` belongs to nobody."""
    return f"kit{kit}.{camp.hex[-8:]}.internal"


def addresses(text: str) -> tuple[Address, ...]:
    """Addresses of a kit, with commas or spaces between; BadInput ``bad_address`` for anything that is not private."""
    found = []
    for part in text.replace(",", " ").split():
        try:
            one = ipaddress.ip_address(part)
        except ValueError:
            raise _bad_address(part) from None
        if not one.is_private or one.is_loopback or one.is_unspecified or one.is_multicast:
            raise _bad_address(part)
        found.append(one)
    if not found:
        raise _bad_address(text)
    return tuple(found)


def make(
    secret: bytes, camp: UUID, kit: int, at: tuple[Address, ...], *, begins: datetime, ends: datetime
) -> Certificates:
    """The certificates of a kit. ``secret``: headquarters' own (32 bytes); they hold from a day before ``begins``, for
    laptops whose clock is slow."""
    name = name_of(camp, kit)
    signing = _authority_key(secret, camp, kit)
    since, until = begins - timedelta(days=1), ends
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tận Tâm"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Trại khám {name}"),
        ]
    )
    authority = _authority(signing, subject, name, at, since, until)
    key = ec.generate_private_key(CURVE)
    server = _server(signing, authority, key, name, at, since, until)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Certificates(_pem(authority), _pem(server), private.decode())


def _authority_key(secret: bytes, camp: UUID, kit: int) -> ec.EllipticCurvePrivateKey:
    drawn = b"".join(locks.derived(secret, f"authority:{camp}:{kit}:{half}") for half in (1, 2))
    return ec.derive_private_key(1 + int.from_bytes(drawn) % (_ORDER - 1), CURVE)


def _authority(
    key: ec.EllipticCurvePrivateKey, subject: x509.Name, name: str, at: tuple[Address, ...],
    since: datetime, until: datetime,
) -> x509.Certificate:  # fmt: skip
    permitted: list[x509.GeneralName] = [x509.DNSName(name)]
    permitted += [x509.IPAddress(ipaddress.ip_network(one)) for one in at]
    usage = dict.fromkeys(_USES, False) | {"key_cert_sign": True, "crl_sign": True}
    return (
        _begun(subject, subject, key.public_key(), since, until)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _server(
    signing: ec.EllipticCurvePrivateKey, authority: x509.Certificate, key: ec.EllipticCurvePrivateKey,
    name: str, at: tuple[Address, ...], since: datetime, until: datetime,
) -> x509.Certificate:  # fmt: skip
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names: list[x509.GeneralName] = [x509.DNSName(name), *(x509.IPAddress(one) for one in at)]
    usage = dict.fromkeys(_USES, False) | {"digital_signature": True}
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    return (
        _begun(subject, authority.subject, key.public_key(), since, until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(signer, critical=False)
        .sign(signing, hashes.SHA256())
    )


_USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def _begun(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, since: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )


def _pem(one: x509.Certificate) -> str:
    return one.public_bytes(serialization.Encoding.PEM).decode()


def _bad_address(text: str) -> BadInput:
    return BadInput(
        "bad_address",
        f"“{text[:60]}” is no address of a camp's own Wi-Fi.",
        "Give a private address, as 10.77.0.1.",
        vi=f"“{text[:60]}” không phải địa chỉ mạng riêng của trại. Dùng địa chỉ riêng, ví dụ 10.77.0.1.",
    )
