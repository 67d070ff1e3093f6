#!/usr/bin/env bash
# Mutation testing of the codec and the verdict code: every survivor is to be killed by a test or explained in
# harness/docs/mutants.md. Takes hours for everything, so it is run by hand and in slices. Needs cargo-mutants.
#
# Usage: ci/mutants.sh [FILE...]     for instance harness/wire/src/ber/reader.rs; all of .cargo/mutants.toml without
set -euo pipefail
cd "$(dirname "$0")/.."

files=("${@/#/--file=}")
packages=(iedassay-wire iedassay-engine)
case "${1:-}" in
  harness/wire/*) packages=(iedassay-wire) ;;
  harness/engine/*) packages=(iedassay-engine) ;;
esac
# Fewer cases of each property: a mutant that 32 cases do not find is one to look at.
export PROPTEST_CASES=${PROPTEST_CASES:-32}
for package in "${packages[@]}"; do
  tests=(--lib)
  [ "$package" = iedassay-wire ] && tests=(--lib --test roundtrip --test lower_layers --test vectors --test vectors_quirks)
  cargo mutants --package "$package" --jobs 1 --output target/mutants "${files[@]}" -- "${tests[@]}" || [ $? = 2 ]
  cat target/mutants/mutants.out/missed.txt
done
