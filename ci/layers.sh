#!/usr/bin/env bash
# Asserts the crate graph of the architecture page from what cargo resolves, not from what we remember writing:
# what each crate reaches through its normal dependencies (tests may reach further).
set -euo pipefail
cd "$(dirname "$0")/.."

failed=0

# reaches CRATE: every crate in its tree of normal dependencies, itself left out
reaches() {
  cargo tree --locked --package "$1" --edges normal --prefix none --format '{p}' | awk '{print $1}' | sort -u | grep -vx "$1" || true
}

# never CRATE FORBIDDEN...
never() {
  local crate=$1 found; shift
  found=$(reaches "$crate")
  for forbidden in "$@"; do
    if grep -qx "$forbidden" <<<"$found"; then
      echo "layers: $crate must not reach $forbidden:"
      cargo tree --locked --package "$crate" --edges normal --invert "$forbidden" 2>/dev/null | head -20 || true
      failed=1
    fi
  done
}

above=(iedassay-client iedassay-sim iedassay-engine iedassay-reports iedassay)
never iedassay-wire tokio rustls serde roxmltree iedassay-model "${above[@]}"
never iedassay-model tokio rustls "${above[@]}"
never iedassay-tls iedassay-wire iedassay-model "${above[@]}"
never iedassay-pki tokio rustls iedassay-wire iedassay-model iedassay-tls "${above[@]}"
never iedassay-reports tokio iedassay-wire iedassay-model iedassay-client iedassay-sim iedassay-engine iedassay
never iedassay-client iedassay-sim iedassay-engine iedassay-reports iedassay iedassay-pki
never iedassay-sim iedassay-pki iedassay-client iedassay-engine iedassay-reports iedassay
never iedassay-engine iedassay-pki iedassay-sim iedassay clap indicatif

wire=$(reaches iedassay-wire)
if [ -n "$wire" ]; then
  echo "layers: iedassay-wire depends on the standard library only, but reaches: $wire"
  failed=1
fi

# The wall clock is read in one place: the command line, once, which hands the anchor down.
clock=$(grep -rnE 'SystemTime::now|Instant::now|Utc::now|Zoned::now|Timestamp::now' --include='*.rs' harness/*/src reports/src | grep -v 'tokio::time::Instant::now' | grep -v '^harness/cli/src/clock.rs:' || true)
bad=""
while IFS= read -r line; do
  [ -n "$line" ] || continue
  file=${line%%:*}
  # `Instant::now` is tokio's where the file imports it from there.
  if grep -q 'Instant::now' <<<"$line" && tr '\n' ' ' <"$file" | grep -qE 'use tokio::[^;]*\bInstant\b'; then continue; fi
  bad+="$line"$'\n'
done <<<"$clock"
if [ -n "$bad" ]; then
  echo "layers: the system clock is read outside harness/cli/src/clock.rs:"
  printf '%s' "$bad"
  failed=1
fi

[ "$failed" = 0 ] && echo "layers: the crate graph is as the architecture page says"
exit "$failed"
