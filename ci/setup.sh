#!/usr/bin/env bash
# Installs what the tests and checks use beside Rust: tshark, Chromium, xmllint and openssl, the foreign IEDs, cargo-deny and cargo-fuzz.
# Safe to run again; what is there already is kept. Debian or Ubuntu, as root or with sudo.
set -euo pipefail
cd "$(dirname "$0")/.."

root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

missing=()
command -v tshark >/dev/null || missing+=(tshark)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
command -v openssl >/dev/null || missing+=(openssl)
command -v xmllint >/dev/null || missing+=(libxml2-utils)
command -v python3 >/dev/null || missing+=(python3)
python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
  root apt-get update -qq
  root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# libiec61850 lives in a virtual environment of its own, where the tests look for it first.
if ! target/peers/bin/python -c 'import pyiec61850' 2>/dev/null; then
  python3 -m venv target/peers
  target/peers/bin/python -m pip install --quiet --disable-pip-version-check --requirement ci/peers/libiec61850/requirements.txt
fi

# iec61850-server is a workspace of its own; cargo builds it only when it has changed.
cargo build --quiet --locked --manifest-path ci/peers/iec61850-server/Cargo.toml --target-dir target/peers/iec61850-server

# cargo install is a no-op where the version is there already.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}/tools
command -v ied >/dev/null || cargo install --quiet --locked --version 0.3.0 iec61850-rs --features cli
command -v cargo-deny >/dev/null || cargo install --quiet --locked cargo-deny
command -v cargo-fuzz >/dev/null || cargo install --quiet --locked cargo-fuzz
