#!/usr/bin/env bash
# The corpus of a fuzz target: one archive in the repository, a folder while fuzzing.
#
#   fuzz/corpus.sh unpack TARGET    corpus/TARGET.tar.gz → corpus/TARGET/
#   fuzz/corpus.sh pack TARGET      corpus/TARGET/ → corpus/TARGET.tar.gz
#
# The same files always give the same archive (with GNU tar), whoever packs them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/corpus"

usage() {
    sed -n '2,5s/^# \{0,1\}//p' "../${BASH_SOURCE[0]##*/}" >&2
    exit 2
}

[ $# -eq 2 ] || usage
target=${2%/}
case $1 in
unpack)
    mkdir -p "$target"
    tar -xzf "$target.tar.gz" -C "$target"
    ;;
pack)
    cd "$target"
    find . -type f -printf '%P\0' | LC_ALL=C sort -z |
        tar --format=ustar --mtime=@0 --mode=0644 --owner=0 --group=0 --numeric-owner \
            --null --verbatim-files-from -T - -cf - |
        gzip -9n >"../$target.tar.gz"
    ;;
*) usage ;;
esac
