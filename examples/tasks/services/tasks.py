#!/usr/bin/env python3
"""The task service: what everybody has to do, kept in the store, for those who are logged in.

    tasks.py --port 8003 --store-port 8001 --auth-port 8002 [--warm-up MILLISECONDS]

POST   /tasks         {"title", "snooze_ms": N} (snooze_ms may be left out) -> {"id", "title", "state"}
GET    /tasks         {"tasks": [...]}
GET    /tasks/ID
PATCH  /tasks/ID      {"state": "open" | "done"}
DELETE /tasks/ID
POST   /exports       starts an export in the background -> {"id"}
GET    /exports/ID    {"state": "running" | "ready", "lines": N}

Every request needs the token of a session. Tasks of somebody else do not exist for the caller.
"""

import threading
import time

import web

BUCKET = "tasks"
STATES = ("open", "done")
EXPORT_MS = 400


class Tasks:
    """Asks the authentication service who calls, and the store for everything else."""

    def __init__(self, store_port, auth_port):
        self.store_port = store_port
        self.auth_port = auth_port
        self.lock = threading.Lock()
        self.last_id = 0
        self.exports = {}

    def ask(self, method, key, body=None):
        return web.call(self.store_port, method, f"/buckets/{BUCKET}/keys/{key}", body)

    def caller(self, request):
        status, answer = web.call(self.auth_port, "GET", "/sessions/current", token=request.token)
        if status != 200:
            raise web.Refused(401, answer["error"])
        return answer["name"]

    def next_id(self):
        with self.lock:
            self.last_id += 1
            return str(self.last_id)

    def load(self, owner, number):
        status, answer = self.ask("GET", number)
        if status != 200 or answer["value"]["owner"] != owner:
            raise web.Refused(404, f"there is no task {number}")
        return answer["value"]

    def save(self, task):
        self.ask("PUT", task["id"], {"value": task})

    def create(self, request):
        owner, title = self.caller(request), request.field("title")
        snooze = request.body.get("snooze_ms")
        state = "open" if snooze is None else "snoozed"
        task = {"id": self.next_id(), "owner": owner, "title": title, "state": state}
        self.save(task)
        if snooze is not None:
            threading.Timer(snooze / 1000, self.wake, (task,)).start()
        return 201, task

    def wake(self, task):
        self.save({**task, "state": "open"})
        print(f"task {task['id']} is open again", flush=True)

    def of(self, owner):
        _, answer = web.call(self.store_port, "GET", f"/buckets/{BUCKET}")
        found = (self.ask("GET", key) for key in sorted(answer["keys"], key=int))
        return [value["value"] for status, value in found if status == 200 and value["value"]["owner"] == owner]

    def list(self, request):
        return 200, {"tasks": self.of(self.caller(request))}

    def read(self, request, number):
        return 200, self.load(self.caller(request), number)

    def update(self, request, number):
        task = self.load(self.caller(request), number)
        task["state"] = request.field("state")
        if task["state"] not in STATES:
            raise web.Refused(400, f"{task['state']} is not a state")
        self.save(task)
        return 200, task

    def delete(self, request, number):
        self.load(self.caller(request), number)
        self.ask("DELETE", number)
        return 204, None

    def start_export(self, request):
        owner, number = self.caller(request), self.next_id()
        self.exports[number] = {"id": number, "state": "running"}
        threading.Timer(EXPORT_MS / 1000, self.finish_export, (owner, number)).start()
        return 202, self.exports[number]

    def finish_export(self, owner, number):
        lines = len(self.of(owner))
        self.exports[number] = {"id": number, "state": "ready", "lines": lines}
        print(f"export {number} is ready: {lines} tasks of {owner}", flush=True)

    def read_export(self, request, number):
        self.caller(request)
        if number not in self.exports:
            raise web.Refused(404, f"there is no export {number}")
        return 200, self.exports[number]


def main():
    options = web.arguments(port=None, store_port=None, auth_port=None, warm_up=200)
    time.sleep(options["warm_up"] / 1000)
    try:
        status, _ = web.call(options["store_port"], "GET", f"/buckets/{BUCKET}")
        web.call(options["auth_port"], "GET", "/sessions/current")
    except web.Unreachable:
        web.fail("the store and the authentication service must run first")
    if status != 200:
        web.fail(f"the store has no bucket {BUCKET}")
    tasks = Tasks(options["store_port"], options["auth_port"])
    web.serve(
        options["port"],
        {
            "POST /tasks": tasks.create,
            "GET /tasks": tasks.list,
            "GET /tasks/{id}": tasks.read,
            "PATCH /tasks/{id}": tasks.update,
            "DELETE /tasks/{id}": tasks.delete,
            "POST /exports": tasks.start_export,
            "GET /exports/{id}": tasks.read_export,
        },
    )


if __name__ == "__main__":
    main()
