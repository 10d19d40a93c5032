"""The authority of a kit speaks for that kit alone."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tantam.errors import BadInput
from tantam.office.camps.kit import tls

CAMP = UUID("019a0000-0000-7000-8000-00000000abcd")
SECRET = bytes(range(32))
NOW = datetime.now(UTC)
WHERE = tls.addresses("10.77.0.1, fd00::77")


@pytest.fixture(scope="module")
def made() -> tls.Certificates:
    return tls.make(SECRET, CAMP, 1, WHERE, begins=NOW, ends=NOW + timedelta(days=15))


def shaken(folder: Path, authority: str, server: str, key: str, name: str) -> str:
    """A handshake in memory: the client trusts only the authority and asks for this name; gives the error or ""."""
    chain = folder / "chain.pem"
    chain.write_text(server + key)
    client = ssl.create_default_context(cadata=authority)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(chain)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname=name)
    theirs = serving.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(6):
        for side in (ours, theirs):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as no:
                return str(no.verify_message)
    return ""


def test_its_own_name_and_addresses_are_trusted(made: tls.Certificates, tmp_path: Path) -> None:
    for name in (tls.name_of(CAMP, 1), "10.77.0.1", "fd00::77"):
        assert shaken(tmp_path, made.authority, made.server, made.key, name) == ""


def test_another_name_is_not_in_the_certificate(made: tls.Certificates, tmp_path: Path) -> None:
    for name in ("10.77.0.2", "bank.example", tls.name_of(CAMP, 2)):
        assert "mismatch" in shaken(tmp_path, made.authority, made.server, made.key, name)


@pytest.mark.parametrize("name", ["bank.example", "10.77.0.2", "xkit1.0000abcd.internal"])
def test_what_the_authority_signs_for_others_is_rejected(
    made: tls.Certificates, tmp_path: Path, name: str
) -> None:
    """Somebody who stole the authority's key still speaks for nobody else."""
    authority = x509.load_pem_x509_certificate(made.authority.encode())
    signing = tls._authority_key(SECRET, CAMP, 1)
    try:
        alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    key = ec.generate_private_key(tls.CURVE)
    server = (
        tls._begun(
            x509.Name([]),
            authority.subject,
            key.public_key(),
            NOW - timedelta(days=1),
            NOW + timedelta(days=2),
        )
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=True)
        .sign(signing, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    said = shaken(tmp_path, made.authority, tls._pem(server), private.decode(), name)
    assert "permitted subtree violation" in said


def test_the_constraint_is_critical_and_names_no_more(made: tls.Certificates) -> None:
    authority = x509.load_pem_x509_certificate(made.authority.encode())
    said = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert said.critical and said.value.excluded_subtrees is None
    permitted = {str(one.value) for one in said.value.permitted_subtrees or []}
    assert permitted == {tls.name_of(CAMP, 1), "10.77.0.1/32", "fd00::77/128"}
    basic = authority.extensions.get_extension_for_class(x509.BasicConstraints)
    assert basic.critical and basic.value.ca and basic.value.path_length == 0


def test_the_next_pack_is_trusted_by_phones_that_were_prepared(
    made: tls.Certificates, tmp_path: Path
) -> None:
    again = tls.make(SECRET, CAMP, 1, WHERE, begins=NOW, ends=NOW + timedelta(days=20))
    assert again.key != made.key
    assert shaken(tmp_path, made.authority, again.server, again.key, "10.77.0.1") == ""
    other = tls.make(SECRET, CAMP, 2, WHERE, begins=NOW, ends=NOW + timedelta(days=20))
    assert shaken(tmp_path, made.authority, other.server, other.key, "10.77.0.1") != ""


def test_a_certificate_of_yesterday_is_rejected(tmp_path: Path) -> None:
    old = tls.make(SECRET, CAMP, 1, WHERE, begins=NOW - timedelta(days=9), ends=NOW - timedelta(days=1))
    assert "expired" in shaken(tmp_path, old.authority, old.server, old.key, "10.77.0.1")


@pytest.mark.parametrize(
    "text", ["", "8.8.8.8", "0.0.0.0", "127.0.0.1", "::1", "kit.example", "224.0.0.1", "10.77.0.1/8"]
)
def test_only_private_addresses_are_taken(text: str) -> None:
    with pytest.raises(BadInput) as no:
        tls.addresses(text)
    assert no.value.code == "bad_address"
