#!/bin/bash
# mutate.sh PACKAGE…: breaks the code in small ways, one at a time, and runs the package's
# tests on each. Fails when too many of the breaks that tests run through go unnoticed.
# What may live, because it changes nothing that can be seen, is listed below.
set -euo pipefail
cd "$(dirname "$0")/.."

# A second a break for internal/money; hours for a package whose tests take a minute.
for package in "$@"; do
	case "$package" in
	internal/money | internal/link | internal/payment) least=95 ;;
	*) least=90 ;;
	esac
	go run github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0 unleash "./$package" \
		--timeout-coefficient 20 --threshold-efficacy "$least"
done

# internal/money, 152 of 155 killed:
#   format.go styleOf, "i >= 0": a language that begins with its separator is not known
#     either way, and English.
#   typed.go digit, "r >= Lo", twice: the first digit of a run is nought, as is what no
#     run has.

# internal/link:
#   checkout.go checkCheckout, "Amount.Minor > 0": nought is no more than any bound.
#   closed.go hopsAhead, "hops <= MaxHops": no chain that is stored is longer.
#   delete.go Delete, "len(s.changed) > 0": saves a read where nobody listens.
#   due.go Overdue, "l.DueOn < today": the statement looks again.
#   slots.go HoldInstead, "units < before", twice: as many as before have returned already;
#     "n > 0": every link has its row; "units-before": it is asked only where that is too much.
#     whyNotHeld, "free < units": as many as are free would have been held.
