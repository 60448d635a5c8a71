package api_test

import (
	"strconv"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/api"
)

func TestATokenMayAskSoOftenAndIsTold(t *testing.T) {
	s := newSiteWith(t, dbtest.SQLite(t), func(c *api.Config) { c.Limits = true })
	other := "Bearer " + s.tokenOf(s.acme, account.All)
	before := 300
	refused := 0
	for asked := 0; refused < 5 && asked < 5000; asked++ { // ten come back each second, however slow we are
		r := s.ask("GET", "/tags", "")
		left, err := strconv.Atoi(r.Header.Get("RateLimit-Remaining"))
		if err != nil || r.Header.Get("RateLimit-Limit") != "300" || r.Header.Get("RateLimit-Reset") == "" {
			t.Fatalf("told %v", r.Header)
		}
		if r.StatusCode == 429 {
			refused++
			if wait, _ := strconv.Atoi(r.Header.Get("Retry-After")); wait != 1 || left != 0 || r.at("code") != "too_many" {
				t.Fatalf("refused with %v: %s", r.Header, r.text)
			}
			continue
		}
		if r.StatusCode != 200 || left > before {
			t.Fatalf("%d with %d left, %d before", r.StatusCode, left, before)
		}
		before = max(left, 20) // it goes up again when time passes
	}
	if refused == 0 {
		t.Error("nothing is too many")
	}
	if r := s.ask("GET", "/tags", "", "Authorization", other); r.StatusCode != 200 {
		t.Errorf("another token pays for it: %d", r.StatusCode)
	}
	if r := newSite(t, dbtest.SQLite(t)).ask("GET", "/tags", ""); r.Header.Get("RateLimit-Limit") != "" {
		t.Error("limits that are off are told")
	}
}

func TestPagesOfChosenSitesMayAsk(t *testing.T) {
	s := newSiteWith(t, dbtest.SQLite(t), func(c *api.Config) { c.Origins = []string{"https://shop.example"} })
	for origin, allowed := range map[string]string{"https://shop.example": "https://shop.example", "https://evil.example": "", "https://shop.example.evil": "", "null": ""} {
		asked := s.ask("OPTIONS", "/links", "", "Authorization", "", "Origin", origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type,idempotency-key")
		if got := asked.Header.Get("Access-Control-Allow-Origin"); got != allowed || asked.StatusCode/100 != 2 {
			t.Errorf("%s asks: %d, %q", origin, asked.StatusCode, got)
		}
		r := s.must(200, "GET", "/links", "", "Origin", origin)
		if got := r.Header.Get("Access-Control-Allow-Origin"); got != allowed || r.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s reads: %q", origin, got)
		}
	}
	r := newSite(t, dbtest.SQLite(t)).ask("GET", "/links", "", "Origin", "https://shop.example")
	if r.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("a site that nobody chose may read")
	}
}
