#!/usr/bin/env bash
# Presses keys in a real Emacs in a terminal (tmux) and looks at the screen. What needs no eyes is in drive.el.
#
# Environment: RELUX_BIN, RELUX_SUITE (scratch copy of examples/tasks), RELUX_CONFIG (editors/emacs), RELUX_SCRATCH (empty
# directory), RELUX_SHOTS (where screens go). Exits 1 when an expectation does not hold.
set -euo pipefail

readonly PATIENCE=30 # seconds until something has surely come; a bound, not an expectation
failures=0
terminal() { tmux -L "relux-emacs-$$" -f /dev/null "$@"; }
trap 'terminal kill-server 2>/dev/null || true' EXIT

# keys KEY...: presses keys, named as tmux names them; `text` types literally.
keys() { terminal send-keys "$@"; }
text() { terminal send-keys -l "$1"; }
command() { keys M-x && text "$1" && keys Enter; }
# behind TEXT: the cursor goes behind its first occurrence.
behind() { keys M-'<' && keys C-s && text "$1" && keys Enter; }

# see NAME PATTERN WHAT: waits until the screen has a line like that, and keeps the screen. With `absent` as a fourth
# argument, until it has none.
see() {
    local name=$1 pattern=$2 what=$3 wanted=${4:-present} found deadline=$((SECONDS + PATIENCE)) screen
    while :; do
        screen=$(terminal capture-pane -p)
        found=absent
        grep -Eq -- "$pattern" <<<"$screen" && found=present
        [ "$found" = "$wanted" ] && break
        [ $SECONDS -ge $deadline ] && break
        sleep 0.05
    done
    terminal capture-pane -p >"$RELUX_SHOTS/emacs-$name.txt"
    terminal capture-pane -e -p >"$RELUX_SHOTS/emacs-$name.ansi"
    if [ "$found" = "$wanted" ]; then
        echo "ok      on the screen: $what"
    else
        echo "NOT ok  on the screen: $what"
        printf '%s\n' "$screen" | sed 's/^/        /'
        failures=$((failures + 1))
    fi
}

# As editors/emacs/README.md and the book tell users to.
cat >"$RELUX_SCRATCH/init.el" <<EOF
(setq package-native-compile nil native-comp-deferred-compilation nil inhibit-startup-screen t)
(setq native-comp-async-report-warnings-errors nil make-backup-files nil auto-save-default nil)
(package-initialize)
(add-to-list 'load-path "$RELUX_CONFIG")
(require 'relux-ts-mode)
(setq relux-program "$RELUX_BIN")
(add-hook 'relux-mode-hook #'eglot-ensure)
(add-hook 'relux-mode-hook
          (lambda () (add-hook 'before-save-hook #'eglot-format-buffer nil t)))
EOF
cat >"$RELUX_SUITE/relux/tests/keys.relux" <<'EOF'
test "says hello" {
    shell a {
        > echo hello
        <~5s? ^hello$
    }
}

test "waits in vain" {
    shell a {
        > echo hello
        <~1s? ^never-said$
    }
}
EOF

mkdir -p "$RELUX_SHOTS"
cd "$RELUX_SUITE"
terminal new-session -d -x 120 -y 40 emacs -nw -q -l "$RELUX_SCRATCH/init.el" relux/tests/tasks/smoke.relux
see started 'eglot:' 'Eglot is there'

behind 'the life of a task"'
keys C-a C-d
see squiggle 'Flymake.*\[[1-9]' 'a mistake is counted while it is typed'
command flymake-goto-next-error
see squiggle-message 'there is no keyword' 'and said'
keys C-x u
see squiggle-gone 'Flymake[^]]*\[0 0\]' 'undoing takes it away'

behind 'start Tasks'
keys C-b
see hover '^effect Tasks' 'the hover of an effect, without marks'
keys M-.
see definition '^effect Tasks' 'its definition'
keys M-,

behind 'AUTH_PORT = auth_port,'
keys C-k
text ' '
see cut 'AUTH_PORT = auth_port, ?$' 'a key is gone'
keys C-M-i
see completion 'AUTH_PORT = auth_port, TASKS_PORT' 'the key that an overlay lacks'
command revert-buffer
text yes
keys Enter
see reverted 'TASKS_PORT = tasks_port \}' 'the file as it was'

behind 'start Tasks'
keys C-b
command eglot-rename
text Board
keys Enter
# Eglot 1.16 and newer, in Emacs 30, do not ask for a rename.
see rename-asks 'Proceed\?|start Board' 'the question whether to touch other files, or that they are touched'
if terminal capture-pane -p | grep -q 'Proceed?'; then
    keys y
fi
see rename 'start Board' 'the new name'

keys C-x s
text '!'
keys C-x C-f
keys C-a C-k
text "$RELUX_SUITE/relux/tests/keys.relux"
keys Enter
see file 'says hello' 'the file with tests'
behind 'shell'
text '   '
keys C-x C-s
see formatted 'shell    a' 'saving formats' absent
keys C-c C-t
see run-passed '1 passed' 'a test that passes'
behind 'waits in vain'
keys C-c C-t
see run-failed 'waits-in-vain: FAILED' 'a test that fails'
keys M-g n
see run-visited '>? *<~1s\? \^never-said' 'and its line'

[ "$failures" -eq 0 ] || exit 1
