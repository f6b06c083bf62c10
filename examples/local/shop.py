#!/usr/bin/env python3
"""A service that can be deployed: it listens on PORT, names its release, and says if it is well."""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RELEASE = os.environ["PILOTAGE_RELEASE"]


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = f"hello from {RELEASE}\n".encode()
        self.send_response(200)
        # So that nobody mistakes another release, or another program on this port, for this one.
        self.send_header("x-pilotage-release", RELEASE)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Requests are not logged, for health is asked for four times a second."""


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Shop).serve_forever()
