package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// ourIBAN is the account of the business.
const ourIBAN = "NL91ABNA0417164300"

// An invoice is paid without any provider: due in a week, reminded of, transferred by the
// code that the payer's bank scans, and booked from the bank's statement. Then it is paid,
// has a receipt, and nobody is reminded any more.
func TestAnInvoiceIsPaidByBankTransfer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		who := Decode[IDJSON](t, s.API(t, "POST", "/customers", `{"name": "Ann Okafor", "email": "`+annMail+`"}`)).ID
		merchant := NewBrowser(t)
		s.SignIn(t, merchant)
		Do(t, merchant, "say where the money goes",
			chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/settings/bank"),
			chromedp.SendKeys(chromedp.CSS("#name"), "Acme Events"),
			chromedp.SendKeys(chromedp.CSS("#iban"), "NL91 ABNA 0417 1643 00"),
			chromedp.SendKeys(chromedp.CSS("#current_password"), OwnerPassword),
			chromedp.Submit(chromedp.CSS("#iban")), BodyHas("Payers can pay by bank transfer"),
		)
		Do(t, merchant, "write an invoice that is due in a week",
			chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/links/new"),
			chromedp.SendKeys(chromedp.CSS("#name"), "Invoice 1042"),
			chromedp.SendKeys(chromedp.CSS("#amount"), "49.00"),
			Ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector('[name=limit][value=once]').click()`)),
			Choosing("#customer-id", who), Until(`document.querySelector('[name=by]:checked')?.value == 'email'`),
			Ignoring(chromedp.Evaluate[chromedp.Void](`void (() => {
				document.querySelector('#due_on').value = `+Quote(s.today(t).AddDate(0, 0, 7).Format(time.DateOnly))+`;
				document.querySelector('#remind').checked || document.querySelector('#remind').click();
				document.querySelector('#remind_days').value = '-3, 0, 7';
			})()`)), Choosing("#remind_every", "due"),
			chromedp.Submit(chromedp.CSS("#name")),
			Until(`document.readyState == "complete" && !document.querySelector('#link-form')`), BodyHas("Link sent"),
		)
		detail := Read(t, merchant, "read the link's address", chromedp.Location())
		link := detail[strings.LastIndex(detail, "/")+1:]
		mail := s.MailTo(t, annMail)
		s.awaitPlan(t, link)
		s.Advance(t, "120h") // past all of the day that is three before it is due
		s.expectMails(t, "reminded", "Invoice 1042", 2)

		payer := Fresh(t, merchant)
		Do(t, payer, "choose to transfer it",
			chromedp.Navigate(mail.LinkTo(t, "/r/")), BodyHas("Invoice 1042"),
			Clicking(`document.querySelector('button[name=method][value=bank_transfer]')`), BodyHas("Transfer €49.00"), BodyHas("NL91 ABNA 0417 1643 00"),
		)
		page := Read(t, payer, "read the page's address", chromedp.Location())
		lines := scanned(t, Read(t, payer, "take a picture of the code", chromedp.Screenshot(chromedp.CSS(`img[src*="transfer.svg"]`))))
		// EPC069-12, version 2: the BIC may be left out.
		want := []string{"BCD", "002", "1", "SCT", "", "Acme Events", ourIBAN, "EUR49.00", ""}
		if len(lines) < 10 || strings.Join(lines[:9], "|") != strings.Join(want, "|") || !strings.HasPrefix(lines[9], "RF") {
			t.Fatalf("the code says %q", lines)
		}

		file := filepath.Join(t.TempDir(), "statement.xml")
		if err := os.WriteFile(file, []byte(camt(s.today(t), "invoice, "+strings.ToLower(lines[9]))), 0o600); err != nil {
			t.Fatal(err)
		}
		Do(t, merchant, "upload what the bank says",
			chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/statements"),
			chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file}), chromedp.Submit(chromedp.CSS("#file")),
			BodyHas("Nothing booked yet"), BodyHas("Ann Okafor"), BodyHas("Reference and amount"),
		)
		if got := s.Link(t, link); got.Limit.Used != 0 || got.Limit.Held != 1 {
			t.Errorf("before it is booked: %+v", got.Limit)
		}
		Do(t, merchant, "book it", Clicking(`document.querySelector('#statement-acts button:last-child')`), BodyHas("The statement is booked"))
		Do(t, payer, "see that it is paid", chromedp.Navigate(page), BodyHas("Thank you, Ann"))
		Do(t, merchant, "see it among the transactions", chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/transactions"), BodyHas("Ann Okafor"), BodyHas("Paid"))

		paid := Decode[struct {
			Data []struct {
				Status, Provider, Receipt string
				PDF                       string `json:"receipt_pdf"`
			}
		}](t, s.API(t, "GET", "/payments?link_id="+link, "")).Data
		if len(paid) != 1 || paid[0].Status != "paid" || paid[0].Provider != "bank_transfer" || paid[0].Receipt == "" {
			t.Fatalf("%+v", paid)
		}
		pdf := Get(t, paid[0].PDF)
		if pdf.Status != http.StatusOK || pdf.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(pdf.Body, "%PDF-") {
			t.Errorf("the receipt as PDF: %d %s", pdf.Status, pdf.Header.Get("Content-Type"))
		}
		s.expectMails(t, "paid, with how to transfer it and a receipt", "", 4)
		s.Advance(t, "336h") // beyond the day it was due, and a week later
		s.expectMails(t, "two weeks later", "", 4)
		if got := s.API(t, "GET", "/links/"+link, ""); !strings.Contains(got.Body, `"status":"complete"`) || strings.Contains(got.Body, `"overdue":true`) {
			t.Errorf("its reminders go on: %s", got.Body)
		}
	})
}

// today is the day by the application's clock.
func (s *site) today(t *testing.T) time.Time {
	t.Helper()
	return Decode[struct{ Now time.Time }](t, s.API(t, "GET", "/sandbox/clock", "")).Now.UTC()
}

// expectMails wants so many mails to Ann, of what holds the words.
func (s *site) expectMails(t *testing.T, when, words string, want int) {
	t.Helper()
	var subjects []string
	count := func() int {
		subjects = nil
		for _, m := range s.Mailbox(t, annMail) {
			if strings.Contains(m.Subject+m.Text, words) {
				subjects = append(subjects, m.Subject)
			}
		}
		return len(subjects)
	}
	if Eventually(10*time.Second, func() bool { return count() >= want }); len(subjects) != want {
		t.Errorf("%s: the mails to Ann are %q, want %d", when, subjects, want)
	}
}

// camt is a statement of a day with a credit of 49.00 for each text.
func camt(day time.Time, texts ...string) string {
	var b strings.Builder
	b.WriteString(`<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>` + ourIBAN + `</IBAN></Id></Acct>`)
	for _, text := range texts {
		fmt.Fprintf(&b, `<Ntry><Amt Ccy="EUR">49.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>%s</Dt></BookgDt><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>A OKAFOR</Nm></Dbtr></RltdPties>`+
			`<RmtInf><Ustrd>%s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`, day.Format(time.DateOnly), text)
	}
	return b.String() + `</Stmt></BkToCstmrStmt></Document>`
}

// scanned are the lines of a QR code, as zbar reads it in a picture.
func scanned(t *testing.T, picture []byte) []string {
	t.Helper()
	program, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not installed; scripts/packages.sh installs it")
	}
	command := exec.CommandContext(t.Context(), program, "--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", "-")
	command.Stdin = bytes.NewReader(picture)
	out, err := command.Output()
	if err != nil {
		t.Fatalf("zbar reads no code: %v", err)
	}
	return strings.Split(strings.TrimRight(strings.ReplaceAll(string(out), "\r\n", "\n"), "\n"), "\n")
}
