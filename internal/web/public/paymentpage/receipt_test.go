package paymentpage_test

import (
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/web/public/publictest"
)

func TestAPaidPaymentHasAReceiptAndNoOtherDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Workshop", Path: "workshop", Description: "A full day.", Reference: "INV-7"})
		b := s.Browser()
		paid := b.End("/acme/workshop", "paid")
		if thanks := b.Get(paid); !strings.Contains(thanks.Body, `href="`+paid+`/receipt"`) {
			t.Error("the thank-you page doesn't lead to the receipt")
		}
		got := b.Get(paid + "/receipt")
		if got.StatusCode != http.StatusOK || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d, %q", got.StatusCode, got.Header.Get("Cache-Control"))
		}
		for _, words := range []string{"Receipt TEST-2026-00001", "€89.00", "Workshop", "A full day.", "INV-7", publictest.Payer().Get("email"), "No real money"} {
			if !strings.Contains(got.Body, words) {
				t.Errorf("the receipt lacks %q", words)
			}
		}
		failed := s.Decide(s.Start("/acme/workshop", publictest.Payer()), "failed")
		for _, path := range []string{failed + "/receipt", "/pay/pay_00000000000000000000000000/receipt"} {
			if got := s.Get(path); got.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", path, got.StatusCode)
			}
		}
	})
}

// A receipt says by when the link wanted to be paid when it was, whatever becomes of the link.
func TestAReceiptKeepsTheDueDateOfItsPayment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Workshop", Path: "workshop", DueOn: "2026-02-20"})
		b := s.Browser()
		paid := b.End("/acme/workshop", "paid")
		if _, err := s.Links.Edit(t.Context(), s.Business, l.ID, 0, func(f *link.Fields) { f.DueOn = "2026-03-31" }); err != nil {
			t.Fatal(err)
		}
		if got := b.Get(paid + "/receipt"); !strings.Contains(got.Body, "20 Feb 2026") || strings.Contains(got.Body, "31 Mar 2026") {
			t.Error("the date moved, and the receipt with it")
		}
		if err := s.Links.Delete(t.Context(), s.Business, l.ID); err != nil {
			t.Fatal(err)
		}
		if got := b.Get(paid + "/receipt"); !strings.Contains(got.Body, "20 Feb 2026") {
			t.Error("the link was deleted, and the date went with it")
		}
	})
}

// The receipt and its credit notes are files too, for the payer alone, in their language.
func TestReceiptsAndCreditNotesAreFiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		rate := business.Rate(2100)
		if _, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{Legal: &business.Legal{Name: "Noord B.V.", Address: "Kade 1\nAmsterdam", VATRate: &rate}}); err != nil {
			t.Fatal(err)
		}
		s.MustLink(link.Fields{Name: "Workshop", Path: "workshop", Description: "A full day."})
		b := s.Browser()
		paid := b.End("/acme/workshop", "paid")
		id := attempt.ID(strings.TrimPrefix(paid, "/pay/"))
		amount := money.Amount{Minor: 1234, Currency: "EUR"}
		made, err := s.Payments.Refund(t.Context(), s.Business.ID, id, payment.RefundRequest{Amount: &amount})
		if err != nil {
			t.Fatal(err)
		}
		page := b.Get(paid + "/receipt")
		for _, words := range []string{`href="` + paid + `/receipt.pdf"`, `href="` + paid + `/credit-notes/` + made.CreditNote + `.pdf"`, "€73.55", "€15.45"} {
			if !strings.Contains(page.Body, words) {
				t.Errorf("the page lacks %q", words)
			}
		}
		for path, want := range map[string][]string{
			"/receipt.pdf":                              {"Receipt TEST-2026-00001", "Workshop", "A full day.", "Noord B.V.", "Jonas Lindqvist", "€89.00", "€73.55", "Includes 21% VAT", "€15.45", made.CreditNote},
			"/receipt.pdf?lang=de":                      {"Beleg TEST-2026-00001", "89,00 €", "Enthält 21 % MwSt."},
			"/receipt.pdf?lang=ar":                      {"TEST-2026-00001", "Noord B.V.", "رمز الدفع"},
			"/credit-notes/" + made.CreditNote + ".pdf": {"Credit note " + made.CreditNote, "TEST-2026-00001", "€12.34", "€10.20", "€2.14", "Noord B.V."},
		} {
			got := b.Get(paid + path)
			if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "application/pdf" || got.Header.Get("Cache-Control") != "no-store" ||
				!strings.HasPrefix(got.Header.Get("Content-Disposition"), `attachment; filename="TEST-`) {
				t.Errorf("%s: %d, %v", path, got.StatusCode, got.Header)
			}
			text := pdfText(t, got.Body)
			for _, words := range want {
				if text != "" && !strings.Contains(text, words) {
					t.Errorf("%s lacks %q:\n%s", path, words, text)
				}
			}
			if stranger := s.Get(paid + path); stranger.StatusCode != http.StatusForbidden || strings.Contains(stranger.Body, "Jonas") {
				t.Errorf("%s for somebody else: %d", path, stranger.StatusCode)
			}
		}
		if got := b.Get(paid + "/credit-notes/TEST-CN-2026-00002.pdf"); got.StatusCode != http.StatusNotFound {
			t.Errorf("a credit note that there is not: %d", got.StatusCode)
		}
	})
}

// pdfText is the text of a file, "" where nothing here can read it.
func pdfText(t *testing.T, file string) string {
	t.Helper()
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		return ""
	}
	command := exec.CommandContext(t.Context(), program, "-layout", "-", "-")
	command.Stdin = strings.NewReader(file)
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
