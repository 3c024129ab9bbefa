"""Runs the handlers of a web-platform-tests folder that comes without its own server: what a handler is given and may give
back, as that server has it. Called with the folder, a port and the settings that handlers may read, as JSON."""

import base64
import email
import http.cookies
import importlib.util
import io
import json
import os
import sys
import traceback
import types
import urllib.parse
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from fields import Given, Headers, Many, Stash, to_bytes, to_text

ROOT, PORT, SETTINGS = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])


def load_source(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_json(handle):
    """Makes a handler of a function that gives back what JSON can say."""

    def main(request, response):
        content = json.dumps(handle(request, response))
        return [("Content-Type", "application/json"), ("Content-Length", len(content))], content

    return main


def provide(name, **content):
    """A module that handlers import from the suite's tools."""
    module = types.ModuleType(name)
    module.__path__ = []
    vars(module).update(content)
    sys.modules[name] = module


class Request:
    def __init__(self, handler):
        self.method = handler.command
        self.request_path = handler.path
        self.doc_root = ROOT
        self.raw_headers = handler.headers
        host = handler.headers.get("host", SETTINGS["browser_host"])
        self.url = handler.path if "://" in handler.path else f"http://{host}{handler.path}"
        self.url_parts = urllib.parse.urlsplit(self.url)
        self.headers = Given()
        for name, value in handler.headers.items():
            self.headers.add(name.lower(), to_bytes(value))
        self.body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        self.raw_input = io.BytesIO(self.body)
        self.GET = self.form(self.url_parts.query)
        self.cookies = Many()
        for name, morsel in http.cookies.SimpleCookie(handler.headers.get("cookie", "")).items():
            self.cookies.add(name, types.SimpleNamespace(value=to_bytes(morsel.value)))
        self.server = types.SimpleNamespace(stash=Stash(self.url_parts.path), config=SETTINGS)
        self.auth = types.SimpleNamespace(username=None, password=None)
        scheme, _, credentials = handler.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            username, _, password = base64.b64decode(credentials).partition(b":")
            self.auth = types.SimpleNamespace(username=username, password=password)

    @staticmethod
    def form(text):
        found = Many()
        for name, value in urllib.parse.parse_qsl(text, keep_blank_values=True, encoding="latin-1"):
            found.add(name, to_bytes(value))
        return found

    @property
    def POST(self):
        kind = to_text(self.headers.get("content-type", b""))
        if not kind.startswith("multipart/form-data"):
            return self.form(to_text(self.body))
        found = Many()
        for part in email.message_from_bytes(b"content-type: " + to_bytes(kind) + b"\r\n\r\n" + self.body).get_payload():
            found.add(part.get_param("name", header="content-disposition"), part.get_payload(decode=True))
        return found


class Writer:
    """Writes an answer piece by piece."""

    def __init__(self, response, file):
        self.response, self.file, self.seen, self.ended = response, file, Headers(), False
        self.has_status = self.has_written = False

    def write_status(self, code, message=None):
        self.has_status = True
        known = BaseHTTPRequestHandler.responses.get(code, ("",))[0]
        return self.write(b"HTTP/1.1 %d %s\r\n" % (code, to_bytes(known if message is None else message)))

    def write_header(self, name, value):
        if not self.has_status:
            self.write_status(200)
        self.seen.append(name, value)
        return self.write(to_bytes(name) + b": " + to_bytes(value) + b"\r\n")

    def end_headers(self):
        self.ended = True
        if self.response.add_required_headers:
            content = self.response.content
            required = [("Server", "handlers"), ("Date", formatdate(usegmt=True))]
            if isinstance(content, (bytes, str)):
                required.append(("Content-Length", len(Response.bytes(content))))
            for name, value in required:
                if not self.seen.has(to_bytes(name)):
                    self.write_header(name, value)
        return self.write(b"\r\n")

    def write_content(self, data):
        if not self.ended:
            self.response.content = data
            if not self.has_status:
                self.write_status(200)
            self.end_headers()
        return self.write(data)

    def write_raw_content(self, data):
        return self.write(data)

    write_data = write_raw_content

    def write(self, data):
        self.has_written = True
        self.file.write(data if isinstance(data, bytes) else data.encode("utf-8"))
        self.file.flush()
        return True

    def flush(self):
        self.file.flush()


class Response:
    def __init__(self, file):
        self.headers, self.status, self.content, self.add_required_headers = Headers(), 200, [], True
        self.close_connection = False
        self.writer = Writer(self, file)

    def status_pair(self):
        code, *message = self.status if isinstance(self.status, tuple) else (self.status,)
        return int(code), *(to_text(text) for text in message[:1])

    def set_cookie(self, name, value, path="/", **_):
        self.headers.append(b"Set-Cookie", b"%s=%s; Path=%s" % (to_bytes(name), to_bytes(value), to_bytes(path)))

    def unset_cookie(self, name):
        self.headers[:] = [(key, value) for key, value in self.headers if not value.startswith(to_bytes(name) + b"=")]

    def set_error(self, code, message=""):
        self.status, self.content = code, json.dumps({"error": {"code": code, "message": to_text(message)}}).encode()

    def write_status_headers(self):
        self.writer.write_status(*self.status_pair())
        for name, value in self.headers:
            self.writer.write_header(name, value)
        self.writer.end_headers()

    @staticmethod
    def bytes(value):
        return value if isinstance(value, bytes) else value.encode("utf-8")

    def finish(self, is_head):
        if not self.writer.has_written:
            self.write_status_headers()
            parts = [self.content] if isinstance(self.content, (bytes, str)) else self.content
            for part in [] if is_head else parts:
                self.writer.write(self.bytes(part() if callable(part) else part))
        return self.writer.ended and self.writer.seen.has(b"content-length")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        response = Response(self.wfile)
        self.close_connection = True
        try:
            request = Request(self)
            given = load_source("handler", os.path.join(ROOT, path.lstrip("/"))).main(request, response)
            if isinstance(given, tuple):
                *status, headers, content = given
                response.headers.update(headers)
                response.status, response.content = (*status, response.status)[0], content
            elif given is not None:
                response.content = given
            keeps = response.finish(self.command == "HEAD")
            self.close_connection = response.close_connection or not keeps
        except (BrokenPipeError, ConnectionResetError):
            pass
        except Exception:
            # What cannot be imported, or asks for what is not here, is our fault and not the handler's.
            print("handler failed:", urllib.parse.urlsplit(self.path).path, traceback.format_exc().strip().splitlines()[-1], flush=True)
            self.wfile.write(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")

    def log_message(self, *_):
        pass

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)


sys.path.insert(0, ROOT)
for name in ["wptserve", "tools", "tools.wpt"]:
    provide(name)
provide("wptserve.utils", isomorphic_decode=to_text, isomorphic_encode=to_bytes)
provide("wptserve.handlers", json_handler=as_json)
provide("tools.wpt.utils", load_source=load_source)
ThreadingHTTPServer.daemon_threads = True
server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
print("handlers at", server.server_address[1], flush=True)
server.serve_forever()
