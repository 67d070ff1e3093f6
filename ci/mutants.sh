#!/usr/bin/env bash
# Mutation testing of the codec and the verdict code: every survivor is to be killed by a test or explained in
# harness/docs/mutants.md. Builds each mutant by itself, which takes hours for everything: ci/mutants.py builds them all at once, and this
# is for what it cannot do. Needs cargo-mutants (cargo install cargo-mutants --locked).
#
# The unit tests are asked first, because they alone are built within seconds; what they miss of `wire` is asked again of the
# properties and vectors. Prints what both miss, and the sums of both passes on stderr.
#
# Usage: ci/mutants.sh [--only FILE] [GLOB...]     for instance 'harness/wire/src/ber/*.rs'; the whole codec and verdict code without;
#                                                  FILE has the names of the mutants to try, as ci/mutants.py leaves them (cargo-mutants
#                                                  27.1 tries fields of structs beside them, whatever the names)
set -euo pipefail
cd "$(dirname "$0")/.."

# Names as one expression that finds them and nothing else.
named() { sed 's/[][\.*^$+?(){}|/]/\\&/g; s/^/^/; s/$/$/' "$1" | paste -sd'|'; }
only=()
if [ "${1:-}" = --only ]; then
  only=(--re "$(named "$2")")
  shift 2
fi
[ $# -gt 0 ] || set -- 'harness/wire/src/**/*.rs' harness/engine/src/verdict.rs 'harness/engine/src/expect/*.rs'
# Fewer cases of each property: a mutant that 32 cases do not find is one to look at.
export PROPTEST_CASES=${PROPTEST_CASES:-32}
# Nobody debugs a mutant.
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0
out=target/mutants

# pass NAME PACKAGE OPTION... -- TEST-OPTION...: asks these tests. They are named to the building too, which takes
# all tests of the package otherwise.
pass() {
  local name=$1 package=$2 options=() tests=()
  shift 2
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  for option; do tests+=("--cargo-arg=$option"); done
  mkdir -p "$out/$name"
  # 2 and 3 say that mutants were missed, or ran out of time.
  cargo mutants --package "$package" --jobs 1 --timeout "${MUTANT_SECONDS:-30}" --output "$out/$name" "${options[@]}" "${tests[@]}" >&2 ||
    case $? in 2 | 3) ;; *) return 1 ;; esac
}

for glob; do
  case $glob in
    harness/wire/*) package=iedassay-wire ;;
    harness/engine/*) package=iedassay-engine ;;
    *) echo "no code to mutate: $glob" >&2; exit 2 ;;
  esac
  pass unit "$package" --file "$glob" "${only[@]}" -- --lib
  missed=$out/unit/mutants.out/missed.txt
  if [ "$package" = iedassay-wire ] && [ -s "$missed" ]; then
    pass all "$package" --file "$glob" --re "$(named "$missed")" -- --test roundtrip --test lower_layers --test vectors --test vectors_quirks \
      --test depth --test invoke_ids --test values --test lower_details --test explained --test mutated
    missed=$out/all/mutants.out/missed.txt
  fi
  cat "$missed"
done
