#!/usr/bin/env bash
# Runs the tests that drive real editors, on a scratch copy of examples/tasks.
#
#   tests/editors/run.sh nvim|emacs|vscode...   these, now
#   tests/editors/run.sh                        all, if RELUX_EDITOR_TESTS=1; otherwise says that they are skipped
#
# RELUX_BIN          executable under test     (default: built by cargo)
# RELUX_EDITORS_DIR  where the editors are     (default: what install.sh takes; they are installed if missing)
# RELUX_SHOTS        where pictures go         (default: target/editor-shots)
# RELUX_MISTAKES     table of mistakes         (default: tests/fixtures/mistakes.json)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)

if [ $# -eq 0 ]; then
    if [ "${RELUX_EDITOR_TESTS:-}" != 1 ]; then
        echo 'editor tests: skipped; RELUX_EDITOR_TESTS=1 runs them (and installs the editors, about 1 GB)'
        exit 0
    fi
    set -- nvim emacs vscode
fi

editors=${RELUX_EDITORS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/relux-editors}
"$here/install.sh" "$editors" "$@"

if [ -z "${RELUX_BIN:-}" ]; then
    (cd "$repository" && cargo build --quiet --package relux)
    RELUX_BIN=${CARGO_TARGET_DIR:-$repository/target}/debug/relux
fi
RELUX_BIN=$(realpath "$RELUX_BIN")
RELUX_MISTAKES=$(realpath "${RELUX_MISTAKES:-$repository/tests/fixtures/mistakes.json}")
RELUX_SHOTS=$(realpath -m "${RELUX_SHOTS:-$repository/target/editor-shots}")
export RELUX_BIN RELUX_MISTAKES RELUX_SHOTS RELUX_EDITORS_DIR=$editors

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# fresh NAME: an empty scratch directory and a copy of the suite for one editor.
fresh() {
    export RELUX_SCRATCH=$scratch/$1 RELUX_SUITE=$scratch/$1-suite
    mkdir -p "$RELUX_SCRATCH"
    cp -R "$repository/examples/tasks" "$RELUX_SUITE"
    rm -rf "$RELUX_SUITE/relux/out"
}

test_nvim() {
    fresh nvim
    NVIM=$editors/nvim/bin/nvim RELUX_CONFIG=$repository/editors/nvim RELUX_GRAMMAR=$repository/tree-sitter-relux \
        "$editors/nvim/bin/nvim" --clean --headless -l "$here/nvim/drive.lua"
}

# What is installed, and a newer one if that is old.
test_emacs() {
    local shots=$RELUX_SHOTS result=0
    in_emacs || result=1
    if [ -x "$editors/emacs/bin/emacs" ]; then
        export RELUX_SHOTS=$shots/newer-emacs
        PATH=$editors/emacs/bin:$PATH in_emacs || result=1
        export RELUX_SHOTS=$shots
    fi
    return $result
}

in_emacs() {
    emacs --version | sed -n 1p
    fresh_emacs emacs
    HOME=$RELUX_SCRATCH RELUX_CONFIG=$repository/editors/emacs \
        emacs --batch --no-init-file -l "$here/emacs/drive.el" || return 1
    fresh_emacs emacs-keys
    HOME=$RELUX_SCRATCH RELUX_CONFIG=$repository/editors/emacs "$here/emacs/keys.sh"
}

# A home of its own: nothing that a user of this machine has set up counts. The grammar is where Emacs looks for it.
fresh_emacs() {
    rm -rf "$scratch/$1" "$scratch/$1-suite"
    fresh "$1"
    mkdir -p "$RELUX_SCRATCH/.emacs.d/tree-sitter"
    cc -shared -fPIC -Os -I "$repository/tree-sitter-relux/src" "$repository"/tree-sitter-relux/src/*.c \
        -o "$RELUX_SCRATCH/.emacs.d/tree-sitter/libtree-sitter-relux.so"
}

test_vscode() {
    local extension=$repository/editors/vscode
    # npm writes the second file when it has installed what the first one says.
    if [ "$extension/package-lock.json" -nt "$extension/node_modules/.package-lock.json" ]; then
        (cd "$extension" && npm ci --no-audit --no-fund --silent)
    fi
    (cd "$extension" && npm run --silent package && npm run --silent bundle:host) >/dev/null 2>&1
    (cd "$here/vscode/probe" && "$extension/node_modules/.bin/vsce" package --allow-missing-repository \
        --skip-license --out "$scratch/probe.vsix" >/dev/null 2>&1)
    local node=$editors/node/node_modules/.bin/node result=0
    fresh vscode-host
    RELUX_EXTENSION=$extension "$node" "$here/vscode/host.mjs" || result=1
    fresh vscode
    RELUX_VSIX=$extension/dist/relux.vsix RELUX_PROBE_VSIX=$scratch/probe.vsix "$node" "$here/vscode/drive.mjs" || result=1
    echo "pictures: $RELUX_SHOTS"
    return $result
}

failed=()
for editor; do
    echo "== $editor"
    "test_$editor" || failed+=("$editor")
done
if [ ${#failed[@]} -gt 0 ]; then
    echo "editor tests: failed in ${failed[*]}"
    exit 1
fi
