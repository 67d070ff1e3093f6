#!/usr/bin/env bash
# Makes the kill matrix anew: every case on the simulated IED without a fault and with each of its faults. Without arguments it writes
# the matrix and its page into the tree; with `--check` it fails when those in the tree are out of date. Either way it fails when the suites are not
# proved: a case that fails without a fault, a case without a kill, a fault without a killer that does not wait for one
# (suites/selftest/waiting.json), or one that waits without need.
set -euo pipefail
cd "$(dirname "$0")/.."

matrix=suites/selftest/kill-matrix.json
page=harness/docs/kill-matrix.md

if [ "${1:-}" != --check ]; then
  exec cargo run --locked --release --quiet --package iedassay -- selftest --update "$matrix" --page "$page" "$@"
fi
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
status=0
cargo run --locked --release --quiet --package iedassay -- selftest --update "$fresh/matrix" --page "$fresh/page" || status=$?
for file in matrix page; do
  if ! diff -u "${!file}" "$fresh/$file"; then
    echo "${!file} is out of date: run ci/selftest.sh and commit what it writes"
    status=1
  fi
done
exit "$status"
