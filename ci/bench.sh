#!/usr/bin/env bash
# Every figure beside its peer, in one run on this computer, and a short table at the end: the codec beside iec61850-rs, our
# client beside the client of libiec61850, the simulated IED beside the server of libiec61850, and what the simulated IED bears.
# `ci/setup.sh` installs the peers. Wants a release build and some minutes; arguments go to criterion, for instance
# `--measurement-time 10`.
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
options=(--noplot --discard-baseline --warm-up-time 1 --measurement-time 3 "$@")
# Each association of the load test is a descriptor at either end.
ulimit -n 4096 2>/dev/null || echo "cannot raise the limit of open files; the load test may fail" >&2

for bench in wire:codec client:reads sim:serving; do
  cargo bench --locked --package "iedassay-${bench%:*}" --bench "${bench#*:}" -- "${options[@]}" | tee -a "$log"
done
cargo run --release --quiet --locked --package iedassay-sim --example load | tee -a "$log"

echo
awk '
  function ns(value, unit) { return value * (unit == "ns" ? 1 : unit == "µs" ? 1e3 : unit == "ms" ? 1e6 : 1e9) }
  function shown(t) { return t < 1e3 ? sprintf("%.0f ns", t) : t < 1e6 ? sprintf("%.2f µs", t / 1e3) : sprintf("%.2f ms", t / 1e6) }
  /^load: / { load[++loads] = substr($0, 7) }
  /^[a-z][^ ]*\/[^ ]+/ { name = $1 }
  /time: +\[[^%]*$/ { sub(/.*\[/, ""); split($0, f, " "); time = ns(f[3], f[4]) }
  /thrpt: +\[[^%]*$/ {
    sub(/.*\[/, ""); split($0, f, " ")
    side = name; sub(/.*\//, "", side); base = name; sub(/\/[^\/]*$/, "", base)
    # The benches of size have no peer; their last part is the size.
    if (name ~ /^linear/) { base = name; side = "ours" }
    if (!(base in known)) { known[base]; order[++n] = base }
    if (side == "ours") { ours[base] = time; rate[base] = f[3] " " f[4] } else { peer[base] = time; who[base] = side }
  }
  END {
    printf "%-34s %12s %16s %12s %-13s %s\n", "bench", "ours", "", "peer", "", "times as fast"
    for (i = 1; i <= n; i++) {
      b = order[i]; p = b
      if (b ~ /^client-reads/) p = "client-reads/sequential"
      line = sprintf("%-34s %12s %16s", b, shown(ours[b]), rate[b])
      if (p in peer) line = line sprintf(" %12s %-13s %.1f", shown(peer[p]), who[p], peer[p] / ours[b])
      print line
    }
    for (i = 1; i <= loads; i++) print load[i]
  }' "$log"
