package programs

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	. "smartlinks/e2e/site"
	"smartlinks/internal/db"
	"smartlinks/internal/payment/rulestest"
)

// A business takes bank transfers and uploads what its bank says, over and over, while the
// process dies (SIGKILL): each entry counts once, and what was answered stays. On PostgreSQL
// a second process goes on meanwhile, and takes over what the dead one left. `make soak` does
// the same for long.
func TestStatementsAreBookedOnceThroughDeaths(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		deaths := 3
		if len(s.Store) > 2 { // what goes on beside the dead makes work, and each death longer
			deaths = 2
		}
		statementsThroughDeaths(t, deaths, s)
	})
}

func TestSoakStatementKill(t *testing.T) {
	if os.Getenv("SMARTLINKS_SOAK") == "" {
		t.Skip("a long test; `make soak` runs it")
	}
	deaths := 100
	if n, err := strconv.Atoi(os.Getenv("SMARTLINKS_SOAK_KILLS")); err == nil {
		deaths = n
	}
	each(t, func(t *testing.T, s *site) { statementsThroughDeaths(t, deaths, s) })
}

const (
	ourIBAN = "NL91ABNA0417164300"
	// transferring and booking are how many do each at once, by all processes together.
	transferring, booking = 4, 2
	// places are those of the link of each life.
	places = 6
)

// bank is what the business's bank knows. Its entries are in the order in which they came.
type bank struct {
	mu      sync.Mutex
	entries []string // as XML
	told    []string // the addresses of payers whose whole amount is among them
	doubts  int      // entries that a person must look at
	booked  int      // how many of the entries, from the first, were answered to be booked
}

func statementsThroughDeaths(t *testing.T, deaths int, s *site) {
	s.takeTransfers(t)
	s.must(t, nil, "link", "create", "Invoice", "--amount", "49", "--path", "invoice")
	d, k := s.database(t), new(bank)
	var survivor *Process // where processes share a database
	if len(s.Store) > 2 {
		survivor = s.Launch(t, FreeAddress(t), "warn")
		defer survivor.Stop(t)
	}
	each, meanwhile := 1, 0
	if survivor != nil {
		each = 2
	}
	for life := range deaths {
		full := fmt.Sprintf("course-%d", life)
		s.must(t, nil, "link", "create", "Course", "--amount", "49", "--path", full, "--limit", strconv.Itoa(places))
		dies, stopDying := s.busy(t, d, k, s.URL, life, full, each)
		goesOn, stopAll := dies, stopDying
		if survivor != nil {
			goesOn, stopAll = s.busy(t, d, k, survivor.URL, life, full, each)
		}
		before := k.answered()
		if !Eventually(patience, func() bool { return k.answered() >= before+10 }) {
			t.Fatal("nothing is booked")
		}
		time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond) // the moment of death is the point
		s.process.Kill(t)
		stopDying()
		dies.Wait()
		if survivor != nil { // entries that came after the death, so that only the survivor can have booked them
			came := k.known()
			if !Eventually(patience, func() bool { return k.answered() > came }) {
				t.Fatal("the process that lives books nothing")
			}
			meanwhile += k.answered() - came
		}
		s.serve(t) // beside the other, which goes on
		stopAll()
		goesOn.Wait()
	}
	t.Logf("%d deaths; %d entries, %d of them doubtful, %d answered to be booked; at least %d of them while one process was dead", deaths, len(k.entries), k.doubts, k.booked, meanwhile)
	s.expectBooked(t, d, k)
}

// busy has payers transfer, and the business book, by the process at an address, one of so
// many, until it is told to stop.
func (s *site) busy(t *testing.T, d *db.DB, k *bank, address string, life int, full string, processes int) (all *sync.WaitGroup, stop func()) {
	ctx, stop := context.WithCancel(t.Context())
	all = new(sync.WaitGroup)
	_, port, _ := strings.Cut(strings.TrimPrefix(address, "http://"), ":")
	for i := range transferring / processes {
		all.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				s.transfer(d, k, address, []string{"invoice", full}[n%2], fmt.Sprintf("payer-%s-%d-%d-%d@example.com", port, life, i, n))
			}
		})
	}
	for range booking / processes {
		all.Go(func() {
			for ctx.Err() == nil {
				s.bookWhatTheBankSays(k, address, 1+rand.IntN(20))
			}
		})
	}
	return all, stop
}

func (k *bank) answered() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.booked
}

// known is how many entries there are.
func (k *bank) known() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.entries)
}

// transfer is one payer's way: the form, and the transfer that the page asks for, which a
// bank carries out whatever happens here. Some send less, and some leave the reference out.
func (s *site) transfer(d *db.DB, k *bank, address, path, email string) {
	form := url.Values{"name": {"Sanne Visser"}, "email": {email}, "method": {"bank_transfer"}}
	res, err := Visitor.PostForm(address+"/"+Handle+"/"+path, form)
	if err != nil {
		return
	}
	Finish(res)
	if res.StatusCode != http.StatusSeeOther { // it is full
		return
	}
	var reference string // which stands on the page that it led to
	if err := d.Get(context.Background(), &reference, `SELECT t.reference FROM bank_transfers t JOIN attempts a ON a.id = t.attempt_id WHERE a.payer_email = $1`, email); err != nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	amount, number := "49.00", ""
	if len(k.entries)%2 == 0 { // some banks number what they book
		number = fmt.Sprintf("N-%d", len(k.entries))
	}
	switch len(k.entries) % 10 {
	case 3:
		amount = "24.50"
	case 7:
		reference = fmt.Sprintf("rent %d", len(k.entries))
	}
	if len(k.entries)%10 == 3 || len(k.entries)%10 == 7 {
		k.doubts++
	} else {
		k.told = append(k.told, email)
	}
	k.entries = append(k.entries, fmt.Sprintf(`<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>%s</Dt></BookgDt><AcctSvcrRef>%s</AcctSvcrRef>`+
		`<NtryDtls><TxDtls><RmtInf><Ustrd>%s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`, amount, time.Now().UTC().Format(time.DateOnly), number, reference))
}

// bookWhatTheBankSays uploads what came since the last statement that was answered, with so
// many entries more that statements had before, and books it. Without an answer, it is a
// matter of the next statement.
func (s *site) bookWhatTheBankSays(k *bank, address string, overlap int) bool {
	k.mu.Lock()
	from, to := max(k.booked-overlap, 0), len(k.entries)
	entries := strings.Join(k.entries[from:to], "")
	k.mu.Unlock()
	file := `<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>` + ourIBAN + `</IBAN></Id></Acct>` + entries + `</Stmt></BkToCstmrStmt></Document>`
	var read struct{ ID, Status string }
	if !s.ask(address, "/statements", file, &read) || !s.ask(address, "/statements/"+read.ID+"/book", "", &read) || read.Status != "booked" {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.booked = max(k.booked, to)
	return true
}

// ask posts to the API, and reports whether it was answered with what was to be done.
func (s *site) ask(address, path, body string, into any) bool {
	q, err := http.NewRequest(http.MethodPost, address+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		return false
	}
	q.Header.Set("Authorization", "Bearer "+s.Token)
	if strings.HasPrefix(body, "<") {
		q.Header.Set("Content-Type", "application/xml")
	} else if body != "" {
		q.Header.Set("Content-Type", "application/json")
	}
	res, err := Visitor.Do(q)
	if err != nil {
		return false
	}
	defer Finish(res)
	text, err := io.ReadAll(res.Body)
	return err == nil && res.StatusCode < 300 && json.Unmarshal(text, into) == nil
}

// takeTransfers says where payers send their money.
func (s *site) takeTransfers(t *testing.T) {
	t.Helper()
	s.act(t, "/settings/bank", url.Values{"name": {"Acme Events"}, "iban": {ourIBAN}, "hold_days": {"7"}, "current_password": {OwnerPassword}})
}

// expectBooked looks at the books after everything fell due: first at what was answered to
// be booked, then at all that the bank ever said.
func (s *site) expectBooked(t *testing.T, d *db.DB, k *bank) {
	t.Helper()
	settle := func() {
		t.Helper()
		var clock struct{ Now string }
		if !s.ask(s.URL, "/sandbox/clock", `{"advance": "1h"}`, &clock) { // beyond the lease of a process that is dead
			t.Fatal("what fell due was not done")
		}
		broken, err := rulestest.Broken(t.Context(), d)
		if err != nil || len(broken) > 0 {
			t.Errorf("%v\n%s", err, strings.Join(broken, "\n"))
		}
	}
	count := func(query string) (n int) {
		t.Helper()
		if err := d.Get(t.Context(), &n, query); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const kept = `SELECT COUNT(*) FROM statement_entries e JOIN statements s ON s.id = e.statement_id WHERE s.status = 'booked' AND e.state <> 'left_out'`
	settle()
	if n := count(kept); n < k.booked {
		t.Errorf("%d entries were answered to be booked, and %d are", k.booked, n)
	}
	k.booked = 0 // the whole book once more
	if !s.bookWhatTheBankSays(k, s.URL, 0) {
		t.Fatal("the last statement is not booked")
	}
	settle()
	for what, is := range map[string][2]int{
		"entries":                {count(kept), len(k.entries)},
		"paid transfers":         {count(`SELECT COUNT(*) FROM payments WHERE provider = 'bank_transfer' AND receipt IS NOT NULL`), len(k.told)},
		"cents":                  {count(`SELECT COALESCE(SUM(captured_minor), 0) FROM payments`), 4900 * len(k.told)},
		"entries that wait":      {count(kept + ` AND e.waits AND e.taken_at IS NULL`), k.doubts},
		"payments in figures":    {count(`SELECT COUNT(*) FROM payment_effects WHERE effect = 'count'`), len(k.told)},
		"transfers in the books": {s.rowsOfTheBooks(t), len(k.told)},
	} {
		if is[0] != is[1] {
			t.Errorf("%d %s, want %d", is[0], what, is[1])
		}
	}
	paid := map[string]int{}
	var payers []string
	if err := d.Select(t.Context(), &payers, `SELECT a.payer_email FROM payments p JOIN attempts a ON a.id = p.id`); err != nil {
		t.Fatal(err)
	}
	for _, email := range payers {
		paid[email]++
	}
	for _, email := range k.told {
		if paid[email] != 1 {
			t.Errorf("%s sent the money and has %d payments", email, paid[email])
		}
	}
	s.Command(t, "", "doctor", "--sandbox")
}

// rowsOfTheBooks are the transfers in the accountant's files of this month and the next, in
// which the clock of the test may be.
func (s *site) rowsOfTheBooks(t *testing.T) (n int) {
	t.Helper()
	owner, month := s.owner(t), time.Now().UTC()
	for range 2 {
		n += strings.Count(pageOf(t, owner, s.URL+"/dashboard/"+Handle+"/books.csv?month="+month.Format("2006-01")), ",bank_transfer,")
		month = time.Date(month.Year(), month.Month()+1, 1, 0, 0, 0, 0, time.UTC)
	}
	return n
}
