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
# One that is missing, or that refuses a document, is told, and so is one whose code takes longer
# than LIMIT seconds (600) to check. All sides take turns, and the medians of ROUNDS turns (3) are
# printed, of the processor's time: other programs slow them all down. With ROUNDS=0 nothing is
# checked. Lines are those of rustfmt, for all. Everything is built below TMPDIR, in a directory
# that is removed at the end; GENERATOR is a program that was built before of the example `cost` of
# apifox-build.

set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
rounds=${ROUNDS:-3}
limit=${LIMIT:-600}
peers=${PEERS:-/tmp/peers}/bin
scratch=$(mktemp -d)
# Checked is the whole crate: with what was kept of the last time, the compiler would only see that
# nothing has changed.
export CARGO_INCREMENTAL=0
trap 'rm -rf "$scratch"' EXIT

skipped() { echo "SKIPPED $1: $2" >&2; }
median() { sort -n | awk '{ at[NR] = $1 } END { print at[int((NR + 1) / 2)] }'; }

# Seconds of the processor that a command takes, and its exit code. What it says is kept.
seconds() {
    local code=0
    TIMEFORMAT='%U %S'
    { time "$@" >"$scratch/log" 2>&1 || code=$?; } 2>"$scratch/time"
    awk '{ printf "%.2f\n", $1 + $2 }' "$scratch/time"
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
    grep -q ' lines' "$scratch/made" || return 1
    mv "$2"/src/*.rs "$2/src/api.rs"
    printf '#![allow(missing_docs, dead_code)]\npub mod api;\n' >"$2/src/lib.rs"
    cat >"$2/Cargo.toml" <<TOML
[package]
name = "ours"
version = "0.0.0"
edition = "2024"
[workspace]
[dependencies]
apifox-runtime = { path = "$root/crates/apifox-runtime" }
serde = "1"
serde_json = "1"
TOML
}

openapi_to_rust() {
    mkdir -p "$2/src"
    "$peers/openapi-to-rust" generate "$1" --output-dir "$2/src/generated" --quiet || return 1
    printf '#![allow(dead_code)]\npub mod generated;\n' >"$2/src/lib.rs"
    {
        printf '[package]\nname = "theirs"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n'
        # It says which dependencies its code needs, where there are any.
        if [ -f "$2/src/generated/REQUIRED_DEPS.toml" ]; then
            cat "$2/src/generated/REQUIRED_DEPS.toml"
        fi
    } >"$2/Cargo.toml"
}

progenitor() {
    "$peers/cargo-progenitor" progenitor -i "$1" -o "$2" -n theirs -v 0.0.0 || return 1
    printf '[workspace]\n' >>"$2/Cargo.toml"
}

# Checks a crate, unless that takes too long.
check() {
    (cd "$1" && timeout "$limit" cargo check -q) >"$scratch/log" 2>&1
}

# Time and memory of checking a crate whose dependencies are checked already.
checked() {
    (cd "$1" && touch src/lib.rs &&
        /usr/bin/time -f '%U %S %M' -o "$scratch/time" \
            timeout "$limit" cargo check -q >"$scratch/log" 2>&1) || return 1
    tail -1 "$scratch/time" | awk '{ printf "%.2f %d\n", $1 + $2, $3 }'
}

if [ -z "${GENERATOR:-}" ]; then
    cargo build -q --profile bench -p apifox-build --example cost \
        --manifest-path "$root/Cargo.toml"
    GENERATOR=${CARGO_TARGET_DIR:-$root/target}/release/examples/cost
fi
cp "$GENERATOR" "$scratch/generator"

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
        elif [ "$rounds" -gt 0 ] && ! check "$scratch/$side"; then
            error=$(grep -m1 '^error' "$scratch/log" || echo 'it takes too long')
            skipped "$side" "what it makes of $(basename "$file") is not checked: $error"
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
        if [ "$rounds" = 0 ]; then
            seconds "$side" "$file" "$scratch/again" >"$scratch/$side.generated"
            rm -rf "$scratch/again"
        fi
        time=$(awk '{ print $1 }' "$scratch/$side.checked" | median)
        memory=$(awk '{ print int($2 / 1000) }' "$scratch/$side.checked" | median)
        printf '| %s | %s | %s | %s | %s | %s |\n' "$(basename "$file")" "${side//_/-}" \
            "$(lines "$scratch/$side/src")" "$(median <"$scratch/$side.generated")" "$time" "$memory"
    done
    for side in "${sides[@]}"; do rm -rf "${scratch:?}/$side"; done
done
