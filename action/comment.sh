#!/usr/bin/env bash
# Writes a review into a comment of its pull request: always the same one.
#
#   action/comment.sh NUMBER FILE
#
# FILE is the review. The comment begins with a marker that cannot be seen, of this workflow,
# job and paths (PATHS), by which it is found among those of the token's owner. A review that
# is too long for a comment is cut, and leads to the summary of the run. Where the comment
# can't be written, as with the token of a pull request from a fork, this says so and exits
# with 0: the verdict does not depend on it.
set -euo pipefail

number=$1 file=$2
# GitHub takes 65,536 characters, with what is written around the review.
most=60000

use=$(printf '%s\n' "${GITHUB_WORKFLOW:-}" "${GITHUB_JOB:-}" "${PATHS:-}" | git hash-object --stdin)
marker="<!-- inkstone review $use -->"
run=${GITHUB_SERVER_URL:-https://github.com}/$GITHUB_REPOSITORY/actions/runs/${GITHUB_RUN_ID:-}
body=$(mktemp)
trap 'rm -f "$body"' EXIT

{
    echo "$marker"
    if [ "$(wc -c <"$file")" -gt "$most" ]; then
        printf 'This is the beginning of the review; [the summary of the run](%s) has all of it.\n\n' "$run"
    fi
    # By lines, so that no character is cut.
    LC_ALL=C awk -v most="$most" '{ length_so_far += length($0) + 1 } length_so_far > most { exit } { print }' "$file"
} >"$body"

# The id of the comment that is there.
own() {
    # shellcheck disable=SC2016 # the variables are those of the query
    gh api graphql --paginate -F number="$number" -f owner="${GITHUB_REPOSITORY%/*}" \
        -f name="${GITHUB_REPOSITORY#*/}" -f query='
        query($owner: String!, $name: String!, $number: Int!, $endCursor: String) {
          repository(owner: $owner, name: $name) { pullRequest(number: $number) {
            comments(first: 100, after: $endCursor) {
              pageInfo { hasNextPage endCursor }
              nodes { id body viewerDidAuthor }
            }
          } }
        }' --jq ".data.repository.pullRequest.comments.nodes[]
            | select(.viewerDidAuthor and (.body | startswith(\"$marker\"))) | .id"
}

write() {
    local ids
    ids=$(own) || return
    if [ -z "$ids" ]; then
        gh pr comment "$number" --repo "$GITHUB_REPOSITORY" --body-file "$body"
        return
    fi
    # shellcheck disable=SC2016
    gh api graphql -f id="${ids%%$'\n'*}" -F body="@$body" -f query='
        mutation($id: ID!, $body: String!) {
          updateIssueComment(input: {id: $id, body: $body}) { issueComment { url } }
        }' --jq '.data.updateIssueComment.issueComment.url'
}

if ! write; then
    echo "::warning title=No comment::The review can't be written into a comment; the summary of the run has it."
fi
