#!/usr/bin/env bash
# Compares what is generated of documents of OpenAPI with what its peers generate: lines, the
# time that generating takes, and time and memory of `cargo check` of the result.
#
#   benches/peers/run.sh FILE...
#
# The peers are openapi-to-rust and progenitor, as they are installed below PEERS:
#
#   cargo install openapi-to-rust --version 0.23.0 --locked --root "$PEERS"
#   cargo install cargo-progenitor --version 0.15.0 --locked --root "$PEERS"
#
# One that is missing, or that refuses a document, is told. All sides take turns, and the medians
# of ROUNDS turns (3) are printed: other programs slow them all down. Lines are those of rustfmt,
# for all. Everything is built below TMPDIR, in a directory that is removed at the end.

set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
rounds=${ROUNDS:-3}
peers=${PEERS:-/tmp/peers}/bin
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

skipped() { echo "SKIPPED $1: $2" >&2; }
median() { sort -n | awk '{ at[NR] = $1 } END { print at[int((NR + 1) / 2)] }'; }

# Seconds that a command takes, and its exit code. What it says is kept.
seconds() {
    local start end code=0
    start=$(date +%s.%N)
    "$@" >"$scratch/log" 2>&1 || code=$?
    end=$(date +%s.%N)
    awk "BEGIN { printf \"%.2f\\n\", $end - $start }"
    return $code
}

# Lines of Rust, as rustfmt breaks them.
lines() {
    find "$1" -name '*.rs' -print0 | xargs -0 rustfmt --edition 2024 --config skip_children=true \
        >/dev/null 2>&1 || true
    find "$1" -name '*.rs' -print0 | xargs -0 cat | wc -l
}

# Each makes a crate in $2 of the document $1.
ours() {
    mkdir -p "$2/src"
    OUT=$2/src "$scratch/generator" "$1" >"$scratch/made"
    grep -q ' lines' "$scratch/made"
    mv "$2"/src/*.rs "$2/src/api.rs"
    printf '#![allow(missing_docs, dead_code)]\npub mod api;\n' >"$2/src/lib.rs"
    cat >"$2/Cargo.toml" <<TOML
[package]
name = "ours"
version = "0.0.0"
edition = "2024"
[workspace]
[dependencies]
apifox-client = { path = "$root/crates/apifox-client" }
apifox-runtime = { path = "$root/crates/apifox-runtime" }
serde = "1"
serde_json = "1"
TOML
}

openapi_to_rust() {
    mkdir -p "$2/src"
    "$peers/openapi-to-rust" generate "$1" --output-dir "$2/src/generated" --quiet
    printf '#![allow(dead_code)]\npub mod generated;\n' >"$2/src/lib.rs"
    {
        printf '[package]\nname = "theirs"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n'
        # It says which dependencies its code needs.
        cat "$2/src/generated/REQUIRED_DEPS.toml"
    } >"$2/Cargo.toml"
}

progenitor() {
    "$peers/cargo-progenitor" progenitor -i "$1" -o "$2" -n theirs -v 0.0.0
    printf '[workspace]\n' >>"$2/Cargo.toml"
}

# Time and memory of checking a crate whose dependencies are checked already.
checked() {
    (cd "$1" && touch src/lib.rs &&
        /usr/bin/time -f '%e %M' -o "$scratch/time" cargo check -q >"$scratch/log" 2>&1) || return 1
    tail -1 "$scratch/time"
}

cargo build -q --profile bench -p apifox-build --example cost --manifest-path "$root/Cargo.toml"
cp "${CARGO_TARGET_DIR:-$root/target}/release/examples/cost" "$scratch/generator"

echo '| Document | By | Lines | Generating, s | `cargo check`, s | Memory, MB |'
echo '|---|---|---|---|---|---|'
for file in "$@"; do
    file=$(realpath "$file")
    sides=()
    for side in ours openapi_to_rust progenitor; do
        case $side in
        openapi_to_rust) program=openapi-to-rust ;;
        progenitor) program=cargo-progenitor ;;
        *) program= ;;
        esac
        if [ -n "$program" ] && [ ! -x "$peers/$program" ]; then
            skipped "$side" "it is not installed below $peers"
        elif ! "$side" "$file" "$scratch/$side" >"$scratch/log" 2>&1; then
            skipped "$side" "it refuses $(basename "$file"): $(tail -1 "$scratch/log")"
        elif ! (cd "$scratch/$side" && cargo check -q) >"$scratch/log" 2>&1; then
            error=$(grep -m1 '^error' "$scratch/log" || true)
            skipped "$side" "what it makes of $(basename "$file") does not compile: $error"
        else
            sides+=("$side")
            : >"$scratch/$side.generated" >"$scratch/$side.checked"
        fi
    done
    for _ in $(seq "$rounds"); do
        for side in "${sides[@]}"; do
            seconds "$side" "$file" "$scratch/again" >>"$scratch/$side.generated"
            rm -rf "$scratch/again"
            checked "$scratch/$side" >>"$scratch/$side.checked"
        done
    done
    for side in "${sides[@]}"; do
        time=$(awk '{ print $1 }' "$scratch/$side.checked" | median)
        memory=$(awk '{ print int($2 / 1000) }' "$scratch/$side.checked" | median)
        printf '| %s | %s | %s | %s | %s | %s |\n' "$(basename "$file")" "${side//_/-}" \
            "$(lines "$scratch/$side/src")" "$(median <"$scratch/$side.generated")" "$time" "$memory"
    done
    for side in "${sides[@]}"; do rm -rf "${scratch:?}/$side"; done
done
