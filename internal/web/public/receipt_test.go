package public_test

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
)

func TestAPaidPaymentHasAReceiptAndNoOtherDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Workshop", Path: "workshop", Description: "A full day.", Reference: "INV-7"})
		b := s.browser()
		paid := b.end("/acme/workshop", "paid")
		if thanks := b.get(paid); !strings.Contains(thanks.body, `href="`+paid+`/receipt"`) {
			t.Error("the thank-you page doesn't lead to the receipt")
		}
		got := b.get(paid + "/receipt")
		if got.StatusCode != http.StatusOK || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d, %q", got.StatusCode, got.Header.Get("Cache-Control"))
		}
		for _, words := range []string{"Receipt TEST-2026-00001", "€89.00", "Workshop", "A full day.", "INV-7", payer().Get("email"), "No real money"} {
			if !strings.Contains(got.body, words) {
				t.Errorf("the receipt lacks %q", words)
			}
		}
		failed := s.decide(s.start("/acme/workshop", payer()), "failed")
		for _, path := range []string{failed + "/receipt", "/pay/pay_00000000000000000000000000/receipt"} {
			if got := s.get(path); got.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", path, got.StatusCode)
			}
		}
	})
}

// A receipt says by when the link wanted to be paid when it was, whatever becomes of the link.
func TestAReceiptKeepsTheDueDateOfItsPayment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{Name: "Workshop", Path: "workshop", DueOn: "2026-02-20"})
		b := s.browser()
		paid := b.end("/acme/workshop", "paid")
		if _, err := s.links.Edit(t.Context(), s.business, l.ID, 0, func(f *link.Fields) { f.DueOn = "2026-03-31" }); err != nil {
			t.Fatal(err)
		}
		if got := b.get(paid + "/receipt"); !strings.Contains(got.body, "20 Feb 2026") || strings.Contains(got.body, "31 Mar 2026") {
			t.Error("the date moved, and the receipt with it")
		}
		if err := s.links.Delete(t.Context(), s.business, l.ID); err != nil {
			t.Fatal(err)
		}
		if got := b.get(paid + "/receipt"); !strings.Contains(got.body, "20 Feb 2026") {
			t.Error("the link was deleted, and the date went with it")
		}
	})
}

// The receipt and its credit notes are files too, for the payer alone, in their language.
func TestReceiptsAndCreditNotesAreFiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		rate := business.Rate(2100)
		if _, err := s.businesses.Update(t.Context(), s.business.ID, 0, business.Patch{Legal: &business.Legal{Name: "Noord B.V.", Address: "Kade 1\nAmsterdam", VATRate: &rate}}); err != nil {
			t.Fatal(err)
		}
		s.mustLink(link.Fields{Name: "Workshop", Path: "workshop", Description: "A full day."})
		b := s.browser()
		paid := b.end("/acme/workshop", "paid")
		id := payment.ID(strings.TrimPrefix(paid, "/pay/"))
		amount := money.Amount{Minor: 1234, Currency: "EUR"}
		made, err := s.payments.Refund(t.Context(), s.business.ID, id, payment.RefundRequest{Amount: &amount})
		if err != nil {
			t.Fatal(err)
		}
		page := b.get(paid + "/receipt")
		for _, words := range []string{`href="` + paid + `/receipt.pdf"`, `href="` + paid + `/credit-notes/` + made.CreditNote + `.pdf"`, "€73.55", "€15.45"} {
			if !strings.Contains(page.body, words) {
				t.Errorf("the page lacks %q", words)
			}
		}
		for path, want := range map[string][]string{
			"/receipt.pdf":                              {"Receipt TEST-2026-00001", "Workshop", "A full day.", "Noord B.V.", "Jonas Lindqvist", "€89.00", "€73.55", "Includes 21% VAT", "€15.45", made.CreditNote},
			"/receipt.pdf?lang=de":                      {"Beleg TEST-2026-00001", "89,00 €", "Enthält 21 % MwSt."},
			"/receipt.pdf?lang=ar":                      {"TEST-2026-00001", "Noord B.V.", "رمز الدفع"},
			"/credit-notes/" + made.CreditNote + ".pdf": {"Credit note " + made.CreditNote, "TEST-2026-00001", "€12.34", "€10.20", "€2.14", "Noord B.V."},
		} {
			got := b.get(paid + path)
			if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "application/pdf" || got.Header.Get("Cache-Control") != "no-store" ||
				!strings.HasPrefix(got.Header.Get("Content-Disposition"), `attachment; filename="TEST-`) {
				t.Errorf("%s: %d, %v", path, got.StatusCode, got.Header)
			}
			text := pdfText(t, got.body)
			for _, words := range want {
				if text != "" && !strings.Contains(text, words) {
					t.Errorf("%s lacks %q:\n%s", path, words, text)
				}
			}
			if stranger := s.get(paid + path); stranger.StatusCode != http.StatusForbidden || strings.Contains(stranger.body, "Jonas") {
				t.Errorf("%s for somebody else: %d", path, stranger.StatusCode)
			}
		}
		if got := b.get(paid + "/credit-notes/TEST-CN-2026-00002.pdf"); got.StatusCode != http.StatusNotFound {
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
