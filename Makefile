# The commands of this repository. CONTRIBUTING.md says when to use which.

.PHONY: demo test lint bench soak fuzz ui

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

# Tests that take hours: kill loops, thousands of seeds, growth. They carry the
# build tag `soak` and names that start with TestSoak, so `make test` never
# runs them; they end by themselves or with Ctrl-C.
soak:
	scripts/with-postgres.sh go test -tags soak -timeout 0 -run '^TestSoak' -v ./...

# Every fuzzer for FUZZTIME; new findings land in the package's testdata.
FUZZTIME ?= 30s
fuzz:
	scripts/fuzz.sh $(FUZZTIME)

# Templates, styles, scripts and icons into the files that are committed.
# Needs Node; nothing else here does.
ui:
	internal/web/ui/build.sh
