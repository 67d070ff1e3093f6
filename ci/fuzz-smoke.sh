#!/usr/bin/env bash
# Runs every fuzz target for a few seconds from its committed corpus. A crash is kept under fuzz/regressions, where a plain test
# replays it for ever. Needs a nightly compiler and cargo-fuzz. Usage: ci/fuzz-smoke.sh [SECONDS-PER-TARGET]
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-10}
targets=$(sed -n 's/^name = "\(.*\)"$/\1/p' fuzz/Cargo.toml | grep -v '^iedassay-fuzz$')
runs=0 failed=0
for target in $targets; do
  scratch=$(mktemp -d)
  # New finds go to the scratch folder, so that a smoke run never changes the committed corpus.
  mkdir -p "fuzz/corpus/$target"
  if ! (cd fuzz && cargo +nightly fuzz run "$target" "$scratch" "corpus/$target" -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -dict=dict/ber.dict -verbosity=0 -print_final_stats=1) >"$scratch.log" 2>&1; then
    echo "fuzz: $target FAILED"; tail -40 "$scratch.log"
    mkdir -p "fuzz/regressions/$target"; cp fuzz/artifacts/"$target"/* "fuzz/regressions/$target/" 2>/dev/null || true
    failed=$((failed + 1))
  else
    echo "fuzz: $target ok, $(sed -n 's/^stat::number_of_executed_units: *//p' "$scratch.log") runs"
    runs=$((runs + 1))
  fi
  rm -rf "$scratch" "$scratch.log"
done
echo "fuzz targets: $runs passed, $failed failed"
[ "$failed" = 0 ] && [ "$runs" -gt 0 ]
