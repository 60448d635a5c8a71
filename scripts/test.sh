#!/bin/bash
# make test: everything that must hold, from a clean clone on a Debian machine
# with Go. Several runs at once do not disturb each other.
set -euo pipefail
cd "$(dirname "$0")/.."

# A clone that belongs to another user is none of git's business here.
export GOFLAGS="${GOFLAGS:+$GOFLAGS }-buildvcs=false"

if [ -z "${SMARTLINKS_SPECS:-}" ]; then
	echo "SMARTLINKS_SPECS is not set: the stand-ins for Mollie and Twilio are not held to the official documents." >&2
fi

scripts/packages.sh
exec scripts/with-postgres.sh --throw-away scripts/checks.sh
