"""A small SMTP server (RFC 5321) on a free port, which says what it is told to say and keeps what it is handed."""

from __future__ import annotations

import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

OPENING = {"HELO": "250 ok", "EHLO": "250 ok", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on",
           "RSET": "250 ok", "WORDS": "250 ok", "QUIT": "221 bye", "STAR": "220 go on", "AUTH": "235 ok"}  # fmt: skip
HANG_UP = "hang up"


class Post(socketserver.ThreadingTCPServer):
    """``says``: verb (WORDS: after the words) → replies, one for each time it is asked, then the usual one; a reply
    :data:`HANG_UP` breaks the line instead. ``mails`` holds what it took, ``heard`` each line."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None, **says: list[str]) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.tls = tls
        self.says, self.heard, self.mails = says, list[str](), list[EmailMessage]()

    def reply(self, verb: str) -> str:
        """What it says next to a verb."""
        queue = self.says.get(verb, [])
        return queue.pop(0) if queue else OPENING.get(verb, "502 no")


class _Talk(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        self.wfile.write(b"220 post\r\n")
        while line := self.rfile.readline().decode().strip():
            self.server.heard.append(line)
            reply, words = self.server.reply(line[:4].upper()), b""
            if reply.startswith("354"):
                self.wfile.write(f"{reply}\r\n".encode())
                while (one := self.rfile.readline()) not in (b".\r\n", b""):
                    words += one.removeprefix(b".")
                reply = self.server.reply("WORDS")
                if reply.startswith("250"):
                    self.server.mails.append(message_from_bytes(words, policy=default))
            if reply == HANG_UP:
                return
            self.wfile.write(f"{reply}\r\n".encode())
            if line.upper().startswith("STARTTLS") and reply.startswith("220"):
                self.request = self.server.tls.wrap_socket(self.request, server_side=True)
                self.setup()
            if line.upper().startswith("QUIT") or reply.startswith("421"):
                return


def certificate(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS; ``cert.pem`` in the folder is what a client has to trust."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    words = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    words += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(words, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


@contextmanager
def post(tls: ssl.SSLContext | None = None, **says: list[str]) -> Iterator[Post]:
    """The server, while the block runs."""
    with Post(tls, **says) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()
