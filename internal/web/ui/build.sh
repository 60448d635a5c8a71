#!/bin/sh
# Builds what go build embeds: templates, stylesheets, icons, and the sums that
# tell whether they are current. Needs Node and npm; go build needs neither.
#   ./build.sh        build everything
#   ./build.sh check  fail when an input changed without building
set -eu
cd "$(dirname "$0")"
root=../../..

# Every template, and whatever else the results are made from.
inputs() {
	(cd "$root" && find . -name '*.templ' -not -path '*/node_modules/*'
	cd internal/web/ui && find css -name '*.css' | sed 's|^|./internal/web/ui/|'
	printf './internal/web/ui/%s\n' package.json icons.txt icons.mjs marks.mjs) | LC_ALL=C sort
}

outputs() {
	(cd "$root" && find . -name '*_templ.go' -not -path '*/node_modules/*'
	printf './internal/web/ui/%s\n' icon_paths.go mark_paths.go static/app.css static/pay.css static/htmx.js static/inter.woff2) | LC_ALL=C sort
}

sums() {
	for list in inputs outputs; do
		echo "# $list"
		$list | (cd "$root" && xargs sha256sum)
	done
}

if [ "${1:-}" = check ]; then
	if sums | cmp -s - generated.sum; then
		exit 0
	fi
	echo "Generated files do not belong to their inputs; run internal/web/ui/build.sh and commit the result:" >&2
	sums | diff generated.sum - >&2 || true
	exit 1
fi

if [ ! -x node_modules/.bin/tailwindcss ]; then
	npm ci --no-audit --no-fund
fi
cp node_modules/htmx.org/dist/htmx.min.js static/htmx.js
cp node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2 static/inter.woff2
node icons.mjs
# The marks change with their library alone, which is large: whoever works without it keeps
# them as they are.
if [ -d node_modules/simple-icons ]; then
	node marks.mjs
fi
node_modules/.bin/tailwindcss --input css/app.css --output static/app.css --minify
node_modules/.bin/tailwindcss --input css/pay.css --output static/pay.css --minify
(cd "$root" && go tool templ generate)
sums >generated.sum
