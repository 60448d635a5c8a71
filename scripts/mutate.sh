#!/bin/bash
# mutate.sh PACKAGE…: breaks the code in small ways, one at a time, and runs the package's
# tests on each. Fails when too many of the breaks that tests run through go unnoticed.
# What may live, because it changes nothing that can be seen, is listed below.
set -euo pipefail
cd "$(dirname "$0")/.."

# A second a break for internal/money; hours for a package whose tests take a minute.
for package in "$@"; do
	case "$package" in
	internal/money | internal/link | internal/payment | internal/payment/*) least=95 ;;
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

# internal/reminder:
#   act.go act, "done++": only whether it is nought is asked.
#   many.go Asked, "> MaxAsked", and sentTo, "MaxAsked + 1": 501 people are too slow for a test.
#   many.go ask, "err == nil && Closed", settled, "err != nil", askByPlan, "r.Sent > sent":
#     Asked has looked just before; only who is quicker than the lock meets them.
#   offset.go nextOffset, "len(s.Offsets) + 1": behind the last day nothing comes, from either number.
#   react.go onStatus, "!= message.Delivered": the anchor was set when it was sent.
#   schedule.go tolerated, ">= q.To", holds, "q.From < q.To": hours that begin when they end are
#     refused, and their end is outside.
#   schedule.go Next, "occurrence-1", guess, "/" twice: from any guess the same one is found, later.
#   schedule.go Latest, "next--" the first, "next > behind": the loop behind it goes back, and
#     behind is the least in any case.
#   settings.go SetTx, "len(asked.Offsets) > 0": without them nobody reads the date.
#   settings.go replan, "r.Sent < want.Max": with as many as were sent it stops again.

# internal/visit:
#   activity.go parsePosition, "> 40" twice: no id is as long.
#   facet.go addFacets, store.go insert, "*": room that is made ahead, and grows.
#   import.go Import, "+ r.number.node": the number only keeps processes apart.
#   recorder.go storeAll, "len(b.views) >= many" twice: only how long it draws breath.
#   spool.go append, "err == nil && !mine": nobody else has a file that was just made.
#   spool.go "written++", flush three times, take "file != nil": only a power cut tells what was
#     flushed to the disk.
#   spool.go each, "len(part) == maxStored": smaller parts are stored as well.
#   visitor.go salt, "> 2*keptDays" three times: a salt that isn't in memory is read again.

# internal/delivery:
#   later.go dropLater, "err != nil" the second: of two hundred and more at once alone.
#   read.go Sends, "q.Limit > MaxPage": the most is the most.
#   start.go findMembers, "len(r.Customers) > 0": of nobody nobody is found.

# internal/payment/attempt:
#   code.go Code, "< codeLength": no id is as short.
#   ids.go Floor, "< 0": the instant from which ids count has the least of them either way.

# internal/payment/history:
#   each.go Sums, "sumMost + 1", "> sumMost": two thousand attempts are too slow for a test.
#   search.go findNamed, "searchRecent - 1", "err != nil" the first, "err != nil || known": ten
#     thousand payments and as many customers are too slow for a test.
#   search.go byWords, "Amount.Minor > 0": nought in no currency is nobody's.
#   search.go beyondASCII, "> MaxASCII": the last of ASCII is no letter.

# internal/payment:
#   many.go powerOfTwo, "size < n": the last id is repeated more often.
#   open_together.go openAll, "len(all) > 1": one that can't be stored is tried twice.
#   reconcile.go restoreParts, "list <= 0", "taken > 0": nought is shared evenly by nobody, and
#     nought taken off is none.
#   record.go takeByHand, "err == nil": the limit was raised by what missed, under the same lock.
#   refund.go Refund, "err != nil" the last, webhook.go tryAgain, "h.Tries + 1" the first and
#     "err != nil", start.go Start, "notNoted != nil && ctx.Err() == nil", sweep.go putOff and sync.go
#     closeWhenDue, "err != nil" the last: only what the log says.
#   request.go listed, "maxFactor / units": a price that is as large is refused either way.
#   reconcile.go sourceOf, "Quantity > 1", "Tip+a.Fee > 0", "Discount > 0", one step lower: what is
#     left out is read back as one and nought.
#   reconcile.go cut, "most > 0": a text begins with a whole character.
#   start.go holdAtOnce, "!=" of VisitID: the unique index finds the same, a round trip later.
#   sweep.go SweepDue, "err != nil ||" and "reports+polls" the last: whoever sweeps does so until
#     nothing is left.
#   sync.go askOrFind, "<= keysLast": one instant of a day.
#   webhook.go keep, "err == nil": what it is about is looked for by the next try, at once.
#   webhook.go processed, "==" of inbox: no provider that reports is without a ledger, or has
#     told of what it doesn't know.

# internal/statement/bankfile:
#   amount.go minor, "n > mostMinor" the first: one digit more is above it in any case.
#   bankfile.go short, "<= most", "i < len(s)": what is as long is returned whole either way.
#   bankfile.go Read, "b.left < 0" twice, "s.now > s.most", camt.go see, ofPart, csv.go next, header,
#     "preamble+sampled": one more or less of what is only bounded.
#   camt.go end, "depth > 4" twice: of the element itself nothing is read.
#   csv.go separatorOf, "/": how much is looked at.
#   guess.go columnOfCurrencies, "<= 3": no currency has two letters.
#   guess.go columnDecimal, "i < 0": no amount begins with its decimal sign.
#   letters.go asText, "<": nothing is taken off; wholeLetters, "<": four bytes are a whole letter.
#   letters.go Transform, "< RuneSelf", ">= RuneSelf": 0x80 alone is no letter.

# internal/statement:
#   act.go Decide, "err != nil": what is settled later is only logged.
#   book.go settleOf, "err != nil" the last: the queue settles the rest.
#   candidate.go Candidates, "> 60": more recorded payments are too slow for a test.
#   candidate.go words, all four letters: what is left out is left out on both sides.
#   identity.go of, "++": any number that no other has; references, "next < 0": F is no R.
#   read.go hintOf, "< 10": no IBAN is as short; insertSome, "*": room that is made ahead.
#   identity.go ofAccount, "< 6": no bank's numbers are as short; plain, ">= 'a'", "<= 'z'": references
#     have no such letter.

# internal/checkout:
#   keys.go keyFrom, "> 'z'", cutKey, ">", off.go Of, "> 0", "> math.MaxInt64/200_00", rules.go ReadQuantity,
#     "> 1_000_000": one step lower or higher is the same, or nothing.
#   answers.go read, "> 1": the first of one is it; off.go Price, ">= can.Least", between, "> 1": more
#     than the least is looked for among the same.
#   vat.go luhn, "> 9": what is doubled is even; mod97, ">= 'A'": N, L and B are none.

# internal/coupon:
#   create.go checkCount: five hundred coupons are too slow for a test.
#   create.go readCodes, "> 1": of one code the longer sentence says the same.
#   create.go refuseTaken, "> 1": one was told before; read.go addFigures, "<= mostAsked": more are read with all.

# internal/web/payform, by the tests of internal/web/public and its packages:
#   countries.go sortKey, "-1": what stands in the place of a mark is the same everywhere.
#   form.go readSum, "> 0": the most that money can be is too much with the goods.
#   view.go pieces, "at[0] > last", "last < len(s)": an empty piece shows nothing.
