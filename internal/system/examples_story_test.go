package system_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/id"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/visit"
	"smartlinks/internal/waitinglist"
)

// customer is somebody whom the business knew before.
func (s *story) customer(name, email string) string {
	s.t.Helper()
	c, err := s.Customers.Create(s.t.Context(), s.b, customer.Fields{Name: name, Email: email})
	if err != nil {
		s.t.Fatal(err)
	}
	return string(c.ID)
}

// scheduled is a delivery to the customer whose time has not come.
func (s *story) scheduled(linkID, who string) string {
	s.t.Helper()
	at := s.DB.Clock().Now().Add(48 * time.Hour)
	started, err := s.Deliveries.Start(s.t.Context(), s.b, link.ID(linkID), delivery.Request{Customers: []customer.ID{customer.ID(who)}, Channels: []message.Channel{message.ByEmail}, At: &at})
	if err != nil {
		s.t.Fatal(err)
	}
	return started.Later[0].Deliveries[0].ID
}

// waits lets somebody wait for a link that has all its payments.
func (s *story) waits(email string) (linkID, id string) {
	s.t.Helper()
	made := s.link(link.Fields{Name: "Photography Workshop", Limit: link.Limit{Kind: link.Once}, WaitingList: true})
	s.pays(string(made.ID), sandbox.Paid)
	e, err := s.Waiting.Join(s.t.Context(), s.b, made.ID, email, "en", 1)
	if err != nil {
		s.t.Fatal(err)
	}
	s.passes(time.Minute)
	return string(made.ID), string(e.ID)
}

// free raises the limit of a link after somebody let their offer pass.
func (s *story) free(linkID, id string) {
	s.t.Helper()
	if _, err := s.Links.Edit(s.t.Context(), s.b, link.ID(linkID), 0, func(f *link.Fields) { f.Limit = link.Limit{Kind: link.Multiple, Max: 2} }); err != nil {
		s.t.Fatal(err)
	}
	if err := s.Waiting.Remove(s.t.Context(), s.b, waitinglist.ID(id)); err != nil {
		s.t.Fatal(err)
	}
	s.passes(time.Minute)
}

// almostFull lets somebody take a place of a link that has few.
func (s *story) almostFull() {
	s.t.Helper()
	made := s.link(link.Fields{Name: "Darkroom Evening", Limit: link.Limit{Kind: link.Multiple, Max: 4}})
	s.pays(string(made.ID), sandbox.Paid)
}

// opened lets three people and a bot open the link.
func (s *story) opened(linkID string) {
	s.t.Helper()
	recorder, err := visit.NewRecorder(s.t.Context(), s.DB, "", slog.New(slog.DiscardHandler))
	if err != nil {
		s.t.Fatal(err)
	}
	defer recorder.Close()
	for i, v := range []visit.View{
		{Class: visit.Human, Channel: "email", Browser: "Safari", OS: "iOS"},
		{Class: visit.Bot, Channel: "direct", Browser: "Googlebot"},
		{Class: visit.Human, Channel: "qr", Browser: "Chrome", OS: "Android"},
		{Class: visit.Human, Channel: "social", Browser: "Chrome", OS: "Mac", Referrer: "https://t.co/x"},
	} {
		at := s.DB.Clock().Now().Add(time.Duration(i) * time.Second)
		v.BusinessID, v.TargetID, v.Mode, v.At, v.Day = string(s.b.ID), linkID, string(s.b.Mode), at, visit.DayOf(at)
		v.Visitor, v.IP, v.Language = int64(i+1), fmt.Sprintf("192.168.%d.xxx", i+1), "en"
		if err := recorder.Record(s.t.Context(), v); err != nil {
			s.t.Fatal(err)
		}
	}
	s.passes(time.Minute)
}

// pays lets one more person pay the link, and returns the payment.
func (s *story) pays(linkID string, outcome sandbox.Outcome) string {
	s.t.Helper()
	l, err := s.Links.Get(s.t.Context(), s.b, link.ID(linkID))
	if err != nil {
		s.t.Fatal(err)
	}
	a := s.start(l)
	s.decide(a, outcome)
	s.passes(time.Minute)
	return string(a.ID)
}

// left lets somebody give up a payment.
func (s *story) left() string {
	s.t.Helper()
	return s.pays(string(s.link(link.Fields{Name: "Printing Course"}).ID), sandbox.Canceled)
}

// disputed lets the payer's bank ask for the money, in vain.
func (s *story) disputed(paymentID string) {
	s.t.Helper()
	v, err := s.Payments.Get(s.t.Context(), s.b.ID, attempt.ID(paymentID))
	if err != nil {
		s.t.Fatal(err)
	}
	s.decide(v.Attempt, sandbox.Disputed)
	s.decide(v.Attempt, sandbox.DisputeWon)
	s.passes(time.Minute)
}

// lastSeat lets a link reach its limit, and another be switched off.
func (s *story) lastSeat() {
	s.t.Helper()
	made := s.link(link.Fields{Name: "Last seat", Limit: link.Limit{Kind: link.Once, Max: 1}})
	s.pays(string(made.ID), sandbox.Paid)
	off := false
	if _, err := s.Links.Edit(s.t.Context(), s.b, made.ID, 0, func(f *link.Fields) { f.Active = off }); err != nil {
		s.t.Fatal(err)
	}
	s.passes(0)
}

// document are the operations of the API's own document.
func (s *story) document() (ids []string) {
	s.t.Helper()
	w := httptest.NewRecorder()
	s.api.ServeHTTP(w, httptest.NewRequestWithContext(s.t.Context(), "GET", "/api/v1/openapi.json", nil))
	var document struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &document); err != nil {
		s.t.Fatal(err)
	}
	for _, methods := range document.Paths {
		for _, o := range methods {
			ids = append(ids, o.OperationID)
		}
	}
	slices.Sort(ids)
	return ids
}

// written is the file of examples: what is drawn by chance is made plain, so that
// two runs write the same.
func (s *story) written() []byte {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	if err := e.Encode(s.examples); err != nil {
		s.t.Fatal(err)
	}
	return []byte(s.plain.text(strings.ReplaceAll(text.String(), s.shop, "https://shop.example.com")))
}

// plainer gives what is drawn by chance the same look in every run.
type plainer struct {
	random *rand.ChaCha8
	known  map[string]string
}

func newPlainer() *plainer {
	return &plainer{random: rand.NewChaCha8([32]byte{}), known: map[string]string{}}
}

var (
	ids     = regexp.MustCompile(`\b([a-z]{3})_[0-9a-hjkmnp-tv-z]{26}\b`)
	secrets = regexp.MustCompile(`whsec_[A-Za-z0-9+/=]+`)
	tokens  = regexp.MustCompile(`/r/[A-Za-z0-9_-]+`)
	chances = regexp.MustCompile(`/acme/link-1043-[0-9a-z]{10}"`) // of PayRequest's older call
	proofs  = regexp.MustCompile(`sl-verify=[0-9a-f]{32}`)
	asked   = regexp.MustCompile(`\bRF[0-9]{2}[0-9A-Z]{16}\b`) // of transfers
	keys    = regexp.MustCompile(`\.pdf\?key=[A-Za-z0-9_-]+`)  // of receipts and credit notes
	cursors = regexp.MustCompile(`"next_cursor": "[^"]+"`)
)

func (p *plainer) text(s string) string {
	s = ids.ReplaceAllStringFunc(s, func(old string) string {
		fresh, known := p.known[old]
		if !known {
			// The random source of the examples never fails.
			fresh, _ = id.New(old[:3], dbtest.Start, p.random)
			p.known[old] = fresh
		}
		return fresh
	})
	for old, fresh := range p.known { // a payment's code is drawn from its id
		s = strings.ReplaceAll(s, attempt.ID(old).Code(), attempt.ID(fresh).Code())
	}
	s = secrets.ReplaceAllString(s, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	s = tokens.ReplaceAllString(s, "/r/k7Qm2xVb9TzL")
	s = proofs.ReplaceAllString(s, "sl-verify=4f6a1c0d9be27358a1d04c6e8f7b2935")
	s = asked.ReplaceAllString(s, "RF83K7QM2XVB9TZL4D8W")
	s = chances.ReplaceAllString(s, `/acme/link-1043-k7qm2xvb4d"`)
	s = keys.ReplaceAllString(s, ".pdf?key=mXcOVSJxWyj30eDWB4DU2y60-zzSoY9eAs5K5hdOPtQ")
	return cursors.ReplaceAllString(s, `"next_cursor": "eyJhIjoxfQ"`)
}

// firstDifference shows where two texts part.
func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d:\n- %s\n+ %s", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(b), len(a))
}
