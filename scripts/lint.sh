#!/bin/bash
# Style and suspicion: gofmt, vet, staticcheck, generated files, known holes in libraries
# where the list of them can be reached. No database. The project's own rules are tests,
# in internal/house.
set -euo pipefail
cd "$(dirname "$0")/.."

unformatted=$(find . -name node_modules -prune -o -name '*.go' -print0 | xargs -0 -r gofmt -l)
if [ -n "$unformatted" ]; then
	echo "These files are not formatted; run gofmt -w on them:" >&2
	echo "$unformatted" >&2
	exit 1
fi
internal/web/ui/build.sh check
go vet ./...
go tool staticcheck ./...
scripts/vulncheck.sh
