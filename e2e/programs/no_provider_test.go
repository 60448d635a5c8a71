package programs

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	. "smartlinks/e2e/site"
)

// What docs/first-link.md does in the sandbox, a merchant does with real money and without
// any provider: payers transfer it or bring it, and the merchant says that it came.
func TestTheFirstLinkWithoutAProvider(t *testing.T) {
	EachStore(t, func(t *testing.T, store ...string) {
		s := &site{Site: &Site{Store: store, NoSandbox: true}, address: FreeAddress(t)}
		s.SetUp(t)
		s.serve(t)
		s.URL = s.process.URL
		t.Cleanup(func() { s.process.Stop(t) })

		s.must(t, []string{"Amount +49.00 EUR", "Status +active"}, "link", "create", "Summer Sale", "--amount", "49")
		if status, said := s.page(t, "/acme/summer-sale"); status != http.StatusServiceUnavailable || !strings.Contains(said, "Payments are not open yet") || strings.Contains(said, "test page") {
			t.Errorf("before the account is known: %d %s", status, inWords(said))
		}
		s.takeTransfers(t)

		// A payer is told where to, and the merchant says that it came.
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		payer := &http.Client{Jar: jar}
		if said := pageOf(t, payer, s.URL+"/acme/summer-sale"); !strings.Contains(said, "Next you see where to transfer the money") || strings.Contains(said, "your card details") {
			t.Errorf("what comes next: %s", inWords(said))
		}
		res, err := payer.PostForm(s.URL+"/acme/summer-sale", url.Values{"name": {"Jonas"}, "email": {"jonas@example.com"}, "method": {"bank_transfer"}})
		if err != nil || !strings.HasPrefix(res.Request.URL.Path, "/pay/") {
			t.Fatalf("choose to transfer it: %v, %v", res, err)
		}
		Finish(res)
		told := res.Request.URL.String()
		if said := inWords(pageOf(t, payer, told)); !strings.Contains(said, "NL91 ABNA 0417 1643 00") || !regexp.MustCompile(`RF\d\d `).MatchString(said) || strings.Contains(said, "Test: please") {
			t.Errorf("where to: %s", said)
		}
		id := s.onlyPayment(t, "pending")
		s.act(t, "/transactions/"+id+"/arrived", url.Values{"amount": {"49.00"}, "paid_on": {time.Now().UTC().Format(time.DateOnly)}})
		if said := inWords(pageOf(t, payer, told)); !strings.Contains(said, "Receipt") {
			t.Errorf("what the payer sees then: %s", said)
		}
		s.must(t, []string{"Payments +1\n", "Revenue +49.00 EUR"}, "link", "show", "summer-sale")

		// Cash is recorded; the link is printed, renamed, limited.
		s.must(t, []string{"^49.00 EUR is recorded for Summer Sale: receipt [0-9]{4}-"}, "payment", "record", "summer-sale", "--method", "cash", "--name", "Ann", "--note", "at the door")
		code := filepath.Join(t.TempDir(), "qr.png")
		s.must(t, []string{"qr.png"}, "link", "qr", "summer-sale", "--file", code)
		if _, err := os.Stat(code); err != nil {
			t.Error(err)
		}
		if status, said := s.page(t, "/acme/summer-sale/qr.pdf?size=a4"); status != http.StatusOK || !strings.HasPrefix(said, "%PDF") {
			t.Errorf("the poster: %d %.300s", status, said)
		}
		s.must(t, []string{"/acme/winter-sale"}, "link", "edit", "summer-sale", "--path", "winter-sale")
		if status, _ := s.page(t, "/acme/summer-sale"); status != http.StatusOK {
			t.Errorf("the old address leads nowhere: %d", status)
		}
		s.must(t, []string{"limit reached", "Payments +2 of 1"}, "link", "edit", "winter-sale", "--limit", "once")
		if status, _, complaint := s.smartlinks(t, "payment", "record", "winter-sale"); status != 1 || !strings.Contains(complaint, "Too few places are free") {
			t.Errorf("recorded on a full link: %d %s", status, complaint)
		}
		s.must(t, []string{"Status +active", "2 of 50"}, "link", "edit", "winter-sale", "--limit", "50")
		s.must(t, []string{"^49.00 EUR is recorded as given back: send it yourself"}, "payment", "refund", id, "--reason", "Too late")
		s.must(t, []string{"Refunded +49.00 EUR", "Kept +49.00 EUR"}, "link", "show", "winter-sale")
	})
}

// page is what anybody sees at a path, or where that leads.
func (s *site) page(t *testing.T, path string) (status int, text string) {
	t.Helper()
	res, err := http.Get(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// inWords is what a page says, without its markup.
func inWords(page string) string {
	return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " ")), " ")
}

// act sends a form of the dashboard, as the owner.
func (s *site) act(t *testing.T, path string, form url.Values) {
	t.Helper()
	res, err := s.owner(t).PostForm(s.URL+"/dashboard/"+Handle+path, form)
	if err != nil || res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s: %v, %v", path, res, err)
	}
	Finish(res)
}

func (s *site) onlyPayment(t *testing.T, status string) string {
	t.Helper()
	all := Decode[struct{ Data []struct{ ID string } }](t, s.API(t, "GET", "/payments?status="+status, "")).Data
	if len(all) != 1 {
		t.Fatalf("%d payments are %s", len(all), status)
	}
	return all[0].ID
}
