#!/bin/bash
# make test: everything that must hold, from a clean clone on a Debian machine
# with Go. Several runs at once do not disturb each other.
set -euo pipefail
cd "$(dirname "$0")/.."

# A clone that belongs to another user is none of git's business here.
export GOFLAGS="${GOFLAGS:+$GOFLAGS }-buildvcs=false"

scripts/packages.sh
exec scripts/with-postgres.sh --throw-away scripts/checks.sh
