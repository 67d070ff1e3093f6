#!/usr/bin/env bash
# What a developer runs before a push and what the gate runs first: format, lints, documentation, crate graph, suites,
# licences.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

step "format"
cargo fmt --all --check
step "lints"
cargo clippy --locked --workspace --all-targets -- -D warnings
step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps --quiet
step "launcher of iec61850-server"
cargo fmt --manifest-path ci/peers/iec61850-server/Cargo.toml --check
step "layers"
ci/layers.sh
step "suites"
cargo run --locked --quiet -p iedassay -- check --strict suites >/dev/null
step "licences and sources"
if command -v cargo-deny >/dev/null; then
  cargo deny --locked --config ci/deny.toml --log-level error check licenses bans sources
  cargo deny --locked --manifest-path ci/peers/iec61850-server/Cargo.toml --config ci/deny.toml --log-level error check licenses bans sources
  # The advisory database is fetched from outside; where that cannot be reached the check says so and the rest stands.
  if ! cargo deny --locked --config ci/deny.toml --log-level error check advisories; then
    if compgen -G "${CARGO_HOME:-$HOME/.cargo}/advisory-dbs/*/crates" >/dev/null; then
      exit 1
    fi
    echo "advisories: SKIPPED, the advisory database cannot be fetched here"
  fi
elif [ "${CI:-}" = true ]; then
  echo "cargo-deny is not installed: cargo install cargo-deny --locked"; exit 1
else
  echo "SKIPPED: cargo-deny is not installed (cargo install cargo-deny --locked)"
fi
