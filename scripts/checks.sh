#!/bin/bash
# The stages of make test, each with its time. The first that fails ends the
# run. SMARTLINKS_TEST_POSTGRES names the server for the tests on PostgreSQL.
set -euo pipefail
cd "$(dirname "$0")/.."

# Properties draw the same cases in every run, so that a change fails by what it
# changed; make soak draws others.
export RAPID_SEED=${RAPID_SEED:-1}

# Without cgo everywhere but under the race detector, so that the compiler works once.
export CGO_ENABLED=0

# Folders stay out of what is compiled, so that all clones on a machine share it. Nothing
# of ours is inlined in tests, nor in the binary that they start: that halves what the
# compiler costs, and what is compiled for one stage serves the next.
inline='-gcflags=smartlinks/...=-l'
export GOFLAGS="${GOFLAGS:+$GOFLAGS }-trimpath $inline"

# How long one package may take before it is taken for stuck: go test's ten minutes are too
# few for the browsers on a machine that does other work.
patience=30m

times=$(mktemp)
deep=$(mktemp)
deep_lint=
# The program that the browser and black-box tests start. Not in TMPDIR, which may be in
# memory, where nothing may be executed.
built=$(mktemp -d "${GOTMPDIR:-${TMPDIR:-/tmp}}/smartlinks-built.XXXXXX")
trap 'rm -rf "$times" "$deep" "$built"; [ -z "$deep_lint" ] || kill "$deep_lint" 2>/dev/null || true' EXIT

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

# The binary must build without cgo: it is one static file for any machine. It is linked
# once, and kept for the tests that start it. Stripped as people install it, so that a test
# can tell what it weighs.
static_build() { go build -ldflags="-s -w" -o "$built/smartlinks" ./cmd/smartlinks; }

# Where goroutines share what is in memory: these run under the race detector, and
# everything that they use is compiled with it.
raced() {
	local room
	for room in cache db job link visit payment payment/together payment/simulation message delivery webhook system web/guard \
		web/public web/public/arrival web/public/drawing; do
		if [ -d "internal/$room" ]; then echo "smartlinks/internal/$room"; fi
	done
}

# timed runs go test and keeps what each package took. Tests wait for PostgreSQL and for
# clocks, so more packages run at once than there are cores. Vet has been over them.
timed() { go test -p 4 -vet=off -timeout "$patience" "$@" | tee -a "$times"; }

# What only computes is not watched: SQLite's own code, which is C, translated, with its
# allocator, and libraries that draw, pack, hash and know letters. One goroutine at a time runs
# them on what it holds, so there was nothing to find in what took most of these tests' time.
# SQLite's driver is watched, and the locks of its C library: they order the goroutines.
unwatched() {
	local library
	for library in modernc.org/sqlite/lib modernc.org/memory image/... compress/... hash/... \
		crypto/internal/fips140/... golang.org/x/image/... golang.org/x/text/... github.com/go-text/...; do
		echo "-gcflags=$library=-race=false"
	done
}

race_tests() {
	# shellcheck disable=SC2046
	CGO_ENABLED=1 timed -race "$inline" -gcflags='modernc.org/...=-d=checkptr=0' $(unwatched) $(raced)
}

# All others use what the binary was built from.
plain_tests() {
	# shellcheck disable=SC2046
	timed $(go list ./... | grep -vxF "$(raced)")
}

# slowest prints the ten packages that took longest, by a line of go test each. It reads all
# lines: a head that leaves early would end the run with SIGPIPE.
slowest() { awk '$1 == "ok" && $3 ~ /s$/ { sub(/s$/, "", $3); printf "%8.1f s  %s\n", $3, $2 }' "$times" | sort -rn | awk 'NR <= 10'; }

# The rounds of the money tests that are too many for the race detector.
money_tests() { go test -count=1 -timeout "$patience" -run '^(TestMoneyHoldsWhateverHappens|TestAllOrders.*)$' ./internal/payment/simulation; }

# The browser and black-box tests live in a module of their own. They start
# the built binary, which Go's test cache knows nothing of: hence -count=1. They wait
# for browsers and servers, so three run at once.
e2e_tests() (
	export SMARTLINKS_TEST_BINARY="$built/smartlinks"
	cd release
	go vet ./...
	cd ../e2e
	go vet ./...
	go test -count=1 -parallel 3 -timeout "$patience" ./...
)

# Staticcheck takes minutes where its cache is empty, and tests that wait for the database
# leave it the processor. It ends before the browsers come, which wait for nobody.
begin_deep_lint() {
	nice -n 19 scripts/lint.sh deep >"$deep" 2>&1 &
	deep_lint=$!
}

end_deep_lint() {
	local ended=0
	wait "$deep_lint" || ended=$?
	deep_lint=
	cat "$deep"
	return "$ended"
}

stage "lint" scripts/lint.sh quick
begin_deep_lint
stage "static build" static_build
stage "money in all orders" money_tests
stage "tests with the race detector" race_tests
stage "other tests" plain_tests
stage "deep lint, which began with the tests" end_deep_lint
if [ -f e2e/go.mod ]; then
	stage "browser and black-box tests" e2e_tests
fi
echo "== the ten slowest packages"
slowest
echo "== all: $SECONDS s"
