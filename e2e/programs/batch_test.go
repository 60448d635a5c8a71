package programs

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "smartlinks/e2e/site"
	"smartlinks/internal/clock"
	"smartlinks/internal/db"
)

// asked is how many people a batch asks.
const asked = 1000

// A batch of a thousand requests is under way when the process dies (SIGKILL): everybody
// is asked once. The time of a lease, for which what is under way is left to a process that
// may live, passes in the database. `make soak` has a list and a program ask at once, on
// each database, through many deaths.
func TestEverybodyOfABatchIsAskedOnceThroughADeath(t *testing.T) {
	t.Parallel()
	t.Run("list, sqlite", func(t *testing.T) { batchesThroughDeaths(t, 1, start(t, "--data", t.TempDir()), (*site).askByFile) })
	t.Run("program, postgresql", func(t *testing.T) {
		batchesThroughDeaths(t, 1, start(t, "--data", t.TempDir(), "--database", NewDatabase(t)), (*site).askByProgram)
	})
}

func TestSoakBatchKill(t *testing.T) {
	if os.Getenv("SMARTLINKS_SOAK") == "" {
		t.Skip("a long test; `make soak` runs it")
	}
	each(t, func(t *testing.T, s *site) { batchesThroughDeaths(t, 25, s, (*site).askByFile, (*site).askByProgram) })
}

// patience is for machines that do much else.
const patience = 10 * time.Minute

func batchesThroughDeaths(t *testing.T, deaths int, s *site, ask ...func(*site, *testing.T)) {
	want := asked * len(ask)
	for _, f := range ask {
		f(s, t)
	}
	d := s.database(t)
	count := func(query string, args ...any) (n int) {
		t.Helper()
		if err := d.Get(t.Context(), &n, query, args...); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const made = `SELECT COUNT(*) FROM request_rows WHERE state = 'sent'`
	for death := range deaths {
		if !Eventually(patience, func() bool { return count(made) >= want*(death+1)/(deaths+1) }) {
			t.Fatalf("only %d requests were made", count(made))
		}
		s.process.Kill(t)
		t.Logf("%d of %d requests were made and %d sent when it died", count(made), want, count(`SELECT COUNT(*) FROM mailbox WHERE recipient LIKE '%asked%'`))
		if count(`SELECT COUNT(*) FROM request_batches WHERE state = 'running'`) == 0 {
			t.Error("it died when all was made")
		}
		passLeases(t, d)
		s.serve(t)
	}
	over := func() bool {
		return count(`SELECT COUNT(*) FROM request_batches WHERE state <> 'done'`)+count(`SELECT COUNT(*) FROM mails WHERE state IN ('queued', 'sending')`) == 0
	}
	if !Eventually(patience, over) {
		t.Errorf("long behind the last death %d requests were made of %d", count(made), want)
	}
	for what, query := range map[string]string{
		"requests": made, "links": `SELECT COUNT(*) FROM links`, "messages": `SELECT COUNT(*) FROM mailbox WHERE recipient LIKE '%asked%'`,
		"people who got one": `SELECT COUNT(DISTINCT recipient) FROM mailbox WHERE recipient LIKE '%asked%'`,
	} {
		if n := count(query); n != want {
			t.Errorf("%d %s, want %d", n, what, want)
		}
	}
}

// askByProgram sends a batch by the API.
func (s *site) askByProgram(t *testing.T) {
	t.Helper()
	rows := make([]map[string]any, asked)
	for i := range rows {
		rows[i] = map[string]any{"name": fmt.Sprintf("Person %d", i), "email": fmt.Sprintf("asked-%d@example.com", i), "amount": map[string]string{"value": "90.00", "currency": "EUR"}}
	}
	body, err := json.Marshal(map[string]any{"name": "Membership", "channels": []string{"email"}, "rows": rows})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/api/v1/links/batch", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+s.Token)
	request.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(request)
	if err != nil || res.StatusCode != http.StatusAccepted {
		t.Fatalf("send a batch: %v, %v", res, err)
	}
	Finish(res)
}

// askByFile uploads a list and has it sent.
func (s *site) askByFile(t *testing.T) {
	t.Helper()
	var list strings.Builder
	list.WriteString("Name,Email,Amount\n")
	for i := range asked {
		fmt.Fprintf(&list, "Member %d,asked-by-file-%d@example.com,45.00\n", i, i)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	err := form.WriteField("name", "Course")
	part, err2 := form.CreateFormFile("file", "course.csv")
	if err = errors.Join(err, err2); err == nil {
		_, err = part.Write([]byte(list.String()))
	}
	if err = errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	member, pages := s.Member(t), s.URL+"/dashboard/"+Handle
	res, err := member.Post(pages+"/links/requests", form.FormDataContentType(), &body)
	if err != nil || !strings.Contains(res.Request.URL.Path, "/requests/req_") {
		t.Fatalf("uploading a list: %v", err)
	}
	Finish(res)
	res, err = member.PostForm(pages+"/requests/"+path.Base(res.Request.URL.Path)+"/send", url.Values{"by": {"email"}, "when": {"now"}})
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("sending a list: %v", err)
	}
	Finish(res)
}

// database opens the installation's database beside it, as commands do.
func (s *site) database(t *testing.T) *db.DB {
	t.Helper()
	c := db.Config{Path: filepath.Join(s.Store[1], "smartlinks.db"), Clock: clock.System(), Random: rand.Reader, Log: slog.New(slog.DiscardHandler)}
	if len(s.Store) > 2 {
		c.Path, c.URL = "", s.Store[3]
	}
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// passLeases ends the leases of a process that is dead, each of which would have ended by
// itself within 25 seconds.
func passLeases(t *testing.T, d *db.DB) {
	t.Helper()
	now := d.Clock().Wall()
	err := d.InTx(t.Context(), func(tx *db.Tx) error {
		for _, rows := range []string{`request_batches WHERE state = 'running'`, `mails WHERE state = 'sending'`} {
			var late int
			if err := tx.Get(t.Context(), &late, `SELECT COUNT(*) FROM `+rows+` AND due_at > $1`, db.At(now.Add(25*time.Second))); err != nil {
				return err
			}
			if late > 0 {
				t.Errorf("%d of %s would go on later than 25 s from now", late, rows)
			}
		}
		_, err := tx.Exec(t.Context(), `UPDATE request_batches SET due_at = $1 WHERE state = 'running' AND due_at > $1`, db.At(now))
		if err == nil {
			_, err = tx.Exec(t.Context(), `UPDATE mails SET due_at = $1 WHERE state = 'sending' AND due_at > $1`, db.At(now))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
