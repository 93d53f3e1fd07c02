#!/usr/bin/env bash
# Runs examples/tasks again and again, several runs at once, and fails at the first run that is not green or at the first
# process that outlives them. Usage: tests/suites/soak.sh [ROUNDS] [AT_ONCE]; RELUX_BIN names the program.
set -euo pipefail
rounds=${1:-20} at_once=${2:-3}
repository=$(cd "$(dirname "$0")/../.." && pwd)
relux=${RELUX_BIN:-$repository/target/release/relux}
[ -x "$relux" ] || { echo "build it first: cargo build --release -p relux" >&2; exit 2; }

suite=$(mktemp -d)
trap 'rm -rf "$suite"' EXIT
cp -a "$repository/examples/tasks/." "$suite"
cd "$suite"

lane() {
  for ((round = 1; round <= rounds; round++)); do
    "$relux" run -j 4 >"lane-$1.log" 2>&1 || { echo "lane $1, round $round:"; cat "lane-$1.log"; return 1; }
  done
}

lanes=()
for ((number = 1; number <= at_once; number++)); do lane "$number" & lanes+=($!); done
status=0
for pid in "${lanes[@]}"; do wait "$pid" || status=1; done

survivors=$(pgrep -af "$suite" || true)
if [ -n "$survivors" ]; then
  echo "still alive:"; echo "$survivors"; status=1
fi
[ $status = 0 ] && echo "$((rounds * at_once)) runs green, $at_once at once, no process left"
exit $status
