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

// No provider sends a transfer back, so nothing says that one tries to, or refused.
func TestMoneyOfATransferThatWasTooMuchIsTheMerchantsToSendBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		form := url.Values{"name": {"Acme B.V."}, "iban": {"NL91 ABNA 0417 1643 00"}, "hold_days": {"7"}, "current_password": {dashboardtest.Password}}
		if got := b.Post("/dashboard/acme/settings/bank", form); got.Status != http.StatusSeeOther {
			t.Fatalf("saved: %d %s", got.Status, got.Said())
		}
		acme, err := s.Businesses.ByID(t.Context(), acme.ID)
		if err != nil {
			t.Fatal(err)
		}
		l := s.Link(t, acme, link.Fields{Name: "Seat", Limit: link.Limit{Kind: link.Multiple, Max: 2}})
		a, err := s.Payments.Start(t.Context(), payment.StartRequest{
			Business: acme, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name, Provider: banktransfer.Name,
			Payer: attempt.Payer{Name: "Ann Fine", Email: "ann@example.com", Language: "en"}, Attribution: attempt.Attribution{Channel: "recovery"},
		})
		if err != nil {
			t.Fatal(err)
		}
		at := "/dashboard/acme/transactions/" + string(a.ID)
		b.Post(at+"/release", nil)
		for _, email := range []string{"ben@example.com", "cem@example.com"} {
			s.Attempt(t, acme, l, "Ben", email, sandbox.Paid)
		}
		b.Post(at+"/arrived", url.Values{"amount": {"89.00"}, "paid_on": {dbtest.Start.Format(time.DateOnly)}})
		got := b.Get(at)
		if !got.Has("Send €89.00 back from your bank.", "To be sent back", "Waiting for you to send it back", "Because no place was left", "I have sent it back") {
			t.Errorf("what there is to do: %s", got.Said())
		}
		for _, untrue := range []string{"the provider refused", "The provider refused", "Refund failed", "On its way", "give it back from your bank", "bank_transfer"} {
			if got.Has(untrue) {
				t.Errorf("%q is said: %s", untrue, got.Said())
			}
		}
		if activity := b.Get("/dashboard/acme/links/" + string(l.ID)); activity.Has("Refund failed") || !activity.Has("Over the limit", "Asked again") {
			t.Errorf("the page of the link: %s", activity.Said())
		}
		told := func() (all []string) {
			for _, mail := range s.Mails(t) {
				if mail.To == "marit@example.com" && strings.Contains(mail.Text, a.ID.Code()) {
					all = append(all, mail.Subject+": "+mail.Text)
				}
			}
			return all
		}
		if all := told(); len(all) != 1 || !strings.Contains(all[0], "A transfer came when no place was left: ") || !strings.Contains(all[0], "Send the money back from your bank") || strings.Contains(all[0], "say so here") {
			t.Errorf("the owner is told %q", all)
		}
		if back := b.Post(at+"/gave-back", nil); back.Status != http.StatusSeeOther {
			t.Fatalf("gave back: %d %s", back.Status, back.Said())
		}
		if got := b.Get(at); !got.Has("and you sent it back", "Refunded") || got.Has("automatically") || got.Has("To be sent back") {
			t.Errorf("after it: %s", got.Said())
		}
		if all := told(); len(all) != 0 {
			t.Errorf("who sent it back is told of it: %q", all)
		}
	})
}
