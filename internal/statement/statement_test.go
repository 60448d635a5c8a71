package statement_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/statement"
	"smartlinks/internal/statement/bankfile"
)

// What fits is booked, what is doubtful waits with why, and the same money counts once,
// whatever brings it.
func TestAStatementIsMatchedAndBookedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.link(0)
		ann, annRef := w.asked(l, "Ann Fine")
		half, halfRef := w.asked(l, "Amara Okafor")
		more, moreRef := w.asked(l, "Ben")
		two, twoRef := w.asked(l, "Carl")
		w.asked(w.link(0), "Jonas Lindqvist")
		today := w.day(0)
		small := strings.ToLower(annRef[:6] + " " + annRef[6:13] + "-" + annRef[13:])
		file := camt(
			credit{day: today, amount: "49.00", payer: "A FINE", text: "thanks " + small, id: "B-1", iban: "DE89370400440532013000"},
			credit{day: today, amount: "24.50", payer: "OKAFOR A", text: halfRef, id: "B-2", iban: "NL20INGB0001234567"},
			credit{day: today, amount: "50.00", payer: moreRef, text: "", id: "B-3"},
			credit{day: today, amount: "49.00", payer: "C", text: twoRef + " and " + moreRef, id: "B-4"},
			credit{day: today, amount: "49.00", payer: "J. LINDQVIST", text: "workshop march jonas", id: "B-5", iban: "SE4550000000058398257466"},
			credit{day: today, amount: "12.00", payer: "Bank", text: "fee", id: "B-6", sign: "DBIT"},
			credit{day: today, amount: "49.00", payer: "X", text: "RF99 1234 5678 9012 3456", id: "B-7"},
			credit{day: today, amount: "49.00", payer: "Ann", text: annRef, id: "B-8", more: "<RvslInd>true</RvslInd>"},
			credit{day: w.day(1), amount: "49.00", payer: "Ann", text: annRef, id: "B-9"},
			credit{day: today, amount: "49.00", payer: "A FINE", text: annRef, id: "B-1"},
			credit{day: today, amount: "49.00", payer: "A FINE", text: annRef, id: "B-10"},
		)
		s := w.read(file)
		const judged = "matched/reference doubtful/less doubtful/more doubtful/two_references doubtful/no_reference left_out/outgoing doubtful/unknown_reference doubtful/reversal doubtful/in_future left_out/counted_before doubtful/paid_already"
		all := w.expect(s, judged)
		if s.CameMinor != 2450+5000+7*4900 || all[0].PaymentID != ann.ID || all[1].IBANHint != "NL4567" || all[5].Said != "" || all[5].Amount.Minor != 0 {
			t.Errorf("%+v, %+v", s, all)
		}
		w.paid(ann, history.StatusPending)
		if n := w.count(`SELECT COUNT(*) FROM statement_entries WHERE sealed_iban LIKE '%INGB%' OR said LIKE '%INGB%'`); n != 0 {
			t.Errorf("%d accounts are kept as they are", n)
		}
		who, err := w.Statements.Candidates(t.Context(), w.acme, all[4])
		if err != nil || len(who) != 4 || who[0].Payer != "Jonas Lindqvist" || !who[0].Name || !who[0].Same || who[1].Name {
			t.Errorf("candidates: %+v, %v", who, err)
		}
		// Undone before it is booked, as if it had never been read.
		if err := w.Statements.Discard(t.Context(), w.acme.ID, s.ID); err != nil || w.count(`SELECT COUNT(*) FROM statement_entries`) != 0 {
			t.Fatal(err)
		}
		s, twin := w.read(file), w.read(file)
		w.expect(s, judged)
		w.book(s)
		w.book(s)
		if v := w.paid(ann, history.StatusPaid); v.Receipt == "" || v.Late() || v.PaidAt.In(w.acme.Location()).Format(time.DateOnly) != today {
			t.Errorf("booked: %+v", v)
		}
		for _, a := range []attempt.Attempt{half, more, two} {
			w.paid(a, history.StatusPending)
		}
		if err := w.Statements.Discard(t.Context(), w.acme.ID, s.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("discarded once it was booked: %v", err)
		}
		// The same file again, one that was read before, and one that overlaps: nothing counts twice.
		const again = "left_out/counted_before left_out/counted_before left_out/counted_before left_out/counted_before left_out/counted_before left_out/outgoing left_out/counted_before left_out/counted_before left_out/counted_before left_out/counted_before left_out/counted_before"
		w.expect(w.read(file), again)
		w.book(twin)
		w.expect(twin, again)
		if all, err := w.Statements.NeedAttention(t.Context(), w.acme); err != nil || len(all) != 8 {
			t.Errorf("%d wait, %v", len(all), err)
		}
		if n := w.count(`SELECT COUNT(*) FROM payments`); n != 1 {
			t.Errorf("%d payments", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM statement_entries WHERE sealed_iban <> '' AND taken_at IS NOT NULL`); n != 0 {
			t.Errorf("the accounts of %d payers are kept who need none back", n)
		}
	})
}

// A person decides what is doubtful, once, and each decision is in the audit log.
func TestWhatIsDoubtfulIsDecidedByAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.link(0)
		half, halfRef := w.asked(l, "Amara Okafor")
		none, _ := w.asked(l, "Jonas Lindqvist")
		early, _ := w.asked(l, "Early")
		today := w.day(0)
		s := w.read(camt(
			credit{day: today, amount: "24.50", payer: "OKAFOR A", text: halfRef, iban: "NL20INGB0001234567"},
			credit{day: today, amount: "49.00", payer: "J. LINDQVIST", text: "workshop", iban: "SE4550000000058398257466"},
			credit{day: today, amount: "900.00", payer: "Landlord", text: "deposit", iban: "DE89370400440532013000"},
			credit{day: today, amount: "5.00", payer: "Z", text: "a gift", iban: "DE02120300000000202051"},
			credit{day: w.day(-3), amount: "49.00", payer: "E", text: "before", iban: "DE02120300000000202051"},
		))
		all := w.expect(s, "doubtful/less doubtful/no_reference doubtful/no_reference doubtful/no_reference doubtful/no_reference")
		// In a preview it is chosen, and may be taken back; nothing happens yet.
		chosen := w.must(w.decide(s, all[1], statement.Assign, none.ID))
		if who, err := w.Statements.Candidates(t.Context(), w.acme, chosen); err != nil || who[0].PaymentID != none.ID || who[0].Reference {
			t.Errorf("what was chosen seems to have its reference: %+v, %v", who, err)
		}
		if who, err := w.Statements.Candidates(t.Context(), w.acme, all[0]); err != nil || who[0].PaymentID != half.ID || !who[0].Reference || who[0].Same {
			t.Errorf("the reference of less than was asked: %+v, %v", who, err)
		}
		w.must(w.decide(s, all[0], statement.Foreign, ""))
		w.must(w.decide(s, all[0], "", ""))
		for want, try := range map[string]func() error{
			"payment_id.missing": func() error { _, err := w.decide(s, all[2], statement.Accept, ""); return err },
			"payment_id.none": func() error {
				_, err := w.decide(s, all[2], statement.Assign, "pay_00000000000000000000000000")
				return err
			},
			"payment_id.early": func() error { _, err := w.decide(s, all[4], statement.Assign, early.ID); return err },
			"act.unknown":      func() error { _, err := w.decide(s, all[2], "burn", ""); return err },
		} {
			if f := fault.Of(try()); f.Code != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Code != want {
				t.Errorf("%s: %+v", want, f)
			}
		}
		w.paid(none, history.StatusPending)
		w.book(s)
		w.expect(s, "doubtful/less matched/decided doubtful/no_reference doubtful/no_reference doubtful/no_reference")
		w.paid(none, history.StatusPaid)
		if e := w.must(w.decide(s, all[0], statement.Accept, "")); e.State != statement.Matched || !e.Taken || e.Waits || e.ActedBy != "Marit" {
			t.Errorf("accepted: %+v", e)
		}
		if v := w.paid(half, history.StatusPaid); v.Amount.Minor != 2450 {
			t.Errorf("half of it: %+v", v)
		}
		w.must(w.decide(s, all[2], statement.Foreign, ""))
		w.must(w.decide(s, all[3], statement.ToReturn, ""))
		if iban, err := w.Statements.IBAN(t.Context(), w.acme.ID, all[3].ID); err != nil || iban != "DE02120300000000202051" {
			t.Errorf("the task has the account %q, %v", iban, err)
		}
		if e := w.must(w.decide(s, all[3], statement.Returned, "")); e.State != statement.LeftOut || e.ReturnedOn != today || e.Payer != "Z" {
			t.Errorf("given back: %+v", e)
		}
		for _, i := range []int{0, 1, 2, 3} {
			if _, err := w.decide(s, all[i], statement.Foreign, ""); !fault.Is(err, fault.Conflict) {
				t.Errorf("decided twice: %v", err)
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE object LIKE 'ste_%'`); n != 7 {
			t.Errorf("%d decisions are logged", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM statement_entries WHERE payer = 'Landlord' OR amount_minor = 90000`); n != 0 {
			t.Error("money that is not ours is kept")
		}
		other := w.business("zenith")
		if _, err := w.Statements.Decide(t.Context(), other, s.ID, all[4].ID, statement.Decision{Act: statement.Foreign}); !fault.Is(err, fault.NotFound) {
			t.Errorf("another business decides: %v", err)
		}
		// Ninety days behind its task nothing of the payer is left; what waits keeps it.
		w.pass(91)
		if err := w.Statements.DeleteOld(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := w.count(`SELECT COUNT(*) FROM statement_entries WHERE sealed_iban <> ''`); n != 1 {
			t.Errorf("%d accounts are kept", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM statement_entries WHERE payer = 'Z'`); n != 0 {
			t.Error("who got their money back is known")
		}
	})
}

// Money that came within its hold is late when its statement is, and too much without a
// place: then giving it back is a task with the payer's account.
func TestLateMoneyFollowsTheRulesOfOverflow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.link(2)
		first, firstRef := w.asked(l, "First")
		second, secondRef := w.asked(l, "Second")
		came := w.day(2)
		w.pass(8)
		w.paid(first, history.StatusExpired)
		if _, err := w.Payments.Record(t.Context(), payment.RecordRequest{Business: w.acme, LinkID: l.ID, Amount: l.Price(), Method: payment.HandCash, By: "Marit"}); err != nil {
			t.Fatal(err)
		}
		s := w.read(camt(credit{day: came, amount: "49.00", payer: "F", text: firstRef, iban: "NL20INGB0001234567"}, credit{day: came, amount: "49.00", payer: "S", text: secondRef, iban: "DE89370400440532013000"}))
		w.book(s)
		w.expect(s, "matched/reference matched/reference")
		if v := w.paid(first, history.StatusPaid); !v.Late() {
			t.Errorf("late: %+v", v)
		}
		w.paid(second, history.StatusOverflow)
		if got, err := w.Statements.IBANOf(t.Context(), w.acme.ID, second.ID); err != nil || got != "DE89370400440532013000" {
			t.Errorf("the task has %q, %v", got, err)
		}
		if got, _ := w.Statements.IBANOf(t.Context(), w.acme.ID, first.ID); got != "" {
			t.Errorf("an account is kept that nobody needs: %q", got)
		}
		if err := w.Transfers.GaveBack(t.Context(), w.acme.ID, second.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Payments.Sync(t.Context(), w.acme.ID, second.ID, attempt.CauseMerchant); err != nil {
			t.Fatal(err)
		}
		w.pass(89)
		clean := func() int64 {
			t.Helper()
			if err := w.Statements.DeleteOld(t.Context()); err != nil {
				t.Fatal(err)
			}
			return w.count(`SELECT COUNT(*) FROM statement_entries WHERE sealed_iban <> ''`)
		}
		if clean() != 1 {
			t.Error("the account went before its time")
		}
		w.pass(2)
		if clean() != 0 {
			t.Error("the account is kept")
		}
	})
}

// What a member recorded, or another format told, is never booked by itself; to confirm it
// moves no figure.
func TestWhatWasRecordedIsTiedAndNotCountedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.link(0)
		ann, annRef := w.asked(l, "Ann Fine")
		hand, err := w.Payments.Record(t.Context(), payment.RecordRequest{Business: w.acme, LinkID: l.ID, Amount: l.Price(), Method: payment.HandTransfer, By: "Marit", Email: ann.Payer.Email})
		if err != nil {
			t.Fatal(err)
		}
		arrived, arrivedRef := w.asked(w.link(0), "Ben")
		if err := w.bookByHand(arrived); err != nil {
			t.Fatal(err)
		}
		carl, carlRef := w.asked(w.link(0), "Carl")
		today := w.day(0)
		s := w.read(camt(
			credit{day: today, amount: "49.00", payer: "A", text: annRef, id: "1"}, credit{day: today, amount: "49.00", payer: "B", text: arrivedRef, id: "2"},
			credit{day: today, amount: "49.00", payer: "C", text: carlRef, id: "3"},
		))
		all := w.expect(s, "doubtful/by_hand doubtful/by_hand matched/reference")
		if all[0].PaymentID != hand.ID || all[1].PaymentID != arrived.ID {
			t.Errorf("%+v", all)
		}
		who, err := w.Statements.Candidates(t.Context(), w.acme, all[0])
		if err != nil || len(who) == 0 || who[0].PaymentID != hand.ID || !who[0].Recorded {
			t.Errorf("candidates: %+v, %v", who, err)
		}
		w.book(s)
		before := w.count(`SELECT SUM(captured_minor) FROM payments`)
		for _, e := range all[:2] {
			if e := w.must(w.decide(s, e, statement.Accept, "")); e.State != statement.Matched || e.Reason != statement.WasRecorded || !e.Taken {
				t.Errorf("tied: %+v", e)
			}
		}
		if after := w.count(`SELECT SUM(captured_minor) FROM payments`); after != before || w.count(`SELECT COUNT(*) FROM payments`) != 3 {
			t.Errorf("figures moved from %d to %d", before, after)
		}
		w.paid(carl, history.StatusPaid)
		// Another format has no number of the bank's: it tells of the same money, and that is seen.
		other := w.read(mt940(credit{day: today, amount: "49.00", payer: "C", text: carlRef}, credit{day: today, amount: "49.00", payer: "A", text: annRef}))
		again := w.expect(other, "doubtful/other_format doubtful/other_format")
		w.book(other)
		if _, err := w.decide(other, again[0], statement.Accept, ""); fault.Of(err).Code != fault.Invalid {
			t.Errorf("money that has its payment: %v", err)
		}
		if n := w.count(`SELECT COUNT(*) FROM payments`); n != 3 {
			t.Errorf("%d payments", n)
		}
	})
}

// Entries without a number are told apart by what they say and how many said it that day.
func TestOverlappingStatementsCountOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		gift := credit{day: w.day(0), amount: "5.00", payer: "Z", text: "a gift"}
		other := credit{day: w.day(-1), amount: "5.00", payer: "Z", text: "a gift"}
		s := w.read(mt940(other, gift))
		w.book(s)
		w.expect(s, "doubtful/no_reference doubtful/no_reference")
		s = w.read(mt940(gift, gift, other, gift))
		w.expect(s, "left_out/counted_before doubtful/no_reference left_out/counted_before doubtful/no_reference")
	})
}

// A bank's number that is no number of one entry loses nobody's money: banks count anew with
// each day, or write the number of a statement at all of its entries.
func TestANumberThatComesAgainIsNoEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.book(w.read(camt(credit{day: w.day(-1), amount: "5.00", payer: "Ann", text: "a gift", id: "1"})))
		file := camt(
			credit{day: w.day(0), amount: "5.00", payer: "Bea", text: "a gift", id: "1"},
			credit{day: w.day(0), amount: "7.00", payer: "Cem", text: "a gift", id: "2"},
			credit{day: w.day(0), amount: "7.00", payer: "Dee", text: "a gift", id: "2"})
		s := w.read(file)
		w.expect(s, "doubtful/no_reference doubtful/no_reference doubtful/no_reference")
		w.book(s)
		w.expect(w.read(file), "left_out/counted_before left_out/counted_before left_out/counted_before")
	})
}

// A file of another account, and one that can't be read, leave nothing behind.
func TestFilesThatAreNotOursAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		mine := camt(credit{day: w.day(0), amount: "5.00", payer: "Z", text: "a gift"})
		for name, c := range map[string]struct{ file, code, want string }{
			"another account": {strings.Replace(mine, iban, "DE89370400440532013000", 1), "file.account", "DE89 3704 0044 0532 0130 00"},
			"cut off":         {mine[:len(mine)-40], "file.unreadable", "ends in the middle"},
			"new columns":     {"Date;Amount;Text\n2025-11-30;5,00;a gift\n", "columns.new", "Choose once"},
		} {
			_, err := w.Statements.Read(t.Context(), w.acme, statement.Upload{File: strings.NewReader(c.file)})
			if f := fault.Of(err); f.Code != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Code != c.code || !strings.Contains(f.Fields[0].Message, c.want) {
				t.Errorf("%s: %+v, %v", name, f, err)
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM statements`); n != 0 {
			t.Errorf("%d statements are kept", n)
		}
		// Columns are chosen once.
		list := "Date;Amount;Text\n" + w.day(0) + ";5,00;a gift\n"
		_, err := w.Statements.Read(t.Context(), w.acme, statement.Upload{File: strings.NewReader(list)})
		unknown := new(bankfile.NewColumns)
		if !errors.As(err, &unknown) {
			t.Fatal(err)
		}
		for _, columns := range []*bankfile.Columns{&unknown.Guess, nil} {
			s, err := w.Statements.Read(t.Context(), w.acme, statement.Upload{File: strings.NewReader(list), Columns: columns})
			if err != nil || s.Format != bankfile.CSV || s.Account != iban {
				t.Errorf("%+v, %v", s, err)
			}
		}
		none := w.acme
		none.ID = "biz_none"
		if _, err := w.Statements.Read(t.Context(), none, statement.Upload{File: strings.NewReader(mine)}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a business without an account: %v", err)
		}
	})
}

// Banks call an account by its IBAN, with a currency behind it, or by parts of it; a part
// that says too little is nobody's.
func TestAnAccountIsKnownByWhatBanksCallIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		for told, ours := range map[string]bool{
			iban: true, "NL91 ABNA 0417 1643 00": true, "nl91abna0417164300": true, iban + "EUR": true, iban + "EURO": false,
			"417164300": true, "0417164300": true, "417164300EUR": true, "41.71.64.300": true, "ABNA0417164300": true, "ABNA/417164300": true,
			"INGB/417164300": false, "ABNA/7164300": false, "164300": false, "64300": false, "417164301": false, "7164300": false,
			"91ABNA0417164300": false, "L91ABNA0417164300": false, "1ABNA0417164300": false, "1/ABNA0417164300": false, "X" + iban: false,
		} {
			file := strings.Replace(mt940(credit{day: w.day(0), amount: "5.00", payer: "Z", text: "a gift"}), ":25:"+iban, ":25:"+told, 1)
			_, err := w.Statements.Read(t.Context(), w.acme, statement.Upload{File: strings.NewReader(file)})
			if (err == nil) != ours || err != nil && fault.Of(err).Fields[0].Code != "file.account" {
				t.Errorf("%s is ours is %t: %v", told, err == nil, err)
			}
		}
	})
}

// Who is forgotten is forgotten here too.
func TestAnErasedCustomerIsForgottenByStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		ann, ref := w.asked(w.link(0), "Ann Fine")
		w.book(w.read(camt(credit{day: w.day(0), amount: "49.00", payer: "A FINE", text: ref + " from Ann"})))
		v := w.paid(ann, history.StatusPaid)
		if v.CustomerID == "" {
			c, err := w.Customers.Create(t.Context(), w.acme, customer.Fields{Name: "Ann", Email: ann.Payer.Email})
			if err != nil {
				t.Fatal(err)
			}
			v.CustomerID = c.ID
		}
		if err := w.Customers.Erase(t.Context(), w.acme.ID, v.CustomerID); err != nil {
			t.Fatal(err)
		}
		if n := w.count(`SELECT COUNT(*) FROM statement_entries WHERE payer <> '' OR said <> ''`); n != 0 {
			t.Error("their name is kept")
		}
	})
}
