package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	. "smartlinks/e2e/site"
)

// scripts/release-fixture.sh runs this to keep what a release makes of its
// database, for the tests of later ones.
func TestMakeRelease(t *testing.T) {
	t.Parallel()
	name := os.Getenv("SMARTLINKS_RELEASE")
	if name == "" {
		t.Skip("it makes a file of the repository; scripts/release-fixture.sh NAME runs it")
	}
	folder := filepath.Join(releases, name)
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatalf("what was released is not made anew: %v", err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			_ = os.RemoveAll(folder)
		}
	})
	EachStore(t, func(t *testing.T, store ...string) {
		withTestKey(t, store[1])
		s := &site{&Site{Store: store}}
		s.SetUp(t)
		server := s.Launch(t, FreeAddress(t), "warn")
		s.URL = server.URL
		s.trade(t)
		known, err := json.MarshalIndent(s.remember(t), "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		server.Stop(t)
		s.Command(t, "", "doctor", "--sandbox")
		engine := filepath.Base(t.Name())
		if err := os.WriteFile(filepath.Join(folder, engine+".json"), append(known, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		if engine == "sqlite" {
			writeZipped(t, filepath.Join(folder, "sqlite.db.gz"), s.backup(t))
			return
		}
		writeZipped(t, filepath.Join(folder, "postgresql.sql.gz"), dump(t, store[3]))
	})
}

// trade is some weeks of a small business, so that what a version writes is there
// to be upgraded.
func (s *site) trade(t *testing.T) {
	t.Helper()
	amara := Decode[IDJSON](t, s.API(t, "POST", "/customers", `{"name": "Amara Okafor", "email": "amara@example.com", "phone": "+31612345678", "tags": ["Regular"]}`)).ID
	s.imports(t)
	product := Decode[IDJSON](t, s.API(t, "POST", "/products", `{"name": "Print", "price": {"value": "35.00", "currency": "EUR"}}`)).ID
	hook := s.API(t, "POST", "/webhook-endpoints", `{"url": "https://hooks.example.com/in", "active": false}`)
	ExpectStatus(t, "make a webhook", hook, http.StatusCreated)

	concert := s.CreateLink(t, `{"name": "Concert", `+FortyNine+`, "path": "concert-old", "tags": ["Spring"], "limit": {"kind": "multiple", "max": 100}, "after_payment": {"apply_tag": "Guest"}}`)
	ExpectStatus(t, "rename a path", s.API(t, "PATCH", "/links/"+concert.ID, `{"path": "concert"}`), http.StatusOK)
	once := s.CreateLink(t, `{"name": "Deposit", `+FortyNine+`, "path": "deposit", "limit": {"kind": "once"}}`)
	prints := s.CreateLink(t, `{"name": "Prints", "type": "product", "product_id": "`+product+`", "path": "prints"}`)
	ExpectStatus(t, "switch off", s.API(t, "PATCH", "/links/"+prints.ID, `{"active": false}`), http.StatusOK)
	s.CreateLink(t, `{"name": "Membership", `+FortyNine+`, "path": "membership", "customer_id": "`+amara+`", "deliver": ["email", "sms"], "reminders": {"frequency": "weekly", "max": 5}}`)
	mail := s.MailTo(t, "amara@example.com")

	Get(t, s.URL+"/"+Handle+"/concert")
	Get(t, s.URL+"/"+Handle+"/concert-old")
	Get(t, s.URL+Get(t, mail.LinkTo(t, "/r/")).Header.Get("Location"))
	Send(t, "GET", s.URL+"/"+Handle+"/concert", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "", "", "")
	for _, outcome := range []string{"paid", "failed", "canceled", "paid", "pending"} {
		AwaitStatus(t, s.PayAs(t, s.URL, "concert", outcome, ""), outcome)
	}
	AwaitStatus(t, s.PayAs(t, s.URL, once.Path, "paid", "twice"), "paid")
	s.Advance(t, "192h") // a reminder goes out
	last := s.PayAs(t, s.URL, "concert", "paid", "")
	AwaitStatus(t, last, "paid")
	id := regexp.MustCompile(`pay_[0-9a-zA-Z]+`).FindString(all[IDJSON](t, s, "/payments")[0].ID)
	refund := s.API(t, "POST", "/payments/"+id+"/refunds", `{"amount": {"value": "10.00", "currency": "EUR"}, "reason": "Came late"}`)
	ExpectStatus(t, "refund", refund, http.StatusCreated)
	if !Eventually(10*time.Second, func() bool {
		return strings.Contains(s.API(t, "GET", "/payments/"+id, "").Body, `"status":"partially_refunded"`)
	}) {
		t.Error("the refund is not done")
	}
	ExpectStatus(t, "leave a payment open", Post(t, s.URL+"/"+Handle+"/concert", Payer("open@example.com")), http.StatusSeeOther)
}

func (s *site) backup(t *testing.T) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "backup.db")
	s.Command(t, "", "backup", file)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// forPsql are the lines that newer versions of pg_dump write for psql alone.
var forPsql = regexp.MustCompile(`(?m)^\\(un)?restrict .*\n`)

// dump is a PostgreSQL database as statements that any client can run.
func dump(t *testing.T, url string) []byte {
	t.Helper()
	c := exec.Command("pg_dump", "--no-owner", "--no-privileges", "--rows-per-insert=100", "--dbname="+url)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, t.Output()
	if err := c.Run(); err != nil {
		t.Fatalf("pg_dump, of the package postgresql-client: %v", err)
	}
	return forPsql.ReplaceAll(out.Bytes(), nil)
}
