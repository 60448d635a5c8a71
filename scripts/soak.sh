#!/bin/bash
# The long tests, one package after another, because they take what the machine
# has. SMARTLINKS_SOAK lets them run; Ctrl-C ends them.
set -euo pipefail
cd "$(dirname "$0")/.."

soak() { go test -count=1 -timeout 0 -run '^TestSoak' -v "$@"; }

grep -rlE --include='*_test.go' '^func TestSoak' internal | xargs -n 1 dirname | sort -u | while read -r room; do
	soak "./$room"
done
cd e2e
soak .
