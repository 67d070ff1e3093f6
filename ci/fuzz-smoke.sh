#!/usr/bin/env bash
# Runs every fuzz target of the codec for a few seconds from its committed corpus, which it leaves as it is. Longer: ci/fuzz.sh.
# Usage: ci/fuzz-smoke.sh [SECONDS-PER-TARGET]
set -euo pipefail
FUZZ_UPPER=no FUZZ_FOUND='' exec "$(dirname "$0")/fuzz.sh" "${1:-4}" 2
