# Functions for deploy/backup and deploy/restore. They read the settings of the server from the environment.
# shellcheck shell=bash

say() { printf '%s: %s\n' "${program:-deploy}" "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# Prints a setting, or the line of its file.
setting() {
  local file="$1_FILE"
  if [[ -n ${!1:-} ]]; then
    printf '%s' "${!1}"
  elif [[ -n ${!file:-} ]]; then
    tr -d '\r\n' <"${!file}"
  fi
}

# Decodes %41 to A. Backslashes are doubled first, because printf interprets them.
decoded() {
  local text=${1//\\/\\\\}
  printf '%b' "${text//%/\\x}"
}

# Sets url, PGUSER and PGPASSWORD, or leaves url empty for the embedded database. Passwords are never passed as
# arguments, which every user of the machine can read.
find_database() {
  url=$(setting RUNHOOK_DATABASE_URL)
  url=${url#jdbc:}
  export PGTARGETSESSIONATTRS=primary # of several hosts
  data=${RUNHOOK_DATA_DIR:-./data}
  if [[ -z ${url} ]]; then
    return
  fi
  if [[ ${url} =~ ^(postgres(ql)?://)([^/@]*)@(.*)$ ]]; then
    url=${BASH_REMATCH[1]}${BASH_REMATCH[4]}
    local account=${BASH_REMATCH[3]}
    export PGUSER PGPASSWORD
    PGUSER=$(decoded "${account%%:*}")
    if [[ ${account} = *:* ]]; then PGPASSWORD=$(decoded "${account#*:}"); fi
  fi
  if [[ ${url} = *[?\&]password=* ]]; then
    die "set the password in RUNHOOK_DATABASE_PASSWORD, not in a URL parameter"
  fi
  local user password
  user=$(setting RUNHOOK_DATABASE_USER)
  password=$(setting RUNHOOK_DATABASE_PASSWORD)
  if [[ -n ${user} ]]; then export PGUSER=${user}; fi
  if [[ -n ${password} ]]; then export PGPASSWORD=${password}; fi
}

need() {
  command -v "$1" >/dev/null || die "$1 is not installed; Debian/Ubuntu: apt-get install $2"
}

# Linux has sha256sum, macOS has shasum. Both use the same format.
sha256() {
  if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

# Whether the embedded PostgreSQL of the data directory is running. A zombie process does not count.
embedded_runs() {
  local pid arguments
  pid=$(head -n 1 "${data}/postgres/postmaster.pid" 2>/dev/null) || return 1
  kill -0 "${pid}" 2>/dev/null || return 1
  arguments=$(ps -o args= -p "${pid}") && [[ ${arguments} != *defunct* ]]
}
