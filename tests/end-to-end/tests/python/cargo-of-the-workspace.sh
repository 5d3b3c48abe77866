#!/bin/sh
# Stands for cargo when maturin builds the wheel. maturin builds one package, for which cargo would resolve features
# apart from the workspace's, and compile AWS's crates a second time. Built with the others, what is there serves.
# maturin takes the last program of the package that cargo reports, so cargo is asked for no other than maturin's.
[ "$1" = rustc ] || exec "$REAL_CARGO" "$@"
while [ "$#" -gt 1 ] && [ "$1" != --bin ]; do shift; done
exec "$REAL_CARGO" build --workspace --bin "$2" --locked --message-format json-render-diagnostics
