package programs

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	. "smartlinks/e2e/site"
)

// smartlinks runs a command of people against the server, and returns its status and what
// it says on stdout and stderr.
func (s *site) smartlinks(t *testing.T, args ...string) (status int, out, complaint string) {
	t.Helper()
	c := exec.Command(Binary, args...)
	c.Env = append(os.Environ(), "SMARTLINKS_URL="+s.URL, "SMARTLINKS_TOKEN="+s.Token)
	c.Dir = t.TempDir()
	var said, complained bytes.Buffer
	c.Stdout, c.Stderr = &said, &complained
	if err := c.Run(); err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), said.String(), complained.String()
}

// must is smartlinks for what has to succeed and to say what is wanted.
func (s *site) must(t *testing.T, wants []string, args ...string) string {
	t.Helper()
	status, out, complaint := s.smartlinks(t, args...)
	if status != 0 {
		t.Fatalf("smartlinks %q leaves with %d: %s", args, status, complaint)
	}
	for _, want := range wants {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("smartlinks %q does not say %s:\n%s", args, want, out)
		}
	}
	return out
}

// What docs/first-link.md does in a browser can be done by command.
func TestTheFirstLinkByCommand(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.must(t, []string{"No links"}, "link", "list")
		s.must(t, []string{"^Summer Sale", "Address +http.*/acme/summer-sale", "Amount +49.00 EUR", "Status +active"}, "link", "create", "Summer Sale", "--amount", "49")
		s.must(t, []string{"Summer Sale: paid", "/pay/"}, "link", "pay", "summer-sale", "--name", "Jonas", "--email", "jonas@example.com")
		s.must(t, []string{"Summer Sale: failed"}, "link", "pay", "summer-sale", "--outcome", "failed")
		s.must(t, []string{"Payments +1\n", "Revenue +49.00 EUR"}, "link", "show", s.URL+"/acme/summer-sale")
		code := filepath.Join(t.TempDir(), "qr.png")
		s.must(t, []string{"qr.png"}, "link", "qr", "summer-sale", "--file", code)
		if picture, err := os.ReadFile(code); err != nil || !bytes.HasPrefix(picture, []byte("\x89PNG")) {
			t.Errorf("the QR code is no picture: %v", err)
		}
		if status, _, complaint := s.smartlinks(t, "link", "qr", "summer-sale", "--file", code); status != 1 || !strings.Contains(complaint, "exists") {
			t.Errorf("a file that is there: %d, %s", status, complaint)
		}
		s.must(t, []string{"/acme/winter-sale"}, "link", "edit", "summer-sale", "--path", "winter-sale")
		s.must(t, []string{"limit reached", "Payments +1 of 1"}, "link", "edit", "winter-sale", "--limit", "once")
		if status, _, complaint := s.smartlinks(t, "link", "pay", "winter-sale"); status != 1 || !strings.Contains(complaint, "limit is reached") {
			t.Errorf("a full link: %d, %s", status, complaint)
		}
		s.must(t, []string{"Status +active", "1 of 50"}, "link", "edit", "winter-sale", "--limit", "50")
		s.must(t, []string{"Status +paused"}, "link", "pause", "winter-sale")
		s.must(t, []string{"Status +active"}, "link", "resume", "winter-sale")
		s.must(t, []string{"Status +paused"}, "link", "duplicate", "winter-sale")
		s.must(t, []string{"NAME", `Summer Sale +winter-sale +49.00 EUR +active`}, "link", "list", "--status", "active", "--search", "winter")
		s.must(t, []string{"1 recipient"}, "link", "send", "winter-sale", "--to", "anna@example.com", "--name", "Anna Vos")
		s.must(t, []string{"1 recipient"}, "link", "send", "winter-sale", "--to", "ANNA@example.com")
		s.must(t, []string{"^SUMMER10", "Coupon +Summer cpn_", "Off +10 %", "Status +active", "For +links winter-sale\n", "Minimum +49.00 EUR", "Used +0/20"}, "code", "create", "summer10", "--percent", "10", "--name", "Summer", "--link", "winter-sale", "--minimum", "49", "--max", "20")
		s.must(t, []string{"CODE", `SUMMER10 +10 % +Summer +active +0/20`}, "code", "list", "--search", "summer")
		s.must(t, []string{"^SUMMER10", "Status +ended", "Coupon +Summer cpn_"}, "code", "end", "summer10")
		s.must(t, []string{"Status +active"}, "code", "resume", "SUMMER10")
		s.must(t, []string{"Off +10 %", "For +links winter-sale\n", "Minimum +49.00 EUR"}, "code", "show", "Summer10")
		if status, _, complaint := s.smartlinks(t, "code", "delete", "summer10"); status != 2 || !strings.Contains(complaint, "Add --yes") {
			t.Errorf("without --yes: %d, %s", status, complaint)
		}
		drawn := regexp.MustCompile(`^(\S+)\n(?s).*Coupon +(\S+) cpn_.*For +everything\n.*Each address +once`).FindStringSubmatch(s.must(t, nil, "code", "create", "--amount", "5", "--once"))
		if drawn == nil || drawn[1] != drawn[2] {
			t.Errorf("a coupon without a name is not named by its code: %q", drawn)
		}
		s.must(t, []string{"^SUMMER10 is deleted"}, "code", "delete", "summer10", "--yes")
		s.must(t, []string{"Jonas .* 49.00 EUR +paid"}, "payment", "list", "--link", "winter-sale", "--status", "paid")
		var paid struct {
			Data []struct{ ID, Code string }
			Next *string `json:"next_cursor"`
		}
		if err := json.Unmarshal([]byte(s.must(t, nil, "payment", "list", "--status", "paid", "--json")), &paid); err != nil || len(paid.Data) != 1 {
			t.Fatalf("%v, %v", paid, err)
		}
		s.must(t, []string{"Receipt +TEST-", "paid, by"}, "payment", "show", paid.Data[0].Code)
		s.must(t, []string{`^9.50 EUR (was given|is on its way) back`}, "payment", "refund", paid.Data[0].ID, "--amount", "9,50", "--reason", "Too late")
		s.must(t, []string{"Repair"}, "link", "create", "Repair", "--amount", "30", "--to", "+31612345678")
		if sent := s.must(t, []string{`"channel":"sms"`}, "link", "send", "repair", "--json"); strings.Contains(sent, `"channel":"email"`) {
			t.Errorf("a customer without an address is sent to by e-mail: %s", sent)
		}
		if status, _, complaint := s.smartlinks(t, "link", "delete", "winter-sale"); status != 2 || !strings.Contains(complaint, "Add --yes") {
			t.Errorf("without --yes: %d, %s", status, complaint)
		}
		if status, _, complaint := s.smartlinks(t, "link", "send", "winter-sale", "--to", "anna@example.com,+31612345678"); status != 2 || !strings.Contains(complaint, "--by") {
			t.Errorf("to an address and a number: %d, %s", status, complaint)
		}
		if status, _, complaint := s.smartlinks(t, "payment", "record", "winter-sale", "--on", "31.12.2026"); status != 1 || !strings.Contains(complaint, "--on: Write a day like 2026-02-18") {
			t.Errorf("a day that is none: %d, %s", status, complaint)
		}
		if status, _, complaint := s.smartlinks(t, "payment", "refund", paid.Data[0].ID, "--amount", "900"); status != 1 || !strings.Contains(complaint, "amount") {
			t.Errorf("too much: %d, %s", status, complaint)
		}
	})
}

// Every mistake is told in one sentence, and wrong usage apart from what failed.
func TestTheCommandLineSaysWhatIsWrong(t *testing.T) {
	s := start(t, "--data", t.TempDir())
	for _, c := range []struct {
		status int
		says   string
		args   []string
	}{
		{1, `smartlinks: --amount: `, []string{"link", "create", "Chair", "--amount", "many"}},
		{1, `--status: `, []string{"link", "list", "--status", "Active"}},
		{2, `--limit takes once`, []string{"link", "create", "Chair", "--amount", "5", "--limit", "some"}},
		{2, `Say what to change`, []string{"link", "edit", "chair"}},
		{1, `--due: Choose a due date on which the link can be paid`, []string{"link", "create", "Chair", "--amount", "5", "--due", "2030-12-31", "--ends", "2030-12-01T00:00:00Z"}},
		{1, `There is no link “chair”`, []string{"link", "pause", "chair"}},
		{2, `<payment> is empty`, []string{"payment", "refund", ""}},
		{1, `There is no code “gone”`, []string{"code", "end", "gone"}},
		{1, `There is no code “gone”`, []string{"code", "delete", "gone"}},
		{1, `There is no link “chair”`, []string{"link", "delete", "chair"}},
		{1, `no such code`, []string{"code", "show", "pmc_none"}},
		{1, `no such link`, []string{"link", "show", "lnk_none"}},
		{1, `code: `, []string{"code", "create", "é!", "--percent", "10"}},
		{1, `--percent: `, []string{"code", "create", "GOOD1", "--percent", "900"}},
		{1, `--minimum: `, []string{"code", "create", "GOOD1", "--percent", "9", "--minimum", "x"}},
		{1, `--ends: Write a time like 2026-02-18T09:42:00Z`, []string{"code", "create", "GOOD1", "--percent", "9", "--ends", "tomorrow"}},
		{1, `no such coupon`, []string{"code", "create", "GOOD1", "--coupon", "cpn_none"}},
		{2, `names a coupon`, []string{"code", "create", "GOOD1", "--coupon", "cpn_none", "--percent", "9"}},
		{2, `--percent or --amount`, []string{"code", "create", "GOOD1"}},
		{2, `1 or more`, []string{"code", "create", "GOOD1", "--percent", "9", "--max", "0"}},
		{2, `--max`, []string{"code", "create", "GOOD1", "--percent", "9", "--max", "many"}},
		{1, `--starts: Write a time like `, []string{"link", "create", "Chair", "--amount", "5", "--starts", "tomorrow"}},
		{1, `--path: `, []string{"link", "create", "Chair", "--amount", "5", "--path", "1"}},
		{1, `--currency: `, []string{"link", "create", "Chair", "--amount", "5", "--currency", "gold"}},
		{1, `--product: `, []string{"link", "create", "Chair", "--product", "prd_none"}},
		{1, `email`, []string{"link", "create", "Chair", "--amount", "5", "--to", "anna@"}},
		{1, `phone`, []string{"link", "create", "Chair", "--amount", "5", "--to", "12"}},
		{2, `with --to`, []string{"link", "create", "Chair", "--amount", "5", "--message", "Hello"}},
		{1, `--reminders: `, []string{"link", "create", "Chair", "--amount", "5", "--reminders", "hourly"}},
		{2, `either --to or --group`, []string{"link", "send", "chair", "--to", "anna@example.com", "--group", "VIP"}},
		{1, `status`, []string{"link", "list", "--status", "sleeping"}},
		{1, `status`, []string{"payment", "list", "--status", "sleeping"}},
		{1, `--from: `, []string{"payment", "list", "--from", "yesterday"}},
		{1, `There is no link`, []string{"payment", "list", "--link", "chair"}},
		{2, `--outcome`, []string{"link", "pay", "chair", "--outcome", "lost"}},
		{2, `--format`, []string{"link", "qr", "chair", "--format", "gif"}},
		{2, `<link>`, []string{"link", "show"}},
		{2, `unknown flag`, []string{"link", "show", "chair", "--yes"}},
		{2, `unexpected argument`, []string{"link", "mend", "chair"}},
		{2, `--most`, []string{"link", "list", "--most", "-1"}},
		{2, `0 or more`, []string{"link", "list", "--most=-1"}},
		{1, `There is no payment`, []string{"payment", "refund", "P-2222-2222"}},
		{1, `does not answer`, []string{"link", "list", "--url", "http://127.0.0.1:1"}},
		{2, `without a path`, []string{"link", "list", "--url", "pay.example.com/acme"}},
		{1, `token is unknown`, []string{"link", "list", "--token", "sl_none"}},
		{2, `Give an API token`, []string{"link", "list", "--token", ""}},
		{1, `no answer of Smart Links`, []string{"link", "list", "--url", notOurs(t)}},
	} {
		status, out, complaint := s.smartlinks(t, c.args...)
		if status != c.status || out != "" || !oneLine.MatchString(complaint) || !strings.Contains(complaint, c.says) {
			t.Errorf("smartlinks %q leaves with %d, says %q and complains %q", c.args, status, out, complaint)
		}
	}
}

// oneLine is a complaint as all of them are: one line, of whole sentences.
var oneLine = regexp.MustCompile(`^smartlinks: \S[^\n]*[.?]\n$`)

// notOurs is a server of something else.
func notOurs(t *testing.T) string {
	t.Helper()
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	return other.URL
}
