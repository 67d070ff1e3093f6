#!/usr/bin/env bash
# Fuzzes for long: every target in turn, several at once. What is new and reaches further is kept in fuzz/found/<target>
# (not committed) and where the next run goes on from; a crash is kept under fuzz/regressions, where a plain test replays it
# for ever. Ends with a table of what was reached. Needs a nightly compiler and cargo-fuzz.
#
# Usage: ci/fuzz.sh [SECONDS-PER-TARGET] [JOBS] [TARGET...]     600 seconds, one job, all targets
#   FUZZ_UPPER=no    leaves out the readers of files above the codec, whose crates take minutes to build
#   FUZZ_BUILD=no    uses the binaries that are there
#   FUZZ_BIN=DIR     uses those of another folder
#   FUZZ_FOUND=DIR   keeps what is found there instead; empty keeps nothing
#   FUZZ_ROUNDS=N    goes round N times
#   FUZZ_PATIENCE=N  seconds that one input may take, 10 without; more where others leave the fuzzer little of the machine
set -euo pipefail
cd "$(dirname "$0")/.."

export seconds=${1:-600}
jobs=${2:-1}
shift $(($# > 2 ? 2 : $#))
all=$(sed -n 's/^name = "\(.*\)"$/\1/p' fuzz/Cargo.toml | grep -v '^iedassay-fuzz$')
features=()
if [ "${FUZZ_UPPER:-yes}" = no ]; then
  all=$(grep -vxE 'capture|scl|suite|target' <<<"$all")
  features=(--no-default-features)
fi
targets=${*:-$all}
host=$(rustc -vV | sed -n 's/^host: //p')
# All the code is safe Rust, so that a sanitizer would find nothing more and only take time; overflow checks stay on.
if [ "${FUZZ_BUILD:-yes}" = yes ]; then
  (cd fuzz && cargo +nightly fuzz build --sanitizer none "${features[@]}")
fi
export bin=${FUZZ_BIN:-fuzz/target/$host/release}
export found=${FUZZ_FOUND-fuzz/found}
logs=$(mktemp -d); export logs
trap 'rm -rf "$logs"' EXIT

one() {
  local target=$1 dict=ber max_len=2048 keep
  case $target in
    capture) dict=capture ;;
    scl) dict=scl max_len=16384 ;;
    suite | target) dict=yaml max_len=8192 ;;
    # Long lengths and every depth fit; more elements of the same kind say nothing new.
    ber | data) max_len=512 ;;
    annotate | stack | initiator | responder) max_len=4096 ;;
  esac
  keep=${found:+$found/$target}
  keep=${keep:-$logs/found.$target}
  mkdir -p "$keep" "$logs/crash.$target"
  # Rates are per second of processor time, so that a busy machine does not distort them.
  local TIMEFORMAT=%U
  # The engine may hang itself when it tells of an input that takes too long.
  local status=0
  { time timeout --kill-after=10 $((seconds * 2 + 300)) "$bin/$target" "$keep" "fuzz/corpus/$target" -max_total_time="$seconds" -max_len="$max_len" -timeout="${FUZZ_PATIENCE:-10}" -rss_limit_mb=2048 -reload=0 \
    -dict="fuzz/dict/$dict.dict" -artifact_prefix="$logs/crash.$target/" -print_final_stats=1 >"$logs/$target.log" 2>&1; } 2>"$logs/$target.time" || status=$?
  if [ "$status" = 0 ]; then
    local runs cpu cover
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$logs/$target.log")
    cpu=$(cat "$logs/$target.time")
    cover=$(sed -n 's/.*DONE *cov: \([0-9]*\) .*/\1/p' "$logs/$target.log")
    awk -v target="$target" -v runs="$runs" -v cpu="$cpu" -v cover="${cover:-?}" \
      'BEGIN {printf "fuzz: %-18s ok %12d runs in %8.1f s %9.0f/s %6s edges\n", target, runs, cpu, runs / (cpu + 0.001), cover}'
    echo "$runs $cpu" >>"$logs/runs"
  elif [[ $status == 124 || $status == 137 ]] && [ -z "$(ls -A "$logs/crash.$target")" ]; then
    printf 'fuzz: %-18s cut off: others left it too little of the machine to read its inputs in time\n' "$target"
  else
    printf 'fuzz: %-18s FAILED\n' "$target"
    tail -40 "$logs/$target.log"
    mkdir -p "fuzz/regressions/$target"
    cp "$logs/crash.$target/"* "fuzz/regressions/$target/" 2>/dev/null || true
    echo "$target" >>"$logs/failed"
  fi
}
export -f one

for _ in $(seq "${FUZZ_ROUNDS:-1}"); do
  # shellcheck disable=SC2086
  printf '%s\n' $targets | xargs -P "$jobs" -I{} bash -c 'one {}'
done
touch "$logs/runs" "$logs/failed"
passed=$(wc -l <"$logs/runs")
failed=$(wc -l <"$logs/failed")
echo "fuzz targets: $passed passed, $failed failed, $(awk '{r += $1; s += $2} END {printf "%.0f runs in %.0f s of processor time", r, s}' "$logs/runs")"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
