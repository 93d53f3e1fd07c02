#!/usr/bin/env python3
"""The authentication service: accounts and sessions, both kept in the store.

    auth.py --port 8002 --store-port 8001 [--warm-up MILLISECONDS]

POST   /accounts           {"name", "password"}
POST   /sessions           {"name", "password", "ttl_ms": N} (ttl_ms may be left out) -> {"token", "expires_in_ms"}
GET    /sessions/current   who the bearer of the token is
DELETE /sessions/current   logs out

Three wrong passwords in a row lock an account for a moment.
"""

import hashlib
import os
import threading
import time

import web

BUCKET = "auth"
SESSION_MS = 60_000
TRIES = 3
LOCK_MS = 1200


class Auth:
    """Knows the store's port; holds nothing but the wrong tries since the last success."""

    def __init__(self, store_port):
        self.store_port = store_port
        self.lock = threading.Lock()
        self.tries = {}

    def ask(self, method, key, body=None):
        return web.call(self.store_port, method, f"/buckets/{BUCKET}/keys/{key}", body)

    def open_account(self, request):
        name, password = request.field("name"), request.field("password")
        if not name.isalnum():
            raise web.Refused(400, "a name consists of letters and digits")
        if self.ask("GET", f"account.{name}")[0] == 200:
            raise web.Refused(409, f"the name {name} is taken")
        salt = os.urandom(8).hex()
        self.ask("PUT", f"account.{name}", {"value": {"salt": salt, "hash": digest(salt, password)}})
        return 201, {"name": name}

    def log_in(self, request):
        name, password = request.field("name"), request.field("password")
        with self.lock:
            count, since = self.tries.get(name, (0, 0))
            if count >= TRIES:
                left = LOCK_MS - (time.monotonic() - since) * 1000
                if left > 0:
                    raise web.Refused(429, f"try again in {int(left) + 1} ms")
                self.tries.pop(name)
        status, answer = self.ask("GET", f"account.{name}")
        if status != 200 or answer["value"]["hash"] != digest(answer["value"]["salt"], password):
            with self.lock:
                count = self.tries.get(name, (0, 0))[0] + 1
                self.tries[name] = (count, time.monotonic())
            if count == TRIES:
                print(f"account {name} is locked", flush=True)
            raise web.Refused(401, "wrong name or password")
        with self.lock:
            self.tries.pop(name, None)
        token = os.urandom(12).hex()
        ttl = request.body.get("ttl_ms", SESSION_MS)
        self.ask("PUT", f"session.{token}", {"value": name, "ttl_ms": ttl})
        return 201, {"token": token, "expires_in_ms": ttl}

    def bearer(self, request):
        if request.token is None:
            raise web.Refused(401, "no token was sent")
        status, answer = self.ask("GET", f"session.{request.token}")
        if status != 200:
            raise web.Refused(401, "the session has ended")
        return answer["value"]

    def current(self, request):
        return 200, {"name": self.bearer(request)}

    def log_out(self, request):
        self.bearer(request)
        self.ask("DELETE", f"session.{request.token}")
        return 204, None


def digest(salt, password):
    return hashlib.sha256((salt + password).encode()).hexdigest()


def main():
    options = web.arguments(port=None, store_port=None, warm_up=200)
    time.sleep(options["warm_up"] / 1000)
    try:
        status, _ = web.call(options["store_port"], "GET", f"/buckets/{BUCKET}")
    except web.Unreachable:
        web.fail(f"no store on port {options['store_port']}")
    if status != 200:
        web.fail(f"the store has no bucket {BUCKET}")
    auth = Auth(options["store_port"])
    web.serve(
        options["port"],
        {
            "POST /accounts": auth.open_account,
            "POST /sessions": auth.log_in,
            "GET /sessions/current": auth.current,
            "DELETE /sessions/current": auth.log_out,
        },
    )


if __name__ == "__main__":
    main()
