#!/bin/bash
# lint.sh [quick|deep]: style and suspicion. quick: gofmt, generated files, vet. deep:
# staticcheck, and known holes in libraries where the list of them can be reached. Both
# without a word. No database. The project's own rules are tests, in internal/house.
set -euo pipefail
cd "$(dirname "$0")/.."

deep() {
	go tool staticcheck ./...
	scripts/vulncheck.sh
}

if [ "${1:-}" = deep ]; then
	deep
	exit
fi

unformatted=$(find . -name node_modules -prune -o -name '*.go' -print0 | xargs -0 -r gofmt -l)
if [ -n "$unformatted" ]; then
	echo "These files are not formatted; run gofmt -w on them:" >&2
	echo "$unformatted" >&2
	exit 1
fi
internal/web/ui/build.sh check
go vet ./...
if [ "${1:-}" != quick ]; then
	deep
fi
