#!/usr/bin/env bash
# Fuzzes a target for so many seconds, 600 without a number. An input that takes more than
# 10 seconds or 2 GiB ends the run, as a crash does.
#
#   fuzz/run.sh TARGET [SECONDS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=${1:?"which target: reply, page, document or schema?"}
[ -d "fuzz/corpus/$target" ] || fuzz/corpus.sh unpack "$target"
exec cargo +nightly fuzz run "$target" -- \
    -dict="fuzz/dictionaries/$target.dict" \
    -max_total_time="${2:-600}" -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=1024
