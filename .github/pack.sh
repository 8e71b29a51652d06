#!/usr/bin/env bash
# Packs what `cargo build --release --target TARGET` made of the program, with its manual
# pages, completions and licences, into dist/.
#
#   .github/pack.sh TARGET VERSION
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=$1 version=$2
name=inkstone-$version-$target
folder=dist/$name
suffix=
case $target in *windows*) suffix=.exe ;; esac
program=target/$target/release/inkstone$suffix

rm -rf "$folder"
mkdir -p "$folder/man" "$folder/completions"
cp "$program" README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT "$folder"
# The program describes itself, wherever it runs on the machine that builds it.
"$program" man --into "$folder/man"
for shell in bash elvish fish powershell zsh; do
    "$program" completions "$shell" >"$folder/completions/inkstone.$shell"
done
# What it is made of, as CycloneDX has it.
cargo tree --locked --package inkstone-cli --features full --edges normal,build --target "$target" \
    --prefix none --format '{p}|{l}' | grep -v '(/' | sort -u |
    jq -nR --arg version "$version" '{
        bomFormat: "CycloneDX", specVersion: "1.5", version: 1,
        metadata: {component: {type: "application", name: "inkstone", version: $version}},
        components: [inputs
            | capture("^(?<name>[^ ]+) v(?<version>[^ |]+)[^|]*\\|(?<license>.*)$")
            | {type: "library", name, version, purl: "pkg:cargo/\(.name)@\(.version)",
               licenses: [{expression: .license}]}]
        | unique_by(.purl)
    }' >"dist/$name.cdx.json"
case $target in
*windows*) (cd dist && 7z a -bso0 "$name.zip" "$name") ;;
*) tar -C dist -czf "dist/$name.tar.gz" "$name" ;;
esac
rm -rf "$folder"
