#!/bin/bash
# generated.sh check|write: do the committed results of `make ui` belong to
# their inputs? A list of hashes answers that without Node. `make ui` writes
# the list after it has built; check names every file that differs from it.
set -euo pipefail
cd "$(dirname "$0")/.."

list=internal/web/ui/generated.sum

# hashes prints a line for each file that goes into the build or comes out.
hashes() {
	find internal/web -name node_modules -prune -o -type f \( \
		-name '*.templ' -o -name '*_templ.go' \
		-o -path 'internal/web/ui/css/*' -o -path 'internal/web/ui/static/*' \
		-o -path 'internal/web/ui/build.sh' -o -path 'internal/web/ui/*.mjs' \
		-o -path 'internal/web/ui/package*.json' -o -path 'internal/web/ui/icon*' \
		\) -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum
	echo "$(sed -n 's/^.*a-h\/templ \(v[^ ]*\).*/\1/p' go.mod)  github.com/a-h/templ"
}

case ${1:-} in
write) hashes >"$list" ;;
check)
	if ! differing=$(diff <(cat "$list" 2>/dev/null) <(hashes)); then
		echo "Generated files do not belong to their inputs; run make ui and commit its results. Differing:" >&2
		sed -n 's/^[<>] [^ ]*  /  /p' <<<"$differing" | sort -u >&2
		exit 1
	fi
	;;
*)
	echo "usage: scripts/generated.sh check|write" >&2
	exit 2
	;;
esac
