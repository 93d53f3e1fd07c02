"""Just enough HTTP and JSON for the three services.

The standard library's `http.server` would do, but importing it takes longer than everything else that a service does
at start. One request per connection, bodies are JSON, answers are JSON.
"""

import json
import re
import signal
import socket
import sys
import threading

STATUS_TEXT = {
    200: "OK",
    201: "Created",
    202: "Accepted",
    204: "No Content",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


# What starts the tests may ignore these signals (nohup does), and a child inherits that. A service must end when its
# terminal closes, whoever started it.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)


class Refused(Exception):
    """Ends a request with a status other than success."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
        self.message = message


class Unreachable(Exception):
    """Nobody listens there."""


class Request:
    """What a handler sees: method, path, decoded body, bearer token."""

    def __init__(self, method, path, headers, body):
        self.method = method
        self.path = path
        self.body = body
        scheme, _, token = headers.get("authorization", "").partition(" ")
        self.token = token if scheme.lower() == "bearer" else None

    def field(self, name):
        """A field of the body that must be there and be a text."""
        value = self.body.get(name) if isinstance(self.body, dict) else None
        if not isinstance(value, str) or not value:
            raise Refused(400, f"{name} is missing")
        return value


def fail(message):
    """Says what is wrong in a line that tests can wait for, and ends the program."""
    print(f"error: {message}", flush=True)
    sys.exit(1)


def arguments(**defaults):
    """Reads `--name value` pairs; a default of None makes an argument required."""
    values = dict(defaults)
    words = iter(sys.argv[1:])
    for word in words:
        name = word.removeprefix("--").replace("-", "_")
        if not word.startswith("--") or name not in values:
            fail(f"unknown argument {word}")
        values[name] = next(words, None)
    for name, value in values.items():
        option = "--" + name.replace("_", "-")
        if value is None:
            fail(f"{option} is missing")
        if isinstance(defaults[name], int) or name.endswith("port"):
            if not value_is_number(value):
                fail(f"{option} must be a number")
            values[name] = int(value)
    return values


def value_is_number(value):
    return isinstance(value, int) or value.isdigit()


def call(port, method, path, body=None, token=None):
    """Asks another service; returns the status and the decoded body."""
    payload = b"" if body is None else json.dumps(body).encode()
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(payload)}", "Connection: close"]
    if token is not None:
        head.append(f"Authorization: Bearer {token}")
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall("\r\n".join(head + ["", ""]).encode() + payload)
            with connection.makefile("rb") as stream:
                status = int(stream.readline().split()[1])
                headers = read_headers(stream)
                answer = stream.read(int(headers.get("content-length", 0)))
    except (OSError, IndexError, ValueError) as trouble:
        raise Unreachable(str(trouble)) from trouble
    return status, json.loads(answer) if answer else None


def serve(port, routes):
    """Announces the port and answers requests until the process is told to end.

    `routes` maps "METHOD /path/{part}" to a function of the request and the parts.
    """
    table = []
    for route, handler in routes.items():
        method, pattern = route.split()
        table.append((method, re.compile(re.sub(r"\{\w+\}", r"([^/]+)", pattern)), handler))

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
    except OSError:
        fail(f"port {port} is taken")
    print(f"listening on {port}", flush=True)
    try:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=answer, args=(connection, table), daemon=True).start()
    except KeyboardInterrupt:
        print("stopped", flush=True)


def answer(connection, table):
    """Reads one request and writes its answer."""
    with connection, connection.makefile("rwb") as stream:
        try:
            status, body = dispatch(read_request(stream), table)
        except Refused as refusal:
            status, body = refusal.status, {"error": refusal.message}
        except Unreachable:
            status, body = 502, {"error": "a service that this one needs is not reachable"}
        except Exception as trouble:  # a handler's own mistake must be seen, and must not end the service
            print(f"error: {type(trouble).__name__}: {trouble}", flush=True)
            status, body = 500, {"error": "internal error"}
        payload = b"" if body is None else json.dumps(body).encode() + b"\n"
        head = (
            f"HTTP/1.1 {status} {STATUS_TEXT[status]}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(payload)}\r\nConnection: close\r\n\r\n"
        )
        try:
            stream.write(head.encode() + payload)
            stream.flush()
        except OSError:
            pass  # the caller has gone; nobody is left to tell


def read_request(stream):
    words = stream.readline().decode("latin-1").split()
    if len(words) != 3:
        raise Refused(400, "not an HTTP request")
    headers = read_headers(stream)
    payload = stream.read(int(headers.get("content-length", 0)))
    try:
        body = json.loads(payload) if payload else None
    except ValueError:
        raise Refused(400, "the body is not JSON") from None
    return Request(words[0], words[1], headers, body)


def read_headers(stream):
    headers = {}
    while line := stream.readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return headers


def dispatch(request, table):
    known = False
    for method, pattern, handler in table:
        if found := pattern.fullmatch(request.path):
            known = True
            if method == request.method:
                return handler(request, *found.groups())
    if known:
        raise Refused(405, f"{request.method} is not possible here")
    raise Refused(404, f"{request.path} is not a path of this service")
