#!/bin/bash
# release-fixture.sh NAME: keeps what this version makes of its database, on both
# engines, in e2e/testdata/releases/NAME, so that the tests of all later versions
# upgrade it. Run it once for each release, and commit the folder with it.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ $# != 1 ]; then
	echo "Give the folder a name, such as v1.2.0: scripts/release-fixture.sh v1.2.0" >&2
	exit 2
fi
export SMARTLINKS_RELEASE=$1
if [ -e "e2e/testdata/releases/$1" ]; then
	echo "e2e/testdata/releases/$1 exists. What was released is not made anew." >&2
	exit 1
fi
scripts/with-postgres.sh --throw-away bash -c 'cd e2e && go test -count=1 -run "^TestMakeRelease$" .'
du -ah "e2e/testdata/releases/$1"
