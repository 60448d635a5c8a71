#!/bin/bash
# fuzz.sh TIME: runs each fuzzer of the repository for that long.
set -euo pipefail
cd "$(dirname "$0")/.."

grep -rlE --include='*_test.go' --exclude-dir=node_modules '^func Fuzz' internal | sort | while read -r file; do
	for name in $(sed -nE 's/^func (Fuzz[A-Za-z0-9_]*)\(.*/\1/p' "$file"); do
		go test -run '^$' -fuzz "^$name\$" -fuzztime "$1" "./$(dirname "$file")"
	done
done
