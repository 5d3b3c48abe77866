#!/bin/sh
# Stands for cargo when maturin builds the wheel. maturin builds one package, for which cargo would resolve features
# apart from the workspace's, and compile AWS's crates a second time. Built with the others, what is there serves.
[ "$1" = rustc ] || exec "$REAL_CARGO" "$@"
exec "$REAL_CARGO" build --workspace --bins --locked --message-format json-render-diagnostics
