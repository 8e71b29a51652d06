#!/usr/bin/env bash
# Measures builds and whole processes, ours against what one would use instead.
#
#   benches/builds.sh            every row
#   benches/builds.sh cold size  these rows only
#
# Rows:
#   cold         a new crate that depends on inkstone, against async-openai
#   client       a new crate with a client of one small document, against progenitor's
#   changed      a build after one document changed, against typify in build.rs
#   generated    compiling what was generated, against typify's code
#   more         what one more operation costs, and one more document
#   start        `inkstone models`
#   size         the stripped program
#   generations  pictures made and saved, against bare reqwest
#   batch        the same by `inkstone batch`, against bare reqwest that waits for the disk
#   check        `inkstone check` of 100,000 requests, against reading them into `Value`
#
# Both sides take turns, and the medians of their ratios are printed: other
# programs slow both down. ROUNDS says how many turns each row gets (3),
# GENERATIONS how many pictures are made a turn (10000), AT_ONCE how many at a
# time (256), OPERATIONS how many operations are compiled (100). Everything is
# built in a directory of its own below TMPDIR, which is removed at the end. It
# needs bash, cargo and a registry; what can't be measured is said.

set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
rounds=${ROUNDS:-3}
generations=${GENERATIONS:-10000}
at_once=${AT_ONCE:-256}
operations=${OPERATIONS:-100}
scratch=$(mktemp -d)
sandbox=
trap 'if [ -n "$sandbox" ]; then kill "$sandbox" 2>/dev/null || true; fi; rm -rf "$scratch"' EXIT

# Seconds that a command takes; what it says is shown only when it fails.
seconds() {
    local start end
    start=$(date +%s.%N)
    "$@" >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; return 1; }
    end=$(date +%s.%N)
    awk "BEGIN { printf \"%.4f\", $end - $start }"
}

median() { sort -n | awk '{ at[NR] = $1 } END { print at[int((NR + 1) / 2)] }'; }
ratio() { awk "BEGIN { printf \"%.3f\n\", $1 / $2 }"; }
row() { printf '| %s | %s | %s | %s |\n' "$@"; }
skipped() { echo "SKIPPED $1: $2" >&2; }

# A crate with the dependencies on standard input, in versions that we use too.
new_crate() {
    mkdir -p "$scratch/$1/src"
    cp Cargo.lock "$scratch/$1/"
    {
        printf '[package]\nname = "%s"\nedition = "2024"\n[workspace]\n' "$1"
        cat
    } >"$scratch/$1/Cargo.toml"
    : >"$scratch/$1/src/lib.rs"
    (cd "$scratch/$1" && cargo fetch -q)
}

build() { (cd "$scratch/$1" && cargo build -q "${@:2}"); }

# ---- a crate that depends on inkstone, from nothing ----

cold() {
    new_crate with-inkstone <<TOML
[dependencies]
inkstone = { path = "$root" }
TOML
    if ! new_crate with-async-openai <<TOML
[dependencies]
async-openai = { version = "=0.43.0", default-features = false, features = ["rustls", "image"] }
TOML
    then
        skipped cold "async-openai can't be fetched"
        return
    fi
    for _ in $(seq "$rounds"); do
        rm -rf "$scratch"/with-*/target
        ours=$(seconds build with-inkstone)
        peer=$(seconds build with-async-openai)
        ratio "$ours" "$peer"
    done >"$scratch/ratios"
    row 'cold build of a crate that depends on it' 'async-openai 0.43 (`rustls`, `image`)' \
        '≤ 0.7 ×' "$(median <"$scratch/ratios") ×"
    row '… crates to compile' 'the same' '≤ 100' \
        "$(crates with-inkstone) to $(crates with-async-openai)"
    rm -rf "$scratch"/with-*/target
}

crates() {
    (cd "$scratch/$1" && cargo tree -q -e normal,build --prefix none | sed 's/ (.*//' | sort -u | wc -l)
}

# Has a crate generate types of its documents by apifox-build.
generates_with_ours() {
    cat >"$scratch/$1/build.rs" <<'RUST'
fn main() {
    let report = apifox_build::Builder::new("schemas").write("generated.rs");
    println!("{}", report.expect("documents"));
}
RUST
}

# A crate with the types of its documents, and no client.
new_crate_of_types() {
    new_crate "$1" <<TOML
[dependencies]
apifox-runtime = { path = "$root/crates/apifox-runtime" }
serde = { version = "1", default-features = false }
serde_json = "1"
[build-dependencies]
apifox-build = { path = "$root/crates/apifox-build" }
TOML
    generates_with_ours "$1"
}

# ---- a client of anyone's API, from nothing ----

client() {
    new_crate client-of-ours <<TOML
[dependencies]
apifox-client = { path = "$root/crates/apifox-client" }
apifox-runtime = { path = "$root/crates/apifox-runtime" }
serde = { version = "1", default-features = false }
serde_json = "1"
[build-dependencies]
apifox-build = { path = "$root/crates/apifox-build" }
TOML
    generates_with_ours client-of-ours
    # As progenitor's README has it, but for its macro, which is not used.
    if ! new_crate client-of-progenitor <<TOML
[dependencies]
bytes = "1"
chrono = { version = "0.4", features = ["serde"] }
futures-core = "0.3"
progenitor-client = "=0.15.1"
percent-encoding = "2"
regress = "0.12"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "rustls", "stream"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
serde_urlencoded = "0.7"
uuid = { version = "1", features = ["serde"] }
[build-dependencies]
openapiv3 = "2"
prettyplease = "0.2"
progenitor = { version = "=0.15.1", default-features = false }
serde_json = "1"
syn = "2"
TOML
    then
        skipped client "progenitor can't be fetched"
        return
    fi
    cp benches/builds/progenitor.rs "$scratch/client-of-progenitor/build.rs"
    for side in ours progenitor; do
        mkdir "$scratch/client-of-$side/schemas"
        cp benches/documents/shop.json "$scratch/client-of-$side/schemas/"
        echo 'include!(concat!(env!("OUT_DIR"), "/generated.rs"));' \
            >"$scratch/client-of-$side/src/lib.rs"
    done
    for _ in $(seq "$rounds"); do
        rm -rf "$scratch"/client-of-*/target
        ours=$(seconds build client-of-ours)
        peer=$(seconds build client-of-progenitor)
        ratio "$ours" "$peer"
    done >"$scratch/ratios"
    row 'cold build of a client of one small document' 'progenitor 0.15' '≤ 0.9 ×' \
        "$(median <"$scratch/ratios") ×"
    row '… crates to compile' 'the same' '' \
        "$(crates client-of-ours) to $(crates client-of-progenitor)"
    rm -rf "$scratch"/client-of-*/target
}

# ---- one document changed ----

changed() {
    new_crate_of_types by-apifox
    new_crate by-typify <<TOML
[dependencies]
regress = "0.12"
serde = { version = "1", features = ["derive"] }
serde_json = "1"
[build-dependencies]
prettyplease = "0.3"
schemars = "0.8"
serde_json = "1"
syn = { version = "3", default-features = false, features = ["full", "parsing"] }
typify = { version = "0.8", default-features = false }
TOML
    cp benches/builds/typify.rs "$scratch/by-typify/build.rs"
    cp -r schemas "$scratch/by-apifox/"
    echo 'include!(concat!(env!("OUT_DIR"), "/generated.rs"));' |
        tee "$scratch/by-apifox/src/lib.rs" >"$scratch/by-typify/src/lib.rs"
    build by-apifox
    # What typify is given: the documents as corrected.
    corrected=$(find "$scratch/by-apifox/target" -path '*/out/generated.rs+documents' -type d | head -n 1)
    cp -r "$corrected" "$scratch/documents"
    for crate in by-apifox by-typify; do
        rm -rf "$scratch/$crate/schemas"
        cp -r "$scratch/documents" "$scratch/$crate/schemas"
    done
    build by-typify
    # Both get what typify takes.
    find "$scratch/by-typify/target" -path '*/out/refused' -exec cat {} + >"$scratch/refused"
    for crate in by-apifox by-typify; do
        (cd "$scratch/$crate" && xargs rm -f <"$scratch/refused")
        build $crate
    done
    local taken
    taken=$(find "$scratch/by-typify/schemas" -name '*.json' | wc -l)
    for round in $(seq "$rounds"); do
        for crate in by-apifox by-typify; do
            sed -i "s/\"watermark\": {/&\"x-round\": $round,/" "$scratch/$crate/schemas/gateway/qwen-image-max.json"
        done
        ours=$(seconds build by-apifox)
        peer=$(seconds build by-typify)
        ratio "$ours" "$peer"
    done >"$scratch/ratios"
    row "build after one document of $taken changed" 'typify in build.rs' '≤ 0.8 ×' \
        "$(median <"$scratch/ratios") ×"
}

# ---- one more operation, one more document ----

# The same client of 100 operations in a document, of 200, and of 100 in ten documents.
more() {
    local crate document profile
    for crate in more-100 more-200 more-documents; do
        new_crate_of_types $crate
        echo 'include!(concat!(env!("OUT_DIR"), "/generated.rs"));' >"$scratch/$crate/src/lib.rs"
        mkdir "$scratch/$crate/schemas"
    done
    code document 100 >"$scratch/more-100/schemas/shop.json"
    code document 200 >"$scratch/more-200/schemas/shop.json"
    for document in $(seq 10); do
        code document 10 >"$scratch/more-documents/schemas/shop-$document.json"
    done
    # What each takes by itself: a change of the build script has all of it made anew.
    export CARGO_INCREMENTAL=0
    for profile in dev release; do
        for crate in more-100 more-200 more-documents; do build $crate --profile $profile; done
        for _ in $(seq "$rounds"); do
            for crate in more-100 more-200 more-documents; do
                echo "// $RANDOM" >>"$scratch/$crate/build.rs"
                seconds build $crate --profile $profile
                echo " $crate"
            done
        done >"$scratch/more-$profile"
    done
    unset CARGO_INCREMENTAL
    lines() { find "$scratch/$1/target/debug" -name 'generated.rs*' ! -name '*.kept' -exec cat {} + | wc -l; }
    took() { awk -v crate="$2" '$2 == crate { print $1 }' "$scratch/more-$1" | median; }
    # What each of so many more costs in a profile, in milliseconds.
    each() {
        awk "BEGIN { printf \"%.0f ms\", 1000 * ($(took "$1" "$2") - $(took "$1" more-100)) / $3 }"
    }
    local what count
    while read -r what crate count; do
        row "one more $what: a build, and optimised" '–' '' \
            "$(each dev "$crate" "$count"), $(each release "$crate" "$count")"
        row '… its lines' '–' '' $((($(lines "$crate") - $(lines more-100)) / count))
    done <<<'operation more-200 100
document more-documents 9'
}

# The code of as many operations, or their document.
code() { cargo run -q --profile bench -p inkstone-bench --example code -- "$1" "$2"; }

# ---- compiling what was generated ----

generated() {
    new_crate code-of-ours <<TOML
[dependencies]
apifox-runtime = { path = "$root/crates/apifox-runtime" }
serde = { version = "1", default-features = false }
serde_json = "1"
TOML
    new_crate code-of-typify <<TOML
[dependencies]
regress = "0.12"
serde = { version = "1", features = ["derive"] }
serde_json = "1"
TOML
    code inkstone "$operations" >"$scratch/code-of-ours/src/lib.rs"
    code typify "$operations" >"$scratch/code-of-typify/src/lib.rs"
    export CARGO_INCREMENTAL=0
    for profile in dev release; do
        build code-of-ours --profile $profile
        build code-of-typify --profile $profile
        for _ in $(seq "$rounds"); do
            touch "$scratch"/code-of-*/src/lib.rs
            ours=$(seconds build code-of-ours --profile $profile)
            peer=$(seconds build code-of-typify --profile $profile)
            ratio "$ours" "$peer"
        done >"$scratch/ratios"
        row "compiling the code of $operations operations, $profile" "typify's code" '≤ 1.2 ×' \
            "$(median <"$scratch/ratios") ×"
    done
    unset CARGO_INCREMENTAL
    lines() { wc -l <"$scratch/code-of-$1/src/lib.rs"; }
    row '… its lines' 'the same' '' "$(ratio "$(lines ours)" "$(lines typify)") ×"
}

# ---- the program ----

program() {
    cargo build -q --release -p inkstone-cli --features full
    program=$(cargo metadata -q --no-deps --format-version 1 |
        sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/release/inkstone
}

start() {
    program
    for _ in $(seq 30); do
        seconds "$program" models && echo
    done >"$scratch/times"
    row '`inkstone models`, a new process' '–' '≤ 10 ms' \
        "$(median <"$scratch/times" | awk '{ printf "%.1f ms", $1 * 1000 }')"
}

size() {
    program
    row 'the program, stripped' '–' '≤ 14 MiB' \
        "$(wc -c <"$program" | awk '{ printf "%.1f MiB", $1 / 1048576 }')"
}

# ---- pictures ----

generations() {
    program
    cargo build -q --profile bench -p inkstone-bench --example generations
    local client=${program%/*}/examples/generations
    "$program" sandbox --tiny --port 0 >"$scratch/url" 2>/dev/null &
    sandbox=$!
    until [ -s "$scratch/url" ]; do sleep 0.1; done
    turn() {
        rm -rf "$scratch/pictures"
        "$client" "$1" "$(cat "$scratch/url")" "$generations" "$at_once" "$scratch/pictures"
    }
    : >"$scratch/memories"
    for _ in $(seq "$rounds"); do
        read -r our_time our_memory < <(turn inkstone)
        read -r peer_time peer_memory < <(turn reqwest)
        ratio "$peer_time" "$our_time"
        if [ "$our_memory" != unknown ]; then
            ratio "$our_memory" "$peer_memory" >>"$scratch/memories"
        fi
    done >"$scratch/ratios"
    row "$generations generations, $at_once at a time: throughput" 'bare reqwest' '≥ 1.0 ×' \
        "$(median <"$scratch/ratios") ×"
    if [ -s "$scratch/memories" ]; then
        row '… memory' 'bare reqwest' '≤ 1.2 ×' "$(median <"$scratch/memories") ×"
    else
        skipped '… memory' 'there is no /proc here'
    fi
    kill "$sandbox"
    sandbox=
}

check() {
    program
    cargo build -q --profile bench -p inkstone-bench --example values
    local file=$scratch/requests.jsonl
    seq 100000 | awk '{
        printf "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"a ginger cat number %d on a windowsill, soft light\",", $1
        printf "\"n\":%d,\"size\":\"1024x1024\",\"seed\":%d,\"watermark\":false}\n", 1 + $1 % 4, $1
    }' >"$file"
    for _ in $(seq 11); do
        ours=$(seconds "$program" check "$file")
        peer=$(seconds "${program%/*}/examples/values" "$file")
        ratio "$peer" "$ours"
    done >"$scratch/ratios"
    row '`inkstone check` of 100,000 requests: speed' 'reading them into `Value` alone' '≥ 0.5 ×' \
        "$(median <"$scratch/ratios") ×"
}

batch() {
    program
    cargo build -q --profile bench -p inkstone-bench --example generations
    local client=${program%/*}/examples/generations
    "$program" sandbox --tiny --port 0 >"$scratch/url" 2>/dev/null &
    sandbox=$!
    until [ -s "$scratch/url" ]; do sleep 0.1; done
    local url jobs=$scratch/jobs.jsonl
    url=$(head -n 1 "$scratch/url")
    seq "$generations" | awk '{
        printf "{\"id\":\"%d\",\"model\":\"wan2.7-image-pro\",\"prompt\":\"picture %d\",\"n\":1}\n", $1, $1
    }' >"$jobs"
    for turn in $(seq "$rounds"); do
        ours=$(INKSTONE_API_KEY=any seconds "$program" batch "$jobs" --base-url "$url" \
            --concurrency "$at_once" --out "$scratch/batch-$turn")
        read -r peer _ < <("$client" reqwest-synced "$url" "$generations" "$at_once" \
            "$scratch/bare-$turn")
        awk "BEGIN { printf \"%.0f\n\", $generations / $ours }" >>"$scratch/rates"
        ratio "$peer" "$ours"
    done >"$scratch/ratios"
    row "a batch of $generations, $at_once at a time: throughput" \
        'bare reqwest that waits for the disk' '≥ 0.9 ×' "$(median <"$scratch/ratios") ×"
    row '… jobs a second' '–' '≥ 2,000' "$(median <"$scratch/rates")"
    kill "$sandbox"
    sandbox=
}

if [ $# -eq 0 ]; then set -- cold client changed generated more start size generations batch check; fi
row What Against Wanted Measured
row --- --- --- ---
for wanted in "$@"; do
    case $wanted in
    cold | client | changed | generated | more | start | size | generations | batch | check) "$wanted" ;;
    *) echo "there is no row $wanted; see the beginning of $0" >&2; exit 2 ;;
    esac
done
