#!/usr/bin/env bash
# Records a session of a real Neovim for `cargo xtask bench lsp`, in a generated suite of ten modules:
#
#   tests/editors/record.sh [OUT]       (default: xtask/src/bench/lsp/traces/recorded-neovim.jsonl)
#
# RELUX_BIN and RELUX_EDITORS_DIR as in run.sh. Look at the difference before it is committed: a trace has no path of the
# machine, and stays small.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
out=$(realpath -m "${1:-$repository/xtask/src/bench/lsp/traces/recorded-neovim.jsonl}")
editors=${RELUX_EDITORS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/relux-editors}
"$here/install.sh" "$editors" nvim

target=${CARGO_TARGET_DIR:-$repository/target}/debug
(cd "$repository" && cargo build --quiet --package xtask)
if [ -z "${RELUX_BIN:-}" ]; then
    (cd "$repository" && cargo build --quiet --package relux)
    RELUX_BIN=$target/relux
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
suite=$scratch/suite
"$target/xtask" gen-suite --out "$suite" --modules 10 --edition 2026-08
mkdir -p "$suite/relux/lib/recorded" "$suite/relux/tests/recorded" "$scratch/bin"
cat >"$suite/relux/lib/recorded/board.relux" <<'EOF'
import api/http { request }

// A board that listens at a port.
effect Board {
    expect BOARD_PORT
    expose board

    shell board {
        > echo listening on ${BOARD_PORT}
        <? ^listening on ${BOARD_PORT}$
        let answer := request("GET", "http://localhost:${BOARD_PORT}/", "200")
    }
}
EOF
cat >"$scratch/bin/relux" <<EOF
#!/bin/sh
[ "\$1" = lsp ] || exec "$(realpath "$RELUX_BIN")" "\$@"
echo \$\$ >"$scratch/recorder"
exec "$target/xtask" record-lsp --out "$out" --suite "$suite" --seed relux/lib/recorded/board.relux -- \
    "$(realpath "$RELUX_BIN")" "\$@"
EOF
chmod +x "$scratch/bin/relux"
NVIM=$editors/nvim/bin/nvim RELUX_CONFIG=$repository/editors/nvim RELUX_SUITE=$suite RELUX_SCRATCH=$scratch \
    "$editors/nvim/bin/nvim" --clean --headless -l "$here/nvim/record.lua"
# The recorder writes when the server has gone, which may be a moment after the editor.
tail --pid="$(cat "$scratch/recorder")" -f /dev/null
wc -lc "$out"
