#!/usr/bin/env bash
# Lines of `harness/wire` that the committed corpora reach, measured over the test that replays them; the bodies of the fuzz
# targets themselves do not count. `ci/coverage.sh all` measures every test of `wire` instead. Needs the component llvm-tools
# (rustup component add llvm-tools). Writes one line for each file, and the sum last.
set -euo pipefail
cd "$(dirname "$0")/.."

tests=(--test fuzz_regressions)
[ "${1:-}" != all ] || tests=(--tests)
tools=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin
[ -x "$tools/llvm-cov" ] || { echo "llvm-tools are not installed: rustup component add llvm-tools"; exit 1; }
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}/coverage
profiles=$(mktemp -d)
trap 'rm -rf "$profiles"' EXIT

binaries=$(RUSTFLAGS="-C instrument-coverage" cargo test --locked -p iedassay-wire "${tests[@]}" --no-run --message-format json |
  grep -o '"executable":"[^"]*"' | cut -d'"' -f4)
for binary in $binaries; do
  (cd harness/wire && LLVM_PROFILE_FILE="$profiles/%m-%p.profraw" "$binary" --quiet >&2)
done
"$tools/llvm-profdata" merge --sparse "$profiles"/*.profraw --output "$profiles/all.profdata"
# shellcheck disable=SC2046
"$tools/llvm-cov" export --summary-only --instr-profile "$profiles/all.profdata" $(printf -- '--object %s ' $binaries) \
  --ignore-filename-regex '/(fuzzing|tests|registry|rustc)/|tests\.rs$' |
  python3 -c '
import json, sys
data = json.load(sys.stdin)["data"][0]
def show(lines, name):
    print("%6.1f %%  %5d of %5d  %s" % (lines["percent"], lines["covered"], lines["count"], name))
for file in sorted(data["files"], key=lambda file: file["filename"]):
    show(file["summary"]["lines"], file["filename"].split("harness/wire/")[-1])
show(data["totals"]["lines"], "lines of harness/wire")
'
