#!/usr/bin/env bash
# Every ring of tests on stable Rust: unit, state machines on virtual time, properties, replayed fuzz crashes, the suites on the
# simulated IED (on virtual and on real time) with their faults, the suites on foreign IEDs, foreign clients on the simulated
# IED, captures through tshark, golden command lines. What needs an outside tool that is not there says SKIPPED; with CI=true
# it fails instead. `ci/setup.sh` installs those tools.
set -uo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
# A ceiling for the whole, far above what it takes: a test that hangs must not hang the gate.
timeout 3000 cargo test --locked --workspace --no-fail-fast "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

awk '/^test result:/ { for (i = 1; i <= NF; i++) { if ($i == "passed;") p += $(i-1); if ($i == "failed;") f += $(i-1); if ($i == "ignored;") s += $(i-1) } }
     /SKIPPED/ { k++ }
     END { if (k) printf "%d notices of skipped checks, see above\n", k; printf "%d passed, %d failed, %d skipped\n", p, f, s }' "$log"
exit "$status"
