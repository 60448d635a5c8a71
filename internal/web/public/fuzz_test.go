package public_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public"
	"smartlinks/internal/web/public/publictest"
)

// fuzzSite is a site with a link, and what it answers to a request.
func fuzzSite(f *testing.F) (s *publictest.Site, answer func(r *http.Request) *httptest.ResponseRecorder) {
	s = publictest.MustSiteWith(f, dbtest.SQLite(f), "https", func(*public.Config) {})
	s.MustLink(link.Fields{Name: "Sale", Path: "sale", PayerAmount: &link.Range{Min: *publictest.EUR(1000), Max: *publictest.EUR(20000)}})
	return s, func(r *http.Request) *httptest.ResponseRecorder {
		r.RemoteAddr = "203.0.113.7:1"
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, r)
		return w
	}
}

// rawRequest is one as a server reads it from the wire; nil when it refuses.
func rawRequest(method, target, body string) *http.Request {
	u, err := url.ParseRequestURI(target)
	if err != nil || strings.ContainsAny(target, " \r\n") {
		return nil
	}
	r := httptest.NewRequest(method, "/", strings.NewReader(body))
	r.URL, r.RequestURI, r.Host = u, target, "127.0.0.1"
	return r
}

// Whatever stands in an address, a cookie or a referrer: the answer is a page,
// no error of ours, and leads to no other site.
func FuzzNoAddressIsAnError(f *testing.F) {
	_, answer := fuzzSite(f)
	for _, target := range []string{
		"/", "/acme", "/acme/", "//acme", "/acme//", "/acme/sale", "/acme/sale/", "/ACME/%73ale", "/acme%2Fsale", "/acme/%2Fsale", "/acme/%252Fsale", "/acme/../sale", "/acme/%2e%2e/x/", "/acme/..%2f..%2fetc/", "/acme/%00", "/acme/\xff",
		"/acme/%ff/", "/%E2%80%AE/x", "/acme/49", "/acme/49,50-eur", "/acme/1e9", "/acme/sale/qr.svg?size=1e9&color=%00", "/acme/sale/qr.png?size=-1", "/acme/sale?amount=9999999999999999999999&name=%00&lang=%ff",
		"/acme/sale?utm_source=%0d%0aSet-Cookie:x&r=%ff", "/acme/shop/%2e%2e", "/acme/sale/left?x", "/acme/sale/card.png?v=1", "/pay/pay_%00", "/pay/../sandbox/x", "/r/%0a", "/s/%2f%2fevil.example", "/images/x/y", "/%5cevil.example/", "/acme/%5c%5cevil.example/", "/\\evil.example",
		"/acme/" + strings.Repeat("a", 4000), "/" + strings.Repeat("/", 500), "/hooks/sms/twilio/biz_x?report=%ff", "*", "http://evil.example/acme/", "/acme;x=1", "/acme?%zz",
	} {
		f.Add(target, "v=x&c=qr", "https://news.example/a?b", "nl;q=0.9")
	}
	f.Add("/acme/sale", "v=%ff&c=direct&r=123456789012", "//\xff", strings.Repeat("x,", 200))
	cookie := "__Host-visit-"
	if first := answer(rawRequest("GET", "/acme/sale", "")).Result().Cookies(); len(first) == 1 {
		cookie = first[0].Name
	} else {
		f.Fatalf("the page sets %v", first)
	}
	f.Fuzz(func(t *testing.T, target, visit, referrer, language string) {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			r := rawRequest(method, target, "")
			if r == nil {
				return
			}
			r.Header["Cookie"] = []string{cookie + "=" + visit}
			r.Header["Referer"], r.Header["Accept-Language"] = []string{referrer}, []string{language}
			got := answer(r)
			if got.Code >= 500 {
				t.Fatalf("%s %q: %d", method, target, got.Code)
			}
			for name, values := range got.Header() {
				for _, value := range values {
					if strings.ContainsAny(value, "\r\n\x00") {
						t.Fatalf("%s %q: %s is %q", method, target, name, value)
					}
				}
			}
			if to := got.Header().Get("Location"); to != "" {
				u, err := url.Parse("https://pay.example/acme/sale")
				if err == nil {
					u, err = u.Parse(strings.ReplaceAll(to, `\`, "/")) // as browsers read it
				}
				if err != nil || u.Host != "pay.example" || u.Scheme != "https" {
					t.Fatalf("%s %q leads to %q", method, target, to)
				}
			}
			if strings.HasPrefix(got.Header().Get("Content-Type"), "text/html") && got.Header().Get("Content-Encoding") == "" && !utf8.Valid(got.Body.Bytes()) {
				t.Fatalf("%s %q: the page is no text", method, target)
			}
		}
	})
}

// Whatever is typed into the form of a link: a payment, or a sentence about what
// is wrong.
func FuzzNoFormIsAnError(f *testing.F) {
	_, answer := fuzzSite(f)
	for _, form := range []string{
		"", "name=Jonas&email=jonas@example.se&amount=49", "name=%00&email=%ff&amount=1e3", "amount=-1", "amount=1.500,00&currency=EUR", "amount=9223372036854775808", "amount=%D9%A4%D9%A9", "suggested=50", "notes=" + strings.Repeat("x", 5000),
		"name=a%0d%0aBcc:x@y.z&email=a%0ab@c.de", "version=-1&amount=%", "name[]=x&;&&=", "switch=&amount=x", "email=%22a%40b%22@c.de&name=%3Cscript%3E",
	} {
		f.Add(form, "application/x-www-form-urlencoded", "")
	}
	f.Add("--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nJonas\r\n--x--", "multipart/form-data; boundary=x", "amount=5&lock=1")
	f.Add("{}", "application/json", "embed=1&amount=%00")
	f.Fuzz(func(t *testing.T, form, kind, query string) {
		for _, page := range []string{"/acme/sale", "/acme", "/acme/49", "/s/AbCdEfGhJkLm", "/sandbox/x"} {
			r := rawRequest(http.MethodPost, page, form)
			r.Header["Content-Type"] = []string{kind}
			r.URL.RawQuery = query
			if got := answer(r); got.Code >= 500 {
				t.Fatalf("POST %s %q as %q: %d", page, form, kind, got.Code)
			}
		}
	})
}

// Whatever strangers send to the doors of providers and gateways is refused
// without an error of ours.
func FuzzStrangersAtTheHooks(f *testing.F) {
	s, answer := fuzzSite(f)
	for _, body := range []string{"", "{}", "id=tr_x", `{"id": "evt_1", "object": "sbx_1"}`, `{"id": null, "data": {"object": []}}`, "status=delivered&id=%00", strings.Repeat("[", 10_000), "\xff\x00"} {
		f.Add("sandbox", body, "t=1771407720,v1=00", "report=x&status=delivered&id=1")
		f.Add("sms/twilio", body, "", "report=%ff")
		f.Add("sms/messagebird", body, "a.b.c", "originator=31612345678&body=STOP")
	}
	f.Add("mollie", "id=tr_\x00", "", "")
	f.Add("stripe", "{}", "t=99999999999999999999,v1=,,", "")
	f.Fuzz(func(t *testing.T, door, body, signature, query string) {
		for _, account := range []string{string(s.Business.ID), "biz_" + strings.Repeat("0", 26), "x"} {
			for _, method := range []string{http.MethodPost, http.MethodGet} {
				r := rawRequest(method, "/hooks/"+url.PathEscape(door)+"/"+account, body)
				if strings.HasPrefix(door, "sms/") {
					r = rawRequest(method, "/hooks/sms/"+url.PathEscape(door[4:])+"/"+account, body)
				}
				r.URL.RawQuery = query
				for _, name := range []string{"Sandbox-Signature", "Stripe-Signature", "X-Twilio-Signature", "Messagebird-Signature-Jwt", "Content-Type"} {
					r.Header[name] = []string{signature}
				}
				if got := answer(r); got.Code >= 500 || got.Code < 300 {
					t.Fatalf("%s to %s %q: %d", method, door, body, got.Code)
				}
			}
		}
	})
}
