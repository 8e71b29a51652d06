#!/usr/bin/env bash
# Reviews the API documents that differ between two commits: lints each as it is now, and
# compares it with what it was.
#
#   action/review.sh BASE DIRECTORY [PATH…]
#
# BASE is the commit or tree to compare with; PATHs limit it to some folders or files. DIRECTORY
# gets review.sarif (for code scanning) and review.md (for a comment). INKSTONE names the
# program. Prints `errors`, `breaking` and `documents`, each with its number; exits with 0
# whatever they are, and with another status where it could not review.
set -euo pipefail

base=$1 directory=$2
shift 2
program=${INKSTONE:-inkstone}
mkdir -p "$directory"
before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT

# A name as code in Markdown, whatever is in it: a file may have a heading as its name.
code() {
    local text=${1//[[:cntrl:]]/ } ticks='`'
    while [[ $text == *"$ticks"* ]]; do ticks+='`'; done
    case $ticks in
    '`') printf '`%s`' "$text" ;;
    *) printf '%s %s %s' "$ticks" "$text" "$ticks" ;;
    esac
}

# The link that a document is, or a correction beside it. What it leads to may be no part of
# the repository, and would be shown.
link() {
    local file
    for file in "$1" "${1%.*}".*.patch.json; do
        if [ -L "$file" ]; then printf '%s' "$file" && return; fi
    done
    return 1
}

# What changed in a document; exits with 1 where that breaks callers.
compare() {
    if [ -e "$before/$1" ]; then
        "$program" schema diff --format markdown --fail-on breaking -- "$before/$1" "$1"
    else
        echo 'This document is new.'
    fi
}

# The folders as they were, since a document's corrections lie beside it; without links.
git archive "$base" | tar -x -C "$before"
find "$before" -type l -delete

# What changed, and the documents beside whose corrections something changed.
declare -A documents=()
deleted=()
while IFS= read -r -d '' status && IFS= read -r -d '' path; do
    case ${path##*/} in
    *.patch.json)
        for document in "${path%.*.patch.json}".{json,yaml,yml,md,txt}; do
            if [ -e "$document" ]; then documents[$document]=1; fi
        done
        ;;
    _*) ;; # beside documents, not one itself
    *.json | *.yaml | *.yml | *.md | *.txt)
        if [ "$status" = D ]; then deleted+=("$path"); else documents[$path]=1; fi
        ;;
    esac
done < <(git diff --name-status --no-renames -z "$base" -- "$@")
mapfile -d '' -t paths < <(printf '%s\0' "${!documents[@]}" | sort -z)

errors=0 breaking=0 reviewed=0
sarifs=()
{
    echo '## Review of API documents'
    echo
    for path in "${deleted[@]}"; do
        printf -- '- %s was removed\n' "$(code "$path")"
    done
} >"$directory/review.md"

for path in "${paths[@]}"; do
    [ -n "$path" ] || continue
    if found=$(link "$path"); then
        printf '### %s\n\nNot reviewed: %s is a symbolic link.\n\n' \
            "$(code "$path")" "$(code "$found")" >>"$directory/review.md"
        continue
    fi
    sarif=$directory/$reviewed.sarif
    status=0
    "$program" schema lint --format sarif -- "$path" >"$sarif" 2>"$sarif.log" || status=$?
    if [ ! -s "$sarif" ]; then
        case $path in
        # Most Markdown and text is about something else.
        *.md | *.txt) rm "$sarif" "$sarif.log" && continue ;;
        esac
        # A line of its own could be a command to the runner.
        sed 's/^/| /' "$sarif.log" >&2
        exit 1
    fi
    if [ "$status" -ne 0 ]; then errors=$((errors + 1)); fi
    reviewed=$((reviewed + 1))
    rm "$sarif.log"
    sarifs+=("$sarif")
    printf '### %s\n\n' "$(code "$path")" >>"$directory/review.md"
    compare "$path" >>"$directory/review.md" 2>"$directory/log" || case $? in
    1) breaking=$((breaking + 1)) ;;
    *) tr '\r' ' ' <"$directory/log" | sed 's/^/    /' >>"$directory/review.md" ;;
    esac
    echo >>"$directory/review.md"
    rm -f "$directory/log"
done

# Code scanning takes one run of a tool at a time.
if [ ${#sarifs[@]} -gt 0 ]; then
    jq -s '.[0] + {runs: [.[0].runs[0] + {results: (map(.runs[0].results) | add)}]}' \
        "${sarifs[@]}" >"$directory/review.sarif"
    rm "${sarifs[@]}"
fi
printf 'errors=%s\nbreaking=%s\ndocuments=%s\n' "$errors" "$breaking" "$reviewed"
