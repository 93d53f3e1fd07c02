#!/usr/bin/env bash
# One run of many tests, watched from outside: its descriptors, processes, zombies, terminals and memory at every tenth
# of it, and what it leaves. Fails if any but memory grows, or memory by more than a result per test explains.
# Usage: tests/suites/ten-thousand.sh [TESTS] [JOBS]; RELUX_BIN names the program.
set -euo pipefail
tests=${1:-10000} jobs=${2:-8}
repository=$(cd "$(dirname "$0")/../.." && pwd)
relux=${RELUX_BIN:-$repository/target/release/relux}
[ -x "$relux" ] || { echo "build it first: cargo build --release -p relux" >&2; exit 2; }
suite=$(mktemp -d)
trap 'rm -rf "$suite"' EXIT
cargo run -q --manifest-path "$repository/Cargo.toml" -p xtask -- gen-suite --out "$suite/s" --kind one-line --tests "$tests" --edition 2026-08 >/dev/null
cd "$suite/s"
terminals=$(cat /proc/sys/kernel/pty/nr)

"$relux" run -j "$jobs" >"$suite/report" 2>&1 &
first=$!
sample() { # of the process that has the tests: the one of the two with the most threads
  local pid best= most=0 threads
  for pid in "$first" $(pgrep -P "$first" -x relux || true); do
    threads=$(ls "/proc/$pid/task" 2>/dev/null | wc -l)
    if ((threads > most)); then most=$threads best=$pid; fi
  done
  [ -n "$best" ] || return 0
  local zombies=0 state
  for pid in $(pgrep -P "$best" || true); do
    state=$(cut -d' ' -f3 "/proc/$pid/stat" 2>/dev/null || true)
    [ "$state" = Z ] && zombies=$((zombies + 1))
  done
  printf '%9s %11s %9s %9s %11s\n' "$1" "$(ls "/proc/$best/fd" 2>/dev/null | wc -l)" "$zombies" \
    "$(($(cat /proc/sys/kernel/pty/nr) - terminals))" "$(awk '/VmRSS/ {print $2 / 1024}' "/proc/$best/status" 2>/dev/null)"
}
printf '%9s %11s %9s %9s %11s\n' tests descriptors zombies terminals "memory MiB"
next=$((tests / 10))
while kill -0 "$first" 2>/dev/null; do
  done=$(grep -c '^test .*: ok' "$suite/report" || true)
  if ((done >= next)); then sample "$done" | tee -a "$suite/samples"; next=$((next + tests / 10)); fi
  sleep 0.1
done
status=0
wait "$first" || status=$?
tail -2 "$suite/report"
echo "left: $(pgrep -cf "$suite" || true) processes, $(($(cat /proc/sys/kernel/pty/nr) - terminals)) terminals"
files=$(find relux/out -type f -printf x | wc -c) bytes=$(find relux/out -type f -printf '%s\n' | awk '{s += $1} END {print s}')
echo "per test: $(awk "BEGIN {printf \"%.1f\", $files / $tests}") files, $((bytes / tests)) bytes"
awk -v jobs="$jobs" '$2 > 64 + 6 * jobs || $3 > jobs {print "too much:", $0; bad = 1} END {exit bad}' "$suite/samples" || status=1
exit "$status"
