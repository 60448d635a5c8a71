#!/bin/bash
# The stages of make test, each with its time. The first that fails ends the
# run. SMARTLINKS_TEST_POSTGRES names the server for the tests on PostgreSQL.
set -euo pipefail
cd "$(dirname "$0")/.."

# Properties draw the same cases in every run, so that a change fails by what it
# changed; make soak draws others.
export RAPID_SEED=${RAPID_SEED:-1}

# stage runs the command under a headline and prints how long it took.
stage() {
	local name=$1 from=$SECONDS
	shift
	echo "== $name"
	if ! "$@"; then
		echo "== $name failed after $((SECONDS - from)) s" >&2
		exit 1
	fi
	echo "== $name: $((SECONDS - from)) s"
}

# The binary must build without cgo: it is one static file for any machine.
static_build() { CGO_ENABLED=0 go build -o /dev/null ./cmd/smartlinks; }

# SQLite's own code is C, translated: checks of its pointers would take a quarter
# of the time and find nothing. The race detector stays on everywhere, because a
# package without it can hide what happens before what from the others.
race_tests() { CGO_ENABLED=1 go test -race -gcflags='modernc.org/...=-d=checkptr=0' ./...; }

# The browser and black-box tests live in a module of their own. They start
# the built binary, which Go's test cache knows nothing of: hence -count=1.
e2e_tests() (
	cd e2e
	go vet ./...
	go test -count=1 ./...
)

stage "lint" scripts/lint.sh
stage "static build" static_build
stage "tests with the race detector" race_tests
if [ -f e2e/go.mod ]; then
	stage "browser and black-box tests" e2e_tests
fi
echo "== all: $SECONDS s"
