package bank_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestAnOwnerSetsTheAccountAndBooksATransfer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b, page := s.SignedIn(t, "marit@example.com"), "/dashboard/acme/settings/bank"
		s.Mails(t)
		form := url.Values{"name": {"Acme B.V."}, "iban": {"NL91 ABNA 0417 1643 01"}, "hold_days": {"7"}, "current_password": {dashboardtest.Password}}
		if got := b.Post(page, form); got.Status != http.StatusUnprocessableEntity || !got.Has("check digits do not fit", `value="NL91 ABNA 0417 1643 01"`) {
			t.Errorf("a wrong digit: %d %s", got.Status, got.Said())
		}
		form.Set("iban", "NL91 ABNA 0417 1643 00")
		if got := b.Post(page, dashboardtest.With(form, "current_password", "guessed")); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("without the password: %d", got.Status)
		}
		if got := b.Post(page, form); got.Status != http.StatusSeeOther {
			t.Fatalf("saved: %d %s", got.Status, got.Said())
		}
		if got := b.Get(page); !got.Has("NL91 ABNA 0417 1643 00", "What payers see", "Marit") {
			t.Errorf("the page: %s", got.Said())
		}
		told := 0
		for _, mail := range s.Mails(t) {
			if strings.Contains(mail.Text, "NL91 ABNA 0417 1643 00") {
				told++
			}
		}
		if told != 1 {
			t.Errorf("%d owners were told", told)
		}
		s.Link(t, acme, link.Fields{Name: "Earlier"})
		s.Attempt(t, acme, s.Link(t, acme, link.Fields{Name: "Paid"}), "Ben", "ben@example.com", sandbox.Paid)
		if got := b.Get("/dashboard/acme"); !got.Has("Marit de Boer changed the IBAN") {
			t.Errorf("the overview: %s", got.Said())
		}
		s.Mails(t)
		acme, err := s.Businesses.ByID(t.Context(), acme.ID)
		if err != nil || !acme.Transfers {
			t.Fatalf("transfers are offered: %v, %v", acme.Transfers, err)
		}
		l := s.Link(t, acme, link.Fields{Name: "Workshop"})
		a, err := s.Payments.Start(t.Context(), payment.StartRequest{
			Business: acme, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name, Provider: banktransfer.Name,
			Payer: attempt.Payer{Name: "Ann Fine", Email: "ann@example.com", Language: "en"},
		})
		if err != nil {
			t.Fatal(err)
		}
		at := "/dashboard/acme/transactions/" + string(a.ID)
		if got := b.Get(at); !got.Has("Bank transfer", "RF", "The money arrived", "Stop waiting for it", "The payer chose to pay €89.00 by bank transfer") || got.Has("The provider says") {
			t.Errorf("the transaction: %s", got.Said())
		}
		mailed := false
		for _, mail := range s.Mails(t) {
			mailed = mailed || mail.To == "ann@example.com" && strings.Contains(mail.Text, "NL91 ABNA 0417 1643 00") && strings.Contains(mail.Text, "RF")
		}
		if !mailed {
			t.Error("the payer got no mail with the account")
		}
		for _, typed := range []url.Values{
			{"amount": {"8x"}, "paid_on": {dbtest.Start.Format(time.DateOnly)}}, {"amount": {"8.00"}, "paid_on": {"2020-01-02"}}, {"amount": {"8.00"}, "paid_on": {"1800-01-01"}},
		} {
			got := b.Post(at+"/arrived", typed)
			if got.Status != http.StatusUnprocessableEntity || !got.Has(`value="`+typed.Get("amount")+`"`, `value="`+typed.Get("paid_on")+`"`, `aria-invalid="true"`) {
				t.Errorf("%v is not kept: %d %s", typed, got.Status, got.Said())
			}
		}
		if got := b.Post(at+"/arrived", url.Values{"amount": {"89.00"}, "paid_on": {dbtest.Start.Format(time.DateOnly)}}); got.Status != http.StatusSeeOther {
			t.Errorf("booked: %d %s", got.Status, got.Said())
		}
		if got := b.Get(at); !got.Has("€89.00 arrived", "Paid", "TEST-2026-00002") || got.Has("The money arrived") {
			t.Errorf("after it: %s", got.Said())
		}
		if got := b.Get(at + "?refund=yes"); !got.Has("you have refunded the money yourself; we move none") || got.Has("goes back the way it came") {
			t.Errorf("what a refund of a transfer does: %s", got.Said())
		}
		// Another page that was open still says that this one did nothing.
		if got := b.Post(at+"/arrived", url.Values{"amount": {"8x"}, "paid_on": {dbtest.Start.Format(time.DateOnly)}}); got.Status != http.StatusSeeOther || !b.Get(at).Has("Nothing was booked") {
			t.Errorf("booked once more: %d %s", got.Status, got.Said())
		}
		s.Business(t, "zenith", "zoe@example.com")
		if got := s.SignedIn(t, "zoe@example.com").Post("/dashboard/zenith/transactions/"+string(a.ID)+"/release", nil); got.Status != http.StatusNotFound {
			t.Errorf("another business: %d", got.Status)
		}
	})
}

// A typing slip, money that went back and money that is kept all end: no place is held for ever.
func TestAnOwnerDecidesOnATransferOfAnotherAmount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		form := url.Values{"name": {"Acme B.V."}, "iban": {"NL91 ABNA 0417 1643 00"}, "hold_days": {"۷"}, "current_password": {dashboardtest.Password}}
		if got := b.Post("/dashboard/acme/settings/bank", form); got.Status != http.StatusSeeOther {
			t.Fatalf("saved: %d %s", got.Status, got.Said())
		}
		acme, err := s.Businesses.ByID(t.Context(), acme.ID)
		if err != nil {
			t.Fatal(err)
		}
		l := s.Link(t, acme, link.Fields{Name: "Workshop"})
		doubtful := func(email string) string {
			t.Helper()
			a, err := s.Payments.Start(t.Context(), payment.StartRequest{
				Business: acme, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name, Provider: banktransfer.Name,
				Payer: attempt.Payer{Name: "Ann Fine", Email: email, Language: "en"},
			})
			if err != nil {
				t.Fatal(err)
			}
			at := "/dashboard/acme/transactions/" + string(a.ID)
			b.Post(at+"/arrived", url.Values{"amount": {"7.00"}, "paid_on": {dbtest.Start.Format(time.DateOnly)}})
			if got := b.Get(at); !got.Has("Another amount than €89.00 came", "Take €7.00 as the payment", "It was a mistake, or I sent it back") || got.Has("Mark as checked") {
				t.Fatalf("the transaction: %s", got.Said())
			}
			return at
		}
		for act, said := range map[string][]string{
			"/keep":    {"Taken as the payment", "€7.00 was paid", "You took another amount as the payment", "TEST-2026-00001"},
			"/release": {"You said that the money was a mistake or was sent back", "The money arrived"},
		} {
			at := doubtful(act[1:] + "@example.com")
			if got := b.Post(at+act, nil); got.Status != http.StatusSeeOther {
				t.Fatalf("%s: %d %s", act, got.Status, got.Said())
			}
			if got := b.Get(at); !got.Has(said...) || got.Has("It was a mistake, or I sent it back") {
				t.Errorf("%s: %s", act, got.Said())
			}
		}
		at := doubtful("slip@example.com")
		b.Post(at+"/arrived", url.Values{"amount": {"89.00"}, "paid_on": {dbtest.Start.Format(time.DateOnly)}})
		if got := b.Get(at); !got.Has("€89.00 was paid") {
			t.Errorf("put right: %s", got.Said())
		}
		s.Business(t, "zenith", "zoe@example.com")
		for _, act := range []string{"keep", "release"} {
			if got := s.SignedIn(t, "zoe@example.com").Post("/dashboard/zenith/transactions/"+at[len("/dashboard/acme/transactions/"):]+"/"+act, nil); got.Status != http.StatusNotFound {
				t.Errorf("another business, %s: %d", act, got.Status)
			}
		}
	})
}
