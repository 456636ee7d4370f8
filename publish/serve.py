"""``python -m publish.serve``: the built site, as a web host would serve it."""

import argparse
import gzip
import io
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO

# What web hosts send packed; pictures and fonts are packed already.
PACKED = {".html", ".css", ".js", ".mjs", ".svg", ".ipynb", ".txt", ".xml"}


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves files, and the site's own 404 page for what does not exist."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".woff2": "font/woff2",
        ".ipynb": "application/x-ipynb+json",
    }

    protocol_version = "HTTP/1.1"

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Answer with gzip where the browser takes it and the file gains by it."""
        path = Path(self.translate_path(self.path))
        takes_gzip = "gzip" in self.headers.get("Accept-Encoding", "")
        if not (takes_gzip and path.suffix in PACKED and path.is_file()):
            return super().send_head()
        body = gzip.compress(path.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)

    def send_error(
        self, code: int, message: str | None = None, explain: str | None = None
    ) -> None:
        """Answer a missing page with 404.html, other errors in the plain way."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: a line for each file would bury the address."""


class SiteServer(ThreadingHTTPServer):
    """Tells of errors, but not of readers who leave before a file has arrived."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(html: Path, port: int = 0) -> SiteServer:
    """A server of the site in ``html``, on a free port unless one is given."""
    handler = partial(SiteHandler, directory=str(html))
    return SiteServer(("127.0.0.1", port), handler)


def main() -> None:
    """Serve ``_build/html`` until Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="python -m publish.serve", description=__doc__
    )
    parser.add_argument("--port", type=int, default=8000)
    html = Path("_build/html")
    port = parser.parse_args().port
    if not (html / "index.html").is_file():
        parser.error(f"{html} holds no site; build it first: make book")
    try:
        with server(html, port) as serving:
            print(f"The course: http://127.0.0.1:{port}/   (Ctrl-C ends)")
            serving.serve_forever()
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
