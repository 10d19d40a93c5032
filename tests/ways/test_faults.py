"""The faults are real ones: an authority that is not in the store is refused, a cut Wi-Fi carries nothing, a killed
browser keeps what it had written."""

from __future__ import annotations

import ipaddress
import ssl
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Error, sync_playwright

from tests.ways.faults import Phone, needed, wifi

pytestmark = pytest.mark.browser
PAGE = b"<!doctype html><title>kit</title><link rel=icon href=data:>"
SERVER = """
import http.server, ssl, sys
class One(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(%r)
    def log_message(self, *words): pass
server = http.server.ThreadingHTTPServer((sys.argv[1], 8443), One)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2])
server.socket = context.wrap_socket(server.socket, server_side=True)
print("ready", flush=True)
server.serve_forever()
"""
WRITE = """() => new Promise((done, no) => {
  const open = indexedDB.open("kept", 1);
  open.onupgradeneeded = () => open.result.createObjectStore("rows");
  open.onsuccess = () => {
    const way = open.result.transaction("rows", "readwrite", {durability: "strict"});
    way.objectStore("rows").put("said", 1);
    way.oncomplete = done; way.onerror = no;
  };
})"""
READ = """() => new Promise(done => {
  const open = indexedDB.open("kept", 1);
  open.onsuccess = () => {
    const asked = open.result.transaction("rows").objectStore("rows").get(1);
    asked.onsuccess = () => done(asked.result);
  };
})"""


def test_a_phone_trusts_only_its_store_loses_the_wifi_and_outlives_its_death(tmp_path: Path) -> None:
    needed("chromium", "certutil", "ip")
    with wifi() as link, sync_playwright() as player:
        authority, server = _certificates(tmp_path, link.address)
        code = textwrap.dedent(SERVER) % PAGE
        words = ["ip", "netns", "exec", link.kit, sys.executable, "-c", code, link.address, server]
        kit = subprocess.Popen(words, stdout=subprocess.PIPE)
        try:
            assert kit.stdout is not None and kit.stdout.readline() == b"ready\n"
            url = f"https://{link.address}:8443/"
            stranger = Phone(player, tmp_path / "stranger", inside=link.phones)
            with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
                stranger.start().new_page().goto(url)
            stranger.close()

            phone = Phone(player, tmp_path / "phone", trusts=authority, inside=link.phones)
            page = phone.start().new_page()
            page.goto(url)
            assert page.evaluate("isSecureContext") is True
            link.cut()
            assert (
                page.evaluate("fetch('/', {signal: AbortSignal.timeout(1500)}).then(() => 1, () => 0)") == 0
            )
            page.evaluate(WRITE)
            phone.kill()
            link.mend()
            page = phone.start().new_page()
            page.goto(url)
            assert page.evaluate(READ) == "said"
            phone.close()
        finally:
            kit.kill()
            kit.wait()


def _certificates(folder: Path, address: str) -> tuple[Path, Path]:
    """An authority that may only speak for one address, and a certificate of that address with its key."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "camp")])
    start, end = datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + timedelta(days=2)
    only = x509.IPAddress(ipaddress.ip_network(f"{address}/32"))
    signing = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    made = x509.CertificateBuilder().issuer_name(name).not_valid_before(start).not_valid_after(end)
    root = (
        made.subject_name(name)
        .public_key(root_key.public_key())
        .serial_number(1)
        .add_extension(x509.BasicConstraints(True, 0), True)
        .add_extension(signing, True)
        .add_extension(x509.NameConstraints([only], None), True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        made.subject_name(x509.Name([]))
        .public_key(key.public_key())
        .serial_number(2)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), True)
        .sign(root_key, hashes.SHA256())
    )
    authority, server = folder / "ca.pem", folder / "server.pem"
    authority.write_bytes(root.public_bytes(Encoding.PEM))
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    server.write_bytes(leaf.public_bytes(Encoding.PEM) + plain)
    ssl.create_default_context(cafile=str(authority))
    return authority, server
