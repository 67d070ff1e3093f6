#!/bin/bash -eu
# Builds every fuzz target with its corpus and dictionary, as ClusterFuzzLite and OSS-Fuzz expect them in $OUT.
cd "$SRC/iedassay/fuzz"
cargo fuzz build -O --debug-assertions
release=target/x86_64-unknown-linux-gnu/release
for source in fuzz_targets/*.rs; do
  target=$(basename "$source" .rs)
  case $target in
    capture) dict=capture max_len=2048 ;;
    scl) dict=scl max_len=16384 ;;
    suite | target) dict=yaml max_len=8192 ;;
    *) dict=ber max_len=4096 ;;
  esac
  cp "$release/$target" "$OUT/"
  cp "dict/$dict.dict" "$OUT/$target.dict"
  printf '[libfuzzer]\nmax_len = %s\n' "$max_len" >"$OUT/$target.options"
  zip -q -j "$OUT/${target}_seed_corpus.zip" "corpus/$target"/*
  # Past crashes are seeds too: what was broken once is near to what breaks next.
  [ ! -d "regressions/$target" ] || zip -q -j "$OUT/${target}_seed_corpus.zip" "regressions/$target"/*
done
