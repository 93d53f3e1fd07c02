#!/bin/sh
# Checks all crates, with their tests, as for a Mac: nothing is linked and nothing is run.
#
#   tests/macos/check.sh [CARGO ARGUMENTS...]
#
# Needs `rustup target add aarch64-apple-darwin`, but neither Apple's compiler nor its headers.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
export CC_aarch64_apple_darwin="$here/cc" AR_aarch64_apple_darwin=ar SDKROOT=/
exec cargo check --workspace --target aarch64-apple-darwin --target-dir "${CARGO_TARGET_DIR:-target}/macos" "$@"
