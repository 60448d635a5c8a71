#!/bin/bash
# The long tests, one package after another, because they take what the machine
# has. SMARTLINKS_SOAK lets them run; Ctrl-C ends them.
set -euo pipefail
cd "$(dirname "$0")/.."

soak() { go test -count=1 -timeout 0 -run '^TestSoak' -v "$@"; }

grep -rlE --include='*_test.go' '^func TestSoak' internal | xargs -n 1 dirname | sort -u | while read -r room; do
	soak "./$room"
done

# Every property, with cases that were never drawn before.
grep -rlE --include='*_test.go' 'rapid\.Check\(' internal | xargs -n 1 dirname | sort -u | while read -r room; do
	RAPID_CHECKS=${SMARTLINKS_SOAK_CHECKS:-1000} go test -count=1 -timeout 0 "./$room"
done
cd e2e
soak . ./programs
