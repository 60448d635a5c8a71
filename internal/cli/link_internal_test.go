package cli

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// host is a server that has one link and writes down what it is asked for.
type host struct {
	*httptest.Server
	link string // the link's members beside its id
	sent string // what it answers to a send
	got  map[string]any
}

func serve(t *testing.T, link string) *host {
	h := &host{link: link}
	h.Server = httptest.NewServer(http.HandlerFunc(h.answer))
	t.Cleanup(h.Close)
	return h
}

func (h *host) answer(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	said := map[string]any{}
	if json.Unmarshal(body, &said) == nil {
		h.got = said
	}
	own := r.Host == "pay.acme.example"
	switch at := r.URL.Path; {
	case at == "/api/v1/links" && r.Method == http.MethodGet:
		fmt.Fprintf(w, `{"data": [{"id": "lnk_1", "path": "tour", "url": "https://pay.acme.example/tour"}]}`)
	case strings.HasSuffix(at, "/send"):
		fmt.Fprint(w, h.sent)
	case strings.HasPrefix(at, "/api/v1/links"):
		fmt.Fprintf(w, `{"id": "lnk_1", "path": "tour", "name": "Tour", "url": "https://pay.acme.example/tour", %s}`, h.link)
	case strings.HasPrefix(at, "/api/v1/customers"):
		fmt.Fprint(w, `{"id": "cus_1", "name": "Ann", "email": "ann@example.com"}`)
	case at == "/tour" && own:
		w.Header().Set("Location", "https://pay.example.com/sandbox/sbx_1")
		w.WriteHeader(http.StatusSeeOther)
	case at == "/sandbox/sbx_1" && !own:
		w.Header().Set("Location", "https://pay.acme.example/pay/pay_1")
		w.WriteHeader(http.StatusSeeOther)
	case at == "/pay/pay_1/status":
		fmt.Fprint(w, `{"status": "paid"}`)
	case at == "/tour/qr.png" && own:
		fmt.Fprint(w, "a picture")
	default:
		http.NotFound(w, r)
	}
}

func (h *host) server() server { return server{URL: h.URL, Token: "sl_x"} }

// Under an own domain a link's path alone says nothing: the server must hear whose it is.
func TestALinkOfAnOwnDomainIsPaidAndDrawn(t *testing.T) {
	h := serve(t, `"amount": {"value": "20.00", "currency": "EUR"}`)
	var out bytes.Buffer
	to := Streams{Out: &out, Random: rand.Reader}
	if err := (payCommand{server: h.server(), one: one{"tour"}, Outcome: "paid"}).Run(t.Context(), to); err != nil || !strings.Contains(out.String(), "Tour: paid\n"+h.URL+"/pay/pay_1\n") {
		t.Errorf("%s, %v", out.String(), err)
	}
	file := filepath.Join(t.TempDir(), "tour.png")
	if err := (qrCommand{server: h.server(), one: one{"tour"}, File: file, Format: "png", Size: 200}).Run(t.Context(), to); err != nil {
		t.Error(err)
	}
}

// A script that sends must learn that nothing went out.
func TestWhatCannotBeSentIsSaid(t *testing.T) {
	const failure = `{"customer_id": "cus_1", "channel": "sms", "status": "failed", "reason": "Ann has no phone number."}`
	h := serve(t, `"deliveries": [`+failure+`]`)
	for _, c := range []struct{ sent, says, complains string }{
		{`{"recipients": 1, "deliveries": [` + failure + `]}`, "", "Ann has no phone number."},
		{`{"recipients": 1, "deliveries": [` + failure + `, {"customer_id": "cus_1", "channel": "email", "status": "queued"}]}`, "“Tour” is on its way to 1 recipient.\n", "Ann has no phone number."},
		{`{"recipients": 3, "deliveries": [` + failure + `]}`, "“Tour” is on its way to 2 recipients.\n", "Ann has no phone number."},
		{`{"recipients": 30, "deliveries": []}`, "“Tour” is on its way to 30 recipients.\n", ""},
	} {
		h.sent = c.sent
		var out bytes.Buffer
		err := sendCommand{server: h.server(), one: one{"lnk_1"}, To: []string{"cus_1"}, By: "sms"}.Run(t.Context(), Streams{Out: &out, Random: rand.Reader})
		if out.String() != c.says || (err == nil) != (c.complains == "") || err != nil && err.Error() != c.complains {
			t.Errorf("%s: %q, %v", c.sent, out.String(), err)
		}
	}
	var out bytes.Buffer
	made := createCommand{server: h.server(), Name: "Tour", terms: terms{Amount: "20", Currency: "EUR"}, To: "cus_1", By: "sms"}
	if err := made.Run(t.Context(), Streams{Out: &out, Random: rand.Reader}); err == nil || !strings.Contains(err.Error(), "not sent. Ann has no phone number.") || !strings.Contains(out.String(), "lnk_1") {
		t.Errorf("%s, %v", out.String(), err)
	}
}

// What is not said stays: how often people are reminded at most, too.
func TestAnEditKeepsWhatWasNotSaid(t *testing.T) {
	for has, want := range map[string]any{`{"frequency": "daily", "max": 20}`: nil, `null`: 5., `{"frequency": null, "offsets": [-3, 0], "max": 2}`: 5.} {
		h := serve(t, `"reminders": `+has)
		var out bytes.Buffer
		if err := (editCommand{server: h.server(), one: one{"lnk_1"}, terms: terms{Reminders: "weekly"}}).Run(t.Context(), Streams{Out: &out, Random: rand.Reader}); err != nil {
			t.Fatal(err)
		}
		if said := h.got["reminders"].(map[string]any); said["frequency"] != "weekly" || said["max"] != want {
			t.Errorf("of %s: %v", has, said)
		}
		if strings.Contains(has, "offsets") && !strings.Contains(out.String(), "days around the due date: 3 before, on the day") {
			t.Error(out.String())
		}
	}
	for day, want := range map[string]any{"2026-12-31": "2026-12-31", "": nil} {
		h, out := serve(t, `"due_on": "2026-12-31"`), bytes.Buffer{}
		if err := (editCommand{server: h.server(), one: one{"lnk_1"}, terms: terms{Due: &day}}).Run(t.Context(), Streams{Out: &out, Random: rand.Reader}); err != nil {
			t.Fatal(err)
		}
		if said, sent := h.got["due_on"]; !sent || said != want || !strings.Contains(out.String(), "2026-12-31") {
			t.Errorf("due %q: %v, %s", day, said, out.String())
		}
	}
	h := serve(t, `"amount": {"value": "20.00", "currency": "EUR"}`)
	if err := (editCommand{server: h.server(), one: one{"lnk_1"}, terms: terms{Currency: "USD"}}).Run(t.Context(), Streams{Random: rand.Reader}); err == nil || !strings.Contains(err.Error(), "--amount") {
		t.Errorf("a currency alone: %v", err)
	}
}
