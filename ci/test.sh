#!/usr/bin/env bash
# Every ring of tests on stable Rust: unit, state machines on virtual time, properties, replayed fuzz crashes, the suites on the
# simulated IED (on virtual and on real time) with their faults, the suites on foreign IEDs, foreign clients on the simulated
# IED, captures through tshark, golden command lines. What needs an outside tool that is not there says SKIPPED; with CI=true
# it fails instead. `ci/setup.sh` installs those tools.
#
# Arguments go to one plain `cargo test`. Without any, the test programs that mostly wait for real time run beside each other at the end.
set -uo pipefail
cd "$(dirname "$0")/.."

waiting="builtin foreign_iec61850_rs foreign_iec61850_server foreign_libiec61850"
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
# A ceiling for each part, far above what it takes: a test that hangs must not hang the gate.
tests() { timeout "$1" cargo test --locked --workspace --no-fail-fast "${@:2}" 2>&1; }
status=0

if [ $# -gt 0 ]; then
  tests 3000 "$@" | tee "$logs/all" || status=1
else
  tests 2400 --no-run | tee "$logs/build" || status=1
  rest=()
  for name in $(sed -n 's|.*Executable tests/.* (.*/\(.*\)-[0-9a-f]*)$|\1|p' "$logs/build" | sort -u); do
    [[ " $waiting " == *" $name "* ]] || rest+=(--test "$name")
  done
  if [ "$status" = 0 ]; then
    tests 2400 --lib --bins --examples "${rest[@]}" | tee "$logs/rest" || status=1
    tests 900 --doc | tee "$logs/doc" || status=1
    for name in $waiting; do
      tests 1800 --test "$name" >"$logs/$name" &
      eval "job_$name=$!"
    done
    for name in $waiting; do
      job="job_$name"
      wait "${!job}" || status=1
      cat "$logs/$name"
    done
  fi
fi

cat "$logs"/* | awk '/^test result:/ { for (i = 1; i <= NF; i++) { if ($i == "passed;") p += $(i-1); if ($i == "failed;") f += $(i-1); if ($i == "ignored;") s += $(i-1) } }
     /SKIPPED/ { k++ }
     END { if (k) printf "%d notices of skipped checks, see above\n", k; printf "%d passed, %d failed, %d skipped\n", p, f, s }'
exit "$status"
