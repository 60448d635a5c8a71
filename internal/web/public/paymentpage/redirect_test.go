package paymentpage_test

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/publictest"
)

// What docs/after-payment.md says to type finds the signature, and a change of any
// value finds another.
func TestTheRedirectIsSignedOverAllThatItSays(t *testing.T) {
	guide, err := os.ReadFile("../../../../docs/after-payment.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(guide), -1)
	if len(blocks) != 1 {
		t.Fatalf("the guide has %d blocks to type", len(blocks))
	}
	typed := func(secret string, q url.Values, changed string) string {
		c := exec.CommandContext(t.Context(), "sh", "-c", blocks[0][1])
		c.Env = append(os.Environ(), "secret="+secret)
		for _, name := range []string{"payment", "link", "amount", "currency", "status", "at"} {
			value := q.Get(name)
			if name == changed {
				value += "0"
			}
			c.Env = append(c.Env, name+"="+value)
		}
		out, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Workshop", Path: "workshop", After: link.AfterPayment{
			RedirectURL: "https://shop.example/thanks?a=1&status=open&b=x%2Fy&signature=me&amount=1#top"}})
		page := s.Decide(s.Start("/acme/workshop", publictest.Payer()), "paid")
		secret, err := s.Businesses.SigningSecret(t.Context(), s.Business.ID)
		if err != nil {
			t.Fatal(err)
		}
		got := s.Get(page)
		to, err := url.Parse(got.Header.Get("Location"))
		if err != nil || got.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d, %v", got.StatusCode, err)
		}
		want := "a=1&b=x%2Fy&payment=" + strings.TrimPrefix(page, "/pay/") + "&link=" + string(l.ID) + "&amount=89.00&currency=EUR&status=paid&at=2026-02-18T09%3A42%3A00Z&signature=v2%2C"
		if !strings.HasPrefix(to.RawQuery, want) || to.Fragment != "top" {
			t.Errorf("%s\nwant %s", to.RawQuery, want)
		}
		q := to.Query()
		if sent := q.Get("signature"); sent != typed(secret, q, "") {
			t.Errorf("the signature is %s, typed %s", sent, typed(secret, q, ""))
		}
		for _, name := range []string{"payment", "link", "amount", "currency", "status", "at"} {
			if typed(secret, q, name) == q.Get("signature") {
				t.Errorf("%s is not signed", name)
			}
		}
		if failed := s.Get(s.Decide(s.Start("/acme/workshop", publictest.Payer()), "failed")); failed.StatusCode != http.StatusOK {
			t.Errorf("without a payment: %d", failed.StatusCode)
		}
		// A secret that was changed signs beside the new one, for a while or not at all.
		signatures := func() []string {
			to, err := url.Parse(s.Get(page).Header.Get("Location"))
			if err != nil {
				t.Fatal(err)
			}
			return strings.Fields(to.Query().Get("signature"))
		}
		for overlap, want := range map[time.Duration]int{business.SigningOverlap: 2, 0: 1} {
			if err := s.Businesses.ChangeSigningSecret(t.Context(), s.Business.ID, overlap); err != nil {
				t.Fatal(err)
			}
			fresh, err := s.Businesses.SigningSecret(t.Context(), s.Business.ID)
			if err != nil {
				t.Fatal(err)
			}
			if got := signatures(); len(got) != want || got[0] != typed(fresh, q, "") {
				t.Errorf("after a change with %s: %v", overlap, got)
			}
		}
	})
}

// Banks' apps bring payers back in another browser, so any is led on at first. A
// payment's id stands in logs and redirects: later it leads nobody but its payer on.
func TestAnOldPaymentLeadsItsPayerAloneOn(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Workshop", Path: "workshop", After: link.AfterPayment{RedirectURL: "https://shop.example/download"}})
	payers := s.Browser()
	page := payers.End("/acme/workshop", "paid")
	if got := s.Get(page); got.StatusCode != http.StatusSeeOther {
		t.Errorf("another browser, a moment later: %d", got.StatusCode)
	}
	s.DB.Clock().SetOffset(time.Hour + time.Minute)
	if got := s.Get(page); got.StatusCode != http.StatusOK || got.Has("shop.example") {
		t.Errorf("another browser, an hour later: %d %s", got.StatusCode, got.Header.Get("Location"))
	}
	if got := payers.Get(page); got.StatusCode != http.StatusSeeOther {
		t.Errorf("the payer's browser: %d", got.StatusCode)
	}
}
