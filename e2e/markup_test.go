package e2e

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/e2e/markup"
	. "smartlinks/e2e/site"
)

// Pages look the same on both databases, so one is enough here.
func TestTheMarkupOfEveryPageIsValid(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	shown := furnish(t, s)
	member := &http.Client{} // a stranger at first
	page := func(name, address string, form url.Values) {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequest("GET", address, nil)
			if form != nil {
				r, err = http.NewRequest("POST", address, strings.NewReader(form.Encode()))
			}
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			r.Header.Set("User-Agent", BrowserAgent)
			res, err := member.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if inside := strings.Contains(address, "/dashboard/"); res.StatusCode >= 500 || inside && res.Request.URL.Path == "/sign-in" {
				t.Fatalf("status %d of %s", res.StatusCode, res.Request.URL)
			}
			for _, wrong := range markup.Check(string(body)) {
				t.Error(wrong)
			}
		})
	}
	for name, path := range shown.outside() {
		page(name, s.URL+path, nil)
	}
	for _, language := range []string{"ar", "de", "es", "fr", "nl"} {
		page("in "+language, s.URL+"/"+Handle+"/concert?lang="+language, nil)
	}
	page("a payer's mistake", s.URL+"/"+Handle+"/concert", url.Values{"name": {""}, "email": {"x"}})
	empty := &site{&Site{Store: []string{"--data", t.TempDir()}}}
	empty.URL = empty.Serve(t)
	page("setup", empty.URL+"/setup", nil)

	page("sign-in with a mistake", s.URL+"/sign-in", url.Values{"email": {OwnerEmail}, "password": {"wrong"}})
	*member = *s.Member(t)
	board := s.URL + "/dashboard/" + Handle
	for name, path := range shown.inside() {
		page(name, board+path, nil)
	}
	for name, path := range map[string]string{
		"nothing found": "/search?q=zzz", "palette": "/search?as=list&q=concert",
		"no links": "/links?q=zzz", "no customers": "/customers?q=zzz", "nowhere": "/nowhere",
		"payments of a link": "/links/" + shown.link + "?tab=payments", "views of a link": "/links/" + shown.link + "?tab=views",
		"refund": "/transactions/" + shown.transaction + "?refund=yes", "hooks of providers": "/transactions/webhooks", "test clock": "/test-clock",
	} {
		page(name, board+path, nil)
	}
	page("a link with mistakes", board+"/links", url.Values{"type": {"amount"}, "limit": {"multiple"}, "limit_max": {"x"}, "remind": {"on"}, "remind_max": {"99"}, "by": {"email"}})
	page("a link that was changed", board+"/links/"+shown.link+"/edit", url.Values{"type": {"amount"}, "name": {"Mine"}, "amount": {"1"}, "currency": {"EUR"}, "limit": {"unlimited"}, "version": {"1"}})
	page("a customer with mistakes", board+"/customers", url.Values{"email": {"x"}, "phone": {"y"}})
	page("a product with mistakes", board+"/products", url.Values{"price": {"x"}})
	page("a coupon with mistakes", board+"/coupons", url.Values{"off": {"amount"}, "amount": {"x"}, "for": {"chosen"}, "codes": {"x"}, "code_max": {"x"}, "minimum": {"x"}, "max": {"x"}, "ends_at": {"x"}})
}
