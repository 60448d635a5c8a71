#!/bin/bash
# Fails when the program calls into a library or a Go that is known to be unsafe. The
# list of those is on the network (GOVULNDB names another); where it can't be reached,
# this says so and checks nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

version=v1.9.0
list=${GOVULNDB:-https://vuln.go.dev}

skip() {
	echo "govulncheck is skipped: $1." >&2
	exit 0
}

tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
case $list in
file://*) ;;
*)
	command -v curl >/dev/null || skip "it takes curl to see whether $list can be reached"
	curl --fail --silent --location --max-time 10 --output /dev/null "$list/index/modules.json" || skip "$list can't be reached"
	;;
esac
GOFLAGS= GOBIN=$tool timeout 120 go install "golang.org/x/vuln/cmd/govulncheck@$version" 2>"$tool/said" || skip "it can't be fetched: $(tail -n 1 "$tool/said")"

# check runs it; 3 says that something was found, 1 that the list was lost on the way.
check() {
	code=0
	timeout 300 "$tool/govulncheck" -db "$list" -scan "$1" ./... >"$tool/found" 2>&1 || code=$?
}

# Which packages are in the program is known in a second. Only if one of them is on the
# list is it worth half a minute to see whether what is unsafe in it is called.
check package
[ "$code" != 3 ] || check symbol
case $code in
0) echo "govulncheck: the program calls nothing that is known to be unsafe" ;;
1) skip "$(tail -n 1 "$tool/found")" ;;
*)
	cat "$tool/found" >&2
	exit 1
	;;
esac
