# The commands of this repository. CONTRIBUTING.md says when to use which.

.PHONY: demo test lint bench soak fuzz mutate ui screens release release-test

# A working product with a sample business and its history: SQLite, sandbox.
demo:
	go run ./cmd/smartlinks demo

# Everything that must hold, on both databases and in a browser. Installs the
# Debian packages that are missing (as root) and leaves nothing running.
test:
	scripts/test.sh

# The part of `make test` that needs no database: style, vet, generated files.
lint:
	scripts/lint.sh

# The figures: each one beside a bare handler measured in the same run.
bench:
	cd bench && ../scripts/with-postgres.sh go run .

# Tests that take long: kill loops, thousands of seeds, crowds. Their names start
# with TestSoak, and they skip themselves in `make test`. More of it, or less:
# make soak SMARTLINKS_SOAK_KILLS=1000 SMARTLINKS_SOAK_SEEDS=100
soak:
	SMARTLINKS_SOAK=yes scripts/with-postgres.sh --throw-away scripts/soak.sh

# Every fuzzer for FUZZTIME; new findings land in the package's testdata.
FUZZTIME ?= 30s
fuzz:
	scripts/fuzz.sh $(FUZZTIME)

# Whether tests notice when the code of PACKAGES is broken, one small break at a time.
PACKAGES ?= internal/money
mutate:
	scripts/with-postgres.sh --throw-away scripts/mutate.sh $(PACKAGES)

# Templates, styles, scripts and icons into the files that are committed.
# Needs Node; nothing else here does.
ui:
	internal/web/ui/build.sh

# The pictures of docs/screens.md, from the demo. Needs Chromium and pdftoppm; with pngquant
# they are a third of the size. SCREENS is the folder they go to.
SCREENS ?= docs/pictures/screens
screens:
	cd e2e && SMARTLINKS_SCREENS="$(abspath $(SCREENS))" go test -count=1 -run '^TestScreens$$' ./journeys

# What people install, in dist/: binaries, packages, images, checksums. The same commit
# gives the same bytes. VERSION=v1.2.0 names it where there is no tag.
release:
	cd release && GOFLAGS= go run . --out ../dist --version "$(VERSION)"

# A whole release, made twice and looked into; upgrades the package of the commit before.
# Not a part of `make test`, because it compiles for every target.
release-test:
	cd release && GOFLAGS= SMARTLINKS_RELEASE_TEST=yes go test -count=1 -timeout 60m -v ./...
