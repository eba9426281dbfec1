#!/usr/bin/env bash
# Runs `runhook report` with the inputs of the action, which are in INPUT_… variables. The branch, the commit and the
# user come from the variables of GitHub Actions. Works with bash 3.2, which macOS has.
set -euo pipefail

arguments=(report --stack "${INPUT_STACK:?}" --run "${INPUT_RUN:?}" --state "${INPUT_STATE:?}" --type "${INPUT_TYPE:?}")

# Adds an option unless its value is empty.
add() {
  if [[ -n "$2" ]]; then
    arguments+=("$1" "$2")
  fi
}
add --note "${INPUT_NOTE:-}"
add --added "${INPUT_ADDED:-}"
add --changed "${INPUT_CHANGED:-}"
add --deleted "${INPUT_DELETED:-}"
if [[ "${INPUT_CREATE_STACK:-}" == true ]]; then
  arguments+=(--create-stack)
fi

# The image reads files from volumes. Docker would create a missing file as a directory.
volumes=()
# Adds an option with a file, and its path in the image, unless the file's path is empty.
add_file() {
  if [[ -n "$2" && -n "${INPUT_COMMAND:-}" ]]; then
    arguments+=("$1" "$2")
  elif [[ -f "$2" ]]; then
    arguments+=("$1" "$3")
    local file=$2
    if [[ "${file}" != /* ]]; then
      file="${PWD}/${file}"
    fi
    volumes+=(--volume "${file}:$3:ro")
  fi
}
add_file --note-file "${INPUT_NOTE_FILE:-}" /note
add_file --plan-json "${INPUT_PLAN_JSON:-}" /plan.json

if [[ -n "${INPUT_COMMAND:-}" ]]; then
  exec "${INPUT_COMMAND}" "${arguments[@]}"
fi

variables=(RUNHOOK_URL RUNHOOK_TOKEN GITHUB_ACTIONS GITHUB_ACTOR GITHUB_HEAD_REF GITHUB_REF_NAME GITHUB_REPOSITORY
  GITHUB_RUN_ID GITHUB_SERVER_URL GITHUB_SHA GITHUB_TRIGGERING_ACTOR)
exec docker run --rm --network host "${variables[@]/#/--env=}" ${volumes[@]+"${volumes[@]}"} "${INPUT_IMAGE:?}" \
  "${arguments[@]}"
