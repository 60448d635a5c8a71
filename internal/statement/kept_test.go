package statement_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/statement"
)

// A file of many entries is kept whole, under its name without the folders before it, and
// statements are listed page by page, the newest first.
func TestStatementsAreKeptAndListed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		var ids []statement.ID
		for i, name := range []string{`C:\bank\march.xml`, "/tmp/april.xml", "may.xml", "x/" + strings.Repeat("ö", 121)} {
			w.pass(1)
			many := make([]credit, 1)
			if i == 0 {
				many = make([]credit, 800)
			}
			for n := range many {
				many[n] = credit{day: w.day(-n % 3), amount: "1.00", payer: "P", text: "a gift", id: fmt.Sprint(i, "-", n)}
			}
			s, err := w.Statements.Read(t.Context(), w.acme, statement.Upload{Name: name, File: strings.NewReader(camt(many...)), By: "Marit"})
			if err != nil || s.Entries != int64(len(many)) || s.CameMinor != int64(len(many)*100) || s.LastDay != w.day(0) || s.FirstDay != w.day(-min(2, len(many)-1)) {
				t.Fatalf("%+v, %v", s, err)
			}
			if want := []string{"march.xml", "april.xml", "may.xml", strings.Repeat("ö", 120)}[i]; s.Name != want {
				t.Errorf("%s is kept as %s", name, s.Name)
			}
			all, err := w.Statements.AllEntries(t.Context(), w.acme.ID, s.ID)
			if err != nil || len(all) != len(many) || all[len(all)-1].Number != int64(len(many)) {
				t.Errorf("%d entries are kept, %v", len(all), err)
			}
			ids = append([]statement.ID{s.ID}, ids...)
		}
		var listed []statement.ID
		for cursor, page := "", 1; ; page++ {
			some, next, err := w.Statements.List(t.Context(), w.acme, cursor, 2)
			if err != nil || len(some) != 2 || page > 2 {
				t.Fatalf("page %d: %d, %v", page, len(some), err)
			}
			for _, s := range some {
				listed = append(listed, s.ID)
			}
			if cursor = next; cursor == "" {
				break
			}
		}
		if fmt.Sprint(listed) != fmt.Sprint(ids) {
			t.Errorf("listed %s, not %s", listed, ids)
		}
		if _, _, err := w.Statements.List(t.Context(), w.acme, "stm_1", 2); !fault.Is(err, fault.Invalid) {
			t.Errorf("an odd cursor: %v", err)
		}
		// Thirty days later nobody is going to book them: the first of the four is that old.
		w.pass(26)
		for _, left := range []int64{4, 4, 3, 2} {
			if err := w.Statements.DeleteOld(t.Context()); err != nil || w.count(`SELECT COUNT(*) FROM statements`) != left {
				t.Errorf("%d are kept, not %d, %v", w.count(`SELECT COUNT(*) FROM statements`), left, err)
			}
			w.pass(1)
		}
	})
}

// What a member recorded within a week of the bank's day, of the same amount and link, may
// be the same money; anything else is not.
func TestWhatMayHaveBeenRecordedByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, c := range map[string]struct {
			paidOn int // days from the bank's
			amount string
			other  bool // another link
			email  bool // but the same payer
			want   string
		}{
			"the same day":             {0, "49.00", false, false, "doubtful/by_hand"},
			"a week before":            {-7, "49.00", false, false, "doubtful/by_hand"},
			"eight days before":        {-8, "49.00", false, false, "matched/reference"},
			"another amount":           {0, "48.00", false, false, "matched/reference"},
			"another link":             {0, "49.00", true, false, "matched/reference"},
			"another link, same payer": {0, "49.00", true, true, "doubtful/by_hand"},
		} {
			w := mustWorldNamed(t, d, "b"+strings.ReplaceAll(strings.ReplaceAll(name, " ", ""), ",", ""))
			l := w.link(0)
			ann, ref := w.asked(l, "Ann Fine")
			r := payment.RecordRequest{Business: w.acme, LinkID: l.ID, Amount: l.Price(), Method: payment.HandTransfer, By: "Marit", PaidOn: w.day(c.paidOn), Email: "somebody@example.com"}
			if c.other {
				r.LinkID = w.link(0).ID
			}
			if c.email {
				r.Email = strings.ToUpper(ann.Payer.Email)
			}
			if c.amount != "49.00" {
				r.Amount.Minor = 4800
			}
			if _, err := w.Payments.Record(t.Context(), r); err != nil {
				t.Fatal(name, err)
			}
			s := w.read(camt(credit{day: w.day(0), amount: "49.00", payer: "A", text: ref}))
			if _, said := w.entries(s); said != c.want {
				t.Errorf("%s: %s, not %s", name, said, c.want)
			}
		}
	})
}

// References are found wherever they stand, each once, and what may be one with a slip in it
// is told from what is none.
func TestReferencesAreFoundWhereverTheyStand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		_, ref := w.asked(w.link(0), "Ann Fine")
		for text, want := range map[string]string{
			ref + " " + ref: "matched/reference", "RF RFRF " + ref: "matched/reference", "RF" + ref + "RF": "matched/reference", ref[:19]: "doubtful/unknown_reference",
			"RF12 345678": "doubtful/unknown_reference", "RFO1 234567": "doubtful/unknown_reference", "RF1O 234567": "doubtful/unknown_reference", "RF12 34567": "doubtful/no_reference",
			"surf and RF12 345678": "doubtful/unknown_reference", "surf RFA1 2345678": "doubtful/no_reference", "surf RF1A 2345678": "doubtful/no_reference", "RF": "doubtful/no_reference",
		} {
			if _, said := w.entries(w.read(camt(credit{day: w.day(0), amount: "49.00", payer: "A", text: text}))); said != want {
				t.Errorf("%q: %s, not %s", text, said, want)
			}
		}
	})
}

// Money that was booked days before it was asked for, or comes tomorrow, pays nothing by itself; the
// day on which it went back is one between.
func TestDaysOfMoneyAreInTheirOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.link(0)
		_, ref := w.asked(l, "Ann Fine")
		for days, want := range map[int]string{-2: "doubtful/too_early", -1: "matched/reference", 0: "matched/reference", 1: "doubtful/in_future"} {
			if _, said := w.entries(w.read(camt(credit{day: w.day(days), amount: "49.00", payer: "A", text: ref}))); said != want {
				t.Errorf("booked %d days from today: %s, not %s", days, said, want)
			}
		}
		s := w.read(camt(credit{day: w.day(-1), amount: "49.00", payer: "A", text: "a gift"}))
		e := w.expect(s, "doubtful/no_reference")[0]
		for day, want := range map[string]string{w.day(-2): "day.early", w.day(1): "day.invalid", "soon": "day.invalid", w.day(-1): "", w.day(0): ""} {
			_, err := w.Statements.Decide(t.Context(), w.acme, s.ID, e.ID, statement.Decision{Act: statement.Returned, Day: day})
			if want == "" && err == nil {
				continue
			}
			if f := fault.Of(err); len(f.Fields) != 1 || f.Fields[0].Code != want {
				t.Errorf("went back on %s: %v, not %q", day, err, want)
			}
		}
	})
}

// Who is asked for money just after midnight may have it booked on the day before: the bank's
// clock is not the business's. It is their payment by its reference, by a person's word and by
// hand, and it is not paid before it was asked for.
func TestMoneyAskedForAtMidnightIsBookedTheDayBefore(t *testing.T) {
	const byReference, byPerson, byHand = "by its reference", "by a person", "by hand"
	for _, how := range []string{byReference, byPerson, byHand} {
		t.Run(how, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := mustWorld(t, d)
				now := d.Clock().Now().In(w.acme.Location())
				d.Clock().SetOffset(time.Date(now.Year(), now.Month(), now.Day()+1, 0, 10, 0, 0, w.acme.Location()).Sub(now))
				a, text := w.asked(w.link(1), "Ann Fine")
				if how == byHand {
					if err := w.Transfers.Book(t.Context(), w.acme, a.ID, banktransfer.Booked{Amount: a.Amount, Day: w.day(-2)}); fault.Of(err).Code != fault.Invalid {
						t.Errorf("booked two days before: %v", err)
					}
					if err := w.Transfers.Book(t.Context(), w.acme, a.ID, banktransfer.Booked{Amount: a.Amount, Day: w.day(-1)}); err != nil {
						t.Fatal(err)
					}
					if _, err := w.Payments.Sync(t.Context(), w.acme.ID, a.ID, attempt.CauseMerchant); err != nil {
						t.Fatal(err)
					}
				} else {
					want := "matched/reference"
					if how == byPerson {
						text, want = "workshop", "doubtful/no_reference"
					}
					s := w.read(camt(credit{day: w.day(-1), amount: "49.00", payer: "A FINE", text: text, iban: "NL20INGB0001234567"}))
					e := w.expect(s, want)[0]
					w.book(s)
					if how == byPerson {
						w.must(w.decide(s, e, statement.Assign, a.ID))
					}
				}
				if v := w.paid(a, history.StatusPaid); v.Late() || v.PaidAt.Before(a.CreatedAt) {
					t.Errorf("paid at %s, asked for at %s", v.PaidAt, a.CreatedAt)
				}
			})
		})
	}
}
