package message_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/job/jobtest"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/picture"
	"smartlinks/internal/product"
	"smartlinks/internal/receipt"
	"smartlinks/internal/tag"
)

// shop is a world in which money comes in.
type shop struct {
	*world
	link     link.Link
	payments *payment.Payments
	sandbox  *sandbox.Sandbox
}

// mustShop makes a link of two places, owned by Marit.
func mustShop(t *testing.T, d *db.DB) *shop {
	t.Helper()
	w := mustWorld(t, d)
	s := &shop{world: w, sandbox: sandbox.New(d, jobtest.New(t, d), make([]byte, 32), addresstest.Book(), http.DefaultClient, slog.New(slog.DiscardHandler))}
	links := link.New(d, tag.New(d), product.New(d, picture.NewDecoder()))
	s.payments = payment.New(payment.Config{
		DB: d, Queue: jobtest.New(t, d), Links: links, Businesses: businesstest.New(t, d), Customers: customer.New(d, tag.New(d)), Providers: map[string]provider.Provider{business.Sandbox: s.sandbox},
		Effects:   []payment.Effect{{Name: "receipt", Begin: w.messages.Receipts}, {Name: "tell members", Begin: w.messages.NotifyMembers}},
		Reactions: []payment.Reaction{{Name: "tell", Do: w.messages.NotifyMovement}},
		Addresses: addresstest.Book(), Log: slog.New(slog.DiscardHandler),
	})
	price := money.Amount{Minor: 8900, Currency: "EUR"}
	var err error
	if s.link, err = links.Create(t.Context(), w.business, link.Fields{Active: true, Name: "Workshop", Type: link.Amount, Amount: &price, Limit: link.Limit{Kind: link.Multiple, Max: 2}}); err != nil {
		t.Fatal(err)
	}
	accounts := account.New(d, d.Random(), false)
	owner, err := accounts.PrepareOwner(t.Context(), account.OwnerDraft{Name: "Marit", Email: "marit@noord.example", Password: "paint-the-north"})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.InTx(t.Context(), func(tx *db.Tx) error {
		_, err := accounts.CreateOwnerTx(t.Context(), tx, w.business.ID, owner)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

// start begins to pay for the workshop.
func (s *shop) start(name string) attempt.Attempt {
	s.t.Helper()
	a, err := s.payments.Start(s.t.Context(), payment.StartRequest{
		Business: s.business, Source: attempt.SourceLink, Link: &s.link, Version: s.link.Version, Amount: s.link.Price(), Title: s.link.Name,
		Payer: attempt.Payer{Name: name, Email: strings.ToLower(name) + "@example.com", Language: "en"},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// pay pays for the workshop, and settles twice.
func (s *shop) pay(name string) attempt.Attempt {
	s.t.Helper()
	a := s.start(name)
	if _, err := s.sandbox.Decide(s.t.Context(), a.ProviderRef, sandbox.Paid, sandbox.Lost); err != nil {
		s.t.Fatal(err)
	}
	for range 2 {
		if _, err := s.payments.Sync(s.t.Context(), s.business.ID, a.ID, attempt.CauseReturn); err != nil {
			s.t.Fatal(err)
		}
	}
	return a
}

// subjects are what arrived, by recipient.
func (s *shop) subjects() (all []string) {
	s.t.Helper()
	s.sendDue()
	for _, l := range s.server.letters {
		all = append(all, l.To.Address+": "+l.Subject)
	}
	s.server.letters = nil
	return all
}

func TestAPaymentSendsItsMailsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustShop(t, d)
		s.pay("Amara")
		if got := s.subjects(); !same(got, "amara@example.com: Receipt TEST-2026-00001 from Business acme", "marit@noord.example: Amara paid €89.00") {
			t.Errorf("the first payment sent %q", got)
		}
		s.pay("Jonas")
		if got := s.subjects(); !same(got, "jonas@example.com: Receipt TEST-2026-00002 from Business acme", "marit@noord.example: Jonas paid €89.00", "marit@noord.example: Workshop reached its limit") {
			t.Errorf("the last payment sent %q", got)
		}
	})
}

func TestAnswersOfOwnersGoToTheCustomer(t *testing.T) {
	d := dbtest.SQLite(t)
	s := mustShop(t, d)
	s.pay("Amara")
	s.sendDue()
	for _, l := range s.server.letters {
		if strings.HasPrefix(l.To.Address, "marit") && l.ReplyTo != "amara@example.com" {
			t.Errorf("an answer goes to %q", l.ReplyTo)
		}
	}
}

func TestOwnersHearWhatTheyWantToHear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustShop(t, d)
		var owner account.UserID
		if err := d.Get(t.Context(), &owner, `SELECT user_id FROM members WHERE business_id = $1`, s.business.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.messages.Choose(t.Context(), s.business, owner, message.Choice{Summary: message.Never}); err != nil {
			t.Fatal(err)
		}
		s.pay("Amara")
		s.pay("Jonas")
		if got := s.subjects(); len(got) != 2 {
			t.Errorf("sent %q", got)
		}
	})
}

// A mail server that is away costs no payment.
func TestPaymentsNeverWaitForMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustShop(t, d)
		s.server.fails = func(email.Mail) error { return &email.Refusal{Step: email.Connecting, Away: true} }
		s.pay("Amara")
		s.pay("Jonas")
		s.sendDue()
		var paid int64
		if err := d.Get(t.Context(), &paid, `SELECT COUNT(*) FROM payments WHERE status = 'accepted'`); err != nil || paid != 2 {
			t.Errorf("%d payments, %v", paid, err)
		}
	})
}

func same(got []string, want ...string) bool {
	if len(got) != len(want) {
		return false
	}
	for _, w := range want {
		found := false
		for _, g := range got {
			found = found || g == w
		}
		if !found {
			return false
		}
	}
	return true
}

// A receipt bears who gave it, as it was then.
func TestAReceiptKeepsWhoGaveIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustShop(t, d)
		rate := business.Rate(2100)
		legal := business.Legal{Name: "Noord B.V.", Address: "Kade 1\nAmsterdam", VATNumber: "NL001", VATRate: &rate}
		businesses := businesstest.New(t, d)
		if _, err := businesses.Update(t.Context(), s.business.ID, 0, business.Patch{Legal: &legal}); err != nil {
			t.Fatal(err)
		}
		s.pay("Amara")
		if _, err := businesses.Update(t.Context(), s.business.ID, 0, business.Patch{Legal: &business.Legal{Name: "Zuid B.V."}}); err != nil {
			t.Fatal(err)
		}
		s.sendDue()
		var id attempt.ID
		if err := d.Get(t.Context(), &id, `SELECT id FROM payments`); err != nil {
			t.Fatal(err)
		}
		kept, err := receipt.IssuerOf(t.Context(), d, s.business.ID, id)
		if err != nil || kept.Name != legal.Name || kept.Address != legal.Address || kept.VATRate == nil || *kept.VATRate != rate {
			t.Errorf("kept %+v, %v", kept, err)
		}
		for _, l := range s.server.letters {
			if !strings.HasPrefix(l.To.Address, "amara") {
				continue
			}
			for _, words := range []string{"Noord B.V.", "Kade 1", "VAT number NL001", "Includes 21% VAT: €15.45"} {
				if !strings.Contains(l.Text, words) {
					t.Errorf("the receipt lacks %q:\n%s", words, l.Text)
				}
			}
		}
	})
}

func TestMoneyThatMovesAfterwardsIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustShop(t, d)
		a := s.pay("Amara")
		s.subjects()
		part := money.Amount{Minor: 900, Currency: "EUR"}
		if _, err := s.payments.Refund(t.Context(), s.business.ID, a.ID, payment.RefundRequest{Amount: &part}); err != nil {
			t.Fatal(err)
		}
		if got := s.subjects(); !same(got, "amara@example.com: Refund of €9.00 from Business acme") {
			t.Errorf("a refund sent %q", got)
		}
		for _, o := range []sandbox.Outcome{sandbox.Disputed, sandbox.DisputeLost} {
			if _, err := s.sandbox.Decide(t.Context(), a.ProviderRef, o, sandbox.Lost); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if _, err := s.payments.Sync(t.Context(), s.business.ID, a.ID, attempt.CauseMerchant); err != nil {
					t.Fatal(err)
				}
			}
		}
		if got := s.subjects(); !same(got, "marit@noord.example: A payer’s bank asks for money back", "marit@noord.example: A dispute was lost") {
			t.Errorf("a dispute sent %q", got)
		}
		b := s.pay("Bo")
		s.subjects()
		for _, o := range []sandbox.Outcome{sandbox.Disputed, sandbox.DisputeLost} {
			if _, err := s.sandbox.Decide(t.Context(), b.ProviderRef, o, sandbox.Lost); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.payments.Sync(t.Context(), s.business.ID, b.ID, attempt.CauseMerchant); err != nil {
			t.Fatal(err)
		}
		if got := s.subjects(); !same(got, "marit@noord.example: A dispute was lost") {
			t.Errorf("a dispute that was decided before we heard of it sent %q", got)
		}
	})
}

// Money that a member writes down may be nobody's.
func TestMoneyOfNobodyKnownIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustShop(t, d)
		if _, err := s.payments.Record(t.Context(), payment.RecordRequest{Business: s.business, LinkID: s.link.ID, Amount: s.link.Price(), Method: payment.HandCash}); err != nil {
			t.Fatal(err)
		}
		if got := s.subjects(); !same(got, "marit@noord.example: Somebody paid €89.00") {
			t.Errorf("sent %q", got)
		}
		price := s.link.Price()
		if got := (message.NewsItem{What: message.NewsPaid, Title: "Workshop", Amount: &price}).Line(s.messages.Localizer("nl")); !strings.HasPrefix(got, "Iemand ") {
			t.Errorf("a channel reads %q", got)
		}
	})
}

// Where the business wants that, receipt and credit note go with their mails: to an address
// that nobody has confirmed without what a payer typed.
func TestReceiptsGoWithTheirMailsWhereWanted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustShop(t, d)
		if _, err := s.messages.ChangeSettings(t.Context(), s.business.ID, 0, message.SettingsPatch{AttachPDF: new(true)}); err != nil {
			t.Fatal(err)
		}
		a := s.pay("Amara")
		part := money.Amount{Minor: 1200, Currency: "EUR"}
		if _, err := s.payments.Refund(t.Context(), s.business.ID, a.ID, payment.RefundRequest{Amount: &part}); err != nil {
			t.Fatal(err)
		}
		s.sendDue()
		var names []string
		for _, l := range s.server.letters {
			for _, f := range l.Files {
				names = append(names, f.Name)
				if source, err := l.Source(); err != nil || !strings.Contains(string(source), "multipart/mixed") || !strings.Contains(string(source), `filename="`+f.Name+`"`) {
					t.Errorf("%s does not travel: %v", f.Name, err)
				}
				if !bytes.HasPrefix(f.Body, []byte("%PDF-")) || f.Type != "application/pdf" {
					t.Errorf("%s is %.20q", f.Name, f.Body)
				}
				if program, err := exec.LookPath("pdftotext"); err == nil {
					command := exec.CommandContext(t.Context(), program, "-", "-")
					command.Stdin = bytes.NewReader(f.Body)
					if text, err := command.Output(); err != nil || strings.Contains(string(text), "Amara") || strings.Contains(string(text), "amara@") {
						t.Errorf("%s tells a stranger who paid: %s, %v", f.Name, text, err)
					}
				}
			}
		}
		if !same(names, "TEST-2026-00001.pdf", "TEST-CN-2026-00001.pdf") {
			t.Errorf("with the mails went %v", names)
		}
	})
}
