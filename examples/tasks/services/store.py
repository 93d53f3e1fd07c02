#!/usr/bin/env python3
"""The key-value store: values in named buckets, kept in a journal that outlives the process.

    store.py --port 8001 --data DIR [--warm-up MILLISECONDS]

PUT    /buckets/B             makes a bucket (201, or 200 if it exists)
GET    /buckets/B             the keys of the bucket
PUT    /buckets/B/keys/K      {"value": ..., "ttl_ms": N} (ttl_ms may be left out)
GET    /buckets/B/keys/K      {"value": ...}
DELETE /buckets/B/keys/K
"""

import json
import os
import threading
import time

import web


class Store:
    """Buckets in memory, and a journal from which they are read again after a restart."""

    def __init__(self, directory):
        os.makedirs(directory, exist_ok=True)
        self.lock = threading.Lock()
        self.buckets = {}
        path = os.path.join(directory, "journal")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as lines:
                for line in lines:
                    self.apply(json.loads(line))
        self.journal = open(path, "a", encoding="utf-8")

    def apply(self, entry):
        bucket = self.buckets.setdefault(entry["bucket"], {})
        if "key" not in entry:
            return
        if "value" in entry:
            bucket[entry["key"]] = (entry["value"], entry.get("until"))
        else:
            bucket.pop(entry["key"], None)

    def record(self, **entry):
        with self.lock:
            self.apply(entry)
            self.journal.write(json.dumps(entry) + "\n")
            self.journal.flush()

    def bucket(self, name):
        if name not in self.buckets:
            raise web.Refused(404, f"there is no bucket {name}")
        return self.buckets[name]

    def value(self, name, key):
        value, until = self.bucket(name).get(key, (None, 0))
        if until is not None and until <= time.time():
            raise web.Refused(404, f"there is no key {key} in {name}")
        return value

    def make_bucket(self, request, name):
        status = 200 if name in self.buckets else 201
        self.record(bucket=name)
        return status, {"bucket": name}

    def list_keys(self, request, name):
        now = time.time()
        with self.lock:
            entries = list(self.bucket(name).items())
        return 200, {"keys": sorted(key for key, (_, until) in entries if until is None or until > now)}

    def put(self, request, name, key):
        self.bucket(name)
        if not isinstance(request.body, dict) or "value" not in request.body:
            raise web.Refused(400, "value is missing")
        ttl = request.body.get("ttl_ms")
        until = None if ttl is None else time.time() + ttl / 1000
        self.record(bucket=name, key=key, value=request.body["value"], until=until)
        return 200, {"key": key}

    def get(self, request, name, key):
        return 200, {"value": self.value(name, key)}

    def delete(self, request, name, key):
        self.value(name, key)
        self.record(bucket=name, key=key)
        return 204, None


def main():
    options = web.arguments(port=None, data=None, warm_up=200)
    time.sleep(options["warm_up"] / 1000)
    store = Store(options["data"])
    web.serve(
        options["port"],
        {
            "PUT /buckets/{bucket}": store.make_bucket,
            "GET /buckets/{bucket}": store.list_keys,
            "PUT /buckets/{bucket}/keys/{key}": store.put,
            "GET /buckets/{bucket}/keys/{key}": store.get,
            "DELETE /buckets/{bucket}/keys/{key}": store.delete,
        },
    )


if __name__ == "__main__":
    main()
