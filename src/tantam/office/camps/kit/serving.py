"""The kit's web server: one process, many threads. Over TLS everything; beside it, without TLS, what anybody may see
(the queue board, the authority to install) and, for the laptop itself, the stations.
"""

from __future__ import annotations

import socket
import ssl
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from socketserver import BaseServer
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from tantam.office.camps.kit import backup, holding
from tantam.office.camps.kit.opening import Kit

THREADS = 16
PLAIN_THREADS = 8
PATIENCE_S = 10


def context(kit: Kit) -> ssl.SSLContext:
    """TLS with the kit's certificate, whose key no disk sees. Kept for all connections, so that phones resume."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(
        holding.in_memory("certificate", kit.server.encode()), holding.in_memory("key", kit.key.encode())
    )
    return made


def serve(
    listener: socket.socket,
    closed: ssl.SSLContext | None,
    plain: list[socket.socket],
    ready: Callable[[], None],
) -> None:
    """Serve until a signal ends it; leaves by SystemExit. ``closed``: TLS on ``listener``; ``plain``: sockets beside
    it without."""
    from gunicorn.app.base import BaseApplication

    def begun(worker: Any) -> None:
        for one in plain:
            _serve_plain(one, worker.wsgi)
        if holding.held().usb is not None:
            backup.start()
        ready()
        sys.stdout.flush()

    options: dict[str, Any] = {
        "bind": f"fd://{listener.fileno()}",
        "workers": 1,
        "threads": THREADS,
        "worker_class": "gthread",
        "timeout": 60,
        "graceful_timeout": 5,
        "keepalive": 30,
        "loglevel": "error",
        "limit_request_line": 2_000,
        "forwarded_allow_ips": "",
        "control_socket_disable": True,
        "proc_name": "tantam-camp",
        "post_worker_init": begun,
    }
    if closed is not None:
        path = holding.in_memory(
            "said", b""
        )  # the certificate is in the context; the server asks for a file too
        options |= {"certfile": path, "keyfile": path, "ssl_context": lambda config, default: closed}

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from django.core.wsgi import get_wsgi_application

            return get_wsgi_application()

    Server().run()


class _Quiet(WSGIRequestHandler):
    timeout = PATIENCE_S

    def log_message(self, *args: Any) -> None:
        """Nothing: an address may hold a device's secret."""

    def address_string(self) -> str:
        """As it is; a camp has nobody to ask for names."""
        return str(self.client_address[0])


class _Pooled(WSGIServer):
    """Requests by a few threads that live on, each with its own connection to the database."""

    pool: ThreadPoolExecutor

    def process_request(self, request: Any, client_address: Any) -> None:
        self.pool.submit(self._one, request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A line that broke; the page sends again."""

    def _one(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except Exception:
            self.handle_error(request, client_address)
        finally:
            self.shutdown_request(request)


def _serve_plain(listener: socket.socket, application: Any) -> None:
    server = _Pooled(listener.getsockname()[:2], _Quiet, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.pool = ThreadPoolExecutor(PLAIN_THREADS, thread_name_prefix="plain")
    server.server_name, server.server_port = listener.getsockname()[:2]
    server.setup_environ()
    server.set_app(application)
    Thread(target=BaseServer.serve_forever, args=(server,), daemon=True).start()
