#!/usr/bin/env bash
# Finds the commit to compare with.
#
#   action/base.sh BASE BRANCH
#
# BASE is a commit or a branch, fetched where it is not here. Events give none (a schedule,
# a run by hand), or only zeros (a branch that is new); a push by force may replace one that
# the server does not have any more. Then it is where this commit left BRANCH, the default
# one. Where there is nothing of that either, it is the empty tree: everything is new. Prints
# a hash, and what was chosen to stderr; exits with 2 where BASE is the name of nothing.
set -euo pipefail

base=$1 branch=$2

# The hash of a commit that is here.
commit() {
    git rev-parse --verify --quiet --end-of-options "$1^{commit}"
}

# The hash of BASE, as far as there is one.
given() {
    if [[ $base =~ ^0*$ ]]; then return 1; fi
    if commit "$base" || commit "refs/remotes/origin/$base"; then return; fi
    local depth=()
    # Where all history is here, it is not cut off.
    if [ "$(git rev-parse --is-shallow-repository)" = true ]; then depth=(--depth=1); fi
    git fetch --quiet "${depth[@]}" --end-of-options origin "$base" >&2 && commit FETCH_HEAD
}

# Where this commit left the default branch. One that is of the branch itself has not.
fork_point() {
    local tip found
    tip=$(commit "refs/remotes/origin/$branch" || commit "refs/heads/$branch") || return 1
    found=$(git merge-base HEAD "$tip") || return 1
    [ "$found" != "$(commit HEAD)" ] && echo "$found"
}

if given; then exit; fi
if ! [[ $base =~ ^([0-9a-f]{40}|[0-9a-f]{64}|0*)$ ]]; then
    echo "inkstone: there is no commit or branch $base to compare with: see the input base" >&2
    exit 2
fi
if fork_point; then
    echo "inkstone: there is no commit ${base:-of the event}: compared with where $branch was left" >&2
else
    echo "inkstone: there is no commit ${base:-of the event}: everything counts as new" >&2
    git hash-object -t tree --stdin </dev/null
fi
