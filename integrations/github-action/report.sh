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

# The image reads the log from a volume. Docker would create a missing file as a directory.
volume=()
if [[ -n "${INPUT_NOTE_FILE:-}" && -n "${INPUT_COMMAND:-}" ]]; then
  arguments+=(--note-file "${INPUT_NOTE_FILE}")
elif [[ -f "${INPUT_NOTE_FILE:-}" ]]; then
  arguments+=(--note-file /note)
  log=${INPUT_NOTE_FILE}
  if [[ "${log}" != /* ]]; then
    log="${PWD}/${log}"
  fi
  volume=(--volume "${log}:/note:ro")
fi

if [[ -n "${INPUT_COMMAND:-}" ]]; then
  exec "${INPUT_COMMAND}" "${arguments[@]}"
fi

variables=(RUNHOOK_URL RUNHOOK_TOKEN GITHUB_ACTIONS GITHUB_ACTOR GITHUB_HEAD_REF GITHUB_REF_NAME GITHUB_REPOSITORY
  GITHUB_RUN_ID GITHUB_SERVER_URL GITHUB_SHA GITHUB_TRIGGERING_ACTOR)
exec docker run --rm --network host "${variables[@]/#/--env=}" ${volume[@]+"${volume[@]}"} "${INPUT_IMAGE:?}" \
  "${arguments[@]}"
