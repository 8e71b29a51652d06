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
before=$(mktemp -d) nothing=$(mktemp -d)
trap 'rm -rf "$before" "$nothing"' EXIT
# What a document that was removed is compared with: no operation, and a schema of no value.
echo '{"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {}}' >"$nothing/api.json"
echo false >"$nothing/schema.json"

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

# What changed from one document to another; exits with 1 where that breaks callers.
changes() {
    "$program" schema diff --format markdown --fail-on breaking -- "$1" "$2"
}

# What changed in a document.
compare() {
    local was=${moved[$1]:-$1}
    if [ ! -e "$before/$was" ]; then
        echo 'This document is new.'
        return
    fi
    if [ "$was" != "$1" ]; then printf 'This document was %s.\n\n' "$(code "$was")"; fi
    changes "$before/$was" "$1"
}

# What callers lose with a document as it was; exits with neither 0 nor 1 where it was none.
lose() {
    [ -e "$before/$1" ] || return 3
    local status=0
    changes "$before/$1" "$nothing/api.json" || status=$?
    if [ "$status" -lt 2 ]; then return "$status"; fi
    # A schema has to be compared with one.
    changes "$before/$1" "$nothing/schema.json"
}

# A log as code in Markdown.
logged() {
    tr '\r' ' ' <"$1" | sed 's/^/    /'
}

# The finding that a document can't be read, by what the program said of it.
unreadable() {
    jq -n --arg path "$1" --rawfile log "$2" '{
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0",
        runs: [{
            tool: {driver: {name: "inkstone", rules: [{
                id: "unreadable", shortDescription: {text: "A document can'"'"'t be read."},
                defaultConfiguration: {level: "error"}
            }]}},
            results: [{
                ruleId: "unreadable", level: "error", message: {text: $log},
                locations: [{physicalLocation: {artifactLocation: {
                    uri: ($path | split("/") | map(@uri) | join("/"))
                }}}]
            }]
        }]
    }'
}

# The folders as they were, since a document's corrections lie beside it; without links.
git archive "$base" | tar -x -C "$before"
find "$before" -type l -delete

# What changed, and the documents beside whose corrections something changed.
declare -A documents=() moved=()
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
printf '## Review of API documents\n\n' >"$directory/review.md"
others=0
for path in "${deleted[@]}"; do
    # The same in another format is no other document.
    for document in "${path%.*}".{json,yaml,yml,md,txt}; do
        if [ -n "${documents[$document]:-}" ] && [ ! -e "$before/$document" ]; then
            moved[$document]=$path
            continue 2
        fi
    done
    status=0
    lose "$path" >"$directory/lost" 2>/dev/null || status=$?
    if [ "$status" -lt 2 ]; then
        breaking=$((breaking + status))
        {
            printf '### %s\n\nThis document was removed.\n\n' "$(code "$path")"
            cat "$directory/lost"
            echo
        } >>"$directory/removed"
    else
        others=$((others + 1))
        printf -- '- %s was removed\n' "$(code "$path")" >>"$directory/review.md"
    fi
done
if [ "$others" -gt 0 ]; then echo >>"$directory/review.md"; fi
if [ -e "$directory/removed" ]; then cat "$directory/removed" >>"$directory/review.md"; fi
rm -f "$directory/lost" "$directory/removed"

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
        was=0
        lose "${moved[$path]:-$path}" >/dev/null 2>&1 || was=$?
        case $path in
        # Most Markdown and text is about something else, and was before.
        *.md | *.txt) if [ "$was" -gt 1 ]; then rm "$sarif" "$sarif.log" && continue; fi ;;
        esac
        # 3 is of what is wrong with a document.
        if [ "$status" -ne 3 ]; then
            # A line of its own could be a command to the runner.
            sed 's/^/| /' "$sarif.log" >&2
            exit 1
        fi
        unreadable "$path" "$sarif.log" >"$sarif"
        {
            printf "### %s\n\nThis can't be read:\n\n" "$(code "$path")"
            logged "$sarif.log"
            echo
        } >>"$directory/review.md"
        errors=$((errors + 1)) reviewed=$((reviewed + 1))
        rm "$sarif.log"
        sarifs+=("$sarif")
        continue
    fi
    if [ "$status" -ne 0 ]; then errors=$((errors + 1)); fi
    reviewed=$((reviewed + 1))
    rm "$sarif.log"
    sarifs+=("$sarif")
    printf '### %s\n\n' "$(code "$path")" >>"$directory/review.md"
    compare "$path" >>"$directory/review.md" 2>"$directory/log" || case $? in
    1) breaking=$((breaking + 1)) ;;
    *) logged "$directory/log" >>"$directory/review.md" ;;
    esac
    echo >>"$directory/review.md"
    rm -f "$directory/log"
done

# Code scanning takes one run of a tool at a time.
if [ ${#sarifs[@]} -gt 0 ]; then
    jq -s '.[0] * {runs: [{
        tool: {driver: {name: "inkstone", rules: (map(.runs[0].tool.driver.rules) | add | unique_by(.id))}},
        results: (map(.runs[0].results) | add)
    }]}' "${sarifs[@]}" >"$directory/review.sarif"
    rm "${sarifs[@]}"
fi
printf 'errors=%s\nbreaking=%s\ndocuments=%s\n' "$errors" "$breaking" "$reviewed"
