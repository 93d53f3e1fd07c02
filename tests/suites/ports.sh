#!/usr/bin/env bash
# Runs one suite whose tests start services on available_port() again and again, several runs at once, and counts tests
# that failed. Each client checks that the service of its own test answers.
# Usage: tests/suites/ports.sh [ROUNDS] [AT_ONCE]; RELUX_BIN names the program.
set -euo pipefail
rounds=${1:-200} at_once=${2:-3}
repository=$(cd "$(dirname "$0")/../.." && pwd)
relux=${RELUX_BIN:-$repository/target/release/relux}
[ -x "$relux" ] || { echo "build it first: cargo build --release -p relux" >&2; exit 2; }

suite=$(mktemp -d)
trap 'rm -rf "$suite"' EXIT
mkdir -p "$suite/relux/tests"
cat >"$suite/Relux.toml" <<'TOML'
name = "ports"
edition = "2026-08"

[timeout]
match = "60s"
shell = "60s"
TOML
cat >"$suite/service.py" <<'PYTHON'
import socket, sys
# No SO_REUSEADDR: such a service fails on everything that has stayed behind.
listener = socket.socket()
listener.bind(("", int(sys.argv[1])))
listener.listen()
print("listening on", sys.argv[1], flush=True)
while True:
    connection, _ = listener.accept()
    connection.sendall((sys.argv[2] + "\n").encode())
    connection.close()
PYTHON
for ((test = 1; test <= 16; test++)); do
  cat <<RELUX
test "service $test" {
    let port = available_port()
    let other = available_port()
    let secret = uuid()

    shell service {
        !? Traceback
        > python3 -SE service.py \${port} \${secret}
        <? ^listening on \${port}\$
    }

    shell idle {
        !? Traceback
        > python3 -SE service.py \${other} nobody
        <? ^listening on \${other}\$
    }

    shell client {
        > python3 -SE -c "import socket; print('got ' + socket.create_connection(('127.0.0.1', \${port})).recv(99).decode())"
        <? ^got \${secret}\$
    }
}

RELUX
done >"$suite/relux/tests/services.relux"
for ((number = 1; number <= at_once; number++)); do cp -r "$suite/." "$suite.$number"; done
trap 'rm -rf "$suite" "$suite".*' EXIT

lane() {
  cd "$suite.$1"
  for ((round = 1; round <= rounds; round++)); do
    if ! "$relux" run -j 16 >lane.log 2>&1; then
      echo "lane $1, round $round:"
      grep -E "FAILED|error:|held by|no port" lane.log | head -5 || true
      echo failed >>"$suite/failed"
    fi
    rm -rf relux/out
  done
}

began=$SECONDS
lanes=()
for ((number = 1; number <= at_once; number++)); do lane "$number" & lanes+=($!); done
for pid in "${lanes[@]}"; do wait "$pid"; done
failed=$(wc -l 2>/dev/null <"$suite/failed" || echo 0)
echo "$((rounds * at_once)) runs, $at_once at once, $failed of them failed, $((SECONDS - began)) s"
[ "$failed" = 0 ]
