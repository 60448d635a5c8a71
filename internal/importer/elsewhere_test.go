package importer_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/importer"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/mollie/mollietest"
	"smartlinks/internal/payment/stripe/stripetest"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

// manyOn is how many links are brought from each place. PostgreSQL is asked over a
// socket for each line, twice.
func manyOn(d *db.DB) int {
	if d.Engine() == db.SQLite {
		return 1000
	}
	return 150
}

// before answers the path itself and hands all else to the stand-in of the provider.
func before(t *testing.T, standIn, path string, answer http.HandlerFunc) string {
	t.Helper()
	to, err := url.Parse(standIn)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+path, answer)
	mux.Handle("/", proxy)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

type object = map[string]any

// stripeLinks are payment links as Stripe's "List all payment links" answers them, with
// their line items: the last ones can't come.
func stripeLinks(many int) (links []object) {
	for n := range many {
		price := object{"id": fmt.Sprint("price_", n), "object": "price", "currency": "eur", "unit_amount": 1000 + n, "type": "one_time", "recurring": nil, "custom_unit_amount": nil}
		item := object{"id": fmt.Sprint("li_", n), "object": "item", "description": fmt.Sprint("Course ", n), "quantity": 1, "price": price, "currency": "eur"}
		items := []object{item}
		l := object{"id": fmt.Sprintf("plink_%04d", n), "object": "payment_link", "active": n%10 != 0, "currency": "eur", "livemode": false,
			"url": fmt.Sprintf("https://buy.stripe.com/test_%04dab", n), "after_completion": object{"type": "hosted_confirmation"}}
		switch n {
		case 1:
			l["restrictions"] = object{"completed_sessions": object{"limit": 50, "count": 8}}
		case 2:
			price["custom_unit_amount"], price["unit_amount"] = object{"minimum": 500, "maximum": 20000, "preset": 1500}, nil
		case 3:
			l["after_completion"], l["allow_promotion_codes"] = object{"type": "redirect", "redirect": object{"url": "https://shop.example/thanks"}}, true
		case many - 1:
			price["recurring"], price["type"] = object{"interval": "month", "interval_count": 1}, "recurring"
		case many - 2:
			items = append(items, object{"id": "li_x", "object": "item", "description": "Book", "quantity": 1, "price": price})
		}
		l["line_items"] = object{"object": "list", "has_more": false, "data": items}
		links = append(links, l)
	}
	return links
}

// mollieLinks are payment links as Mollie's "List payment links" answers them.
func mollieLinks(many int) (links []object) {
	for n := range many {
		l := object{
			"resource": "payment-link", "id": fmt.Sprintf("pl_%04dZitmBnQ6IDoMqZQKh", n), "mode": "test", "description": fmt.Sprint("Bicycle tires ", n), "archived": false, "reusable": true,
			"amount": object{"currency": "EUR", "value": "24.95"}, "minimumAmount": nil, "redirectUrl": nil, "webhookUrl": nil, "profileId": "pfl_QkEhN94Ba", "createdAt": "2025-03-20T09:29:56+00:00",
			"paidAt": nil, "expiresAt": nil, "allowedMethods": nil, "sequenceType": "oneoff",
			"_links": object{"paymentLink": object{"href": fmt.Sprintf("https://paymentlink.mollie.com/payment/%04dZitmBnQ6IDoMqZQKh/", n), "type": "text/html"}},
		}
		switch n {
		case 1:
			l["reusable"] = false
		case 2:
			l["amount"], l["minimumAmount"] = nil, object{"currency": "EUR", "value": "5.00"}
		case 3:
			l["expiresAt"], l["allowedMethods"] = "2030-06-06T11:00:00+00:00", []string{"ideal"}
		case many - 1:
			l["amount"] = nil
		}
		links = append(links, l)
	}
	return links
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

// elsewhere is a world with accounts at both providers.
func elsewhere(t *testing.T, d *db.DB, many int) world {
	t.Helper()
	stripe, mollie := stripetest.New(d.Clock().Wall), mollietest.New(t, d.Clock().Wall)
	t.Cleanup(stripe.Close)
	stripe.Account("sk_test_acme1234", "acct_acme", "Acme")
	mollie.Account("test_acme12345678901234567890123456", "pfl_acme", "Acme")
	all := systemtest.New(t, d, func(o *system.Options) {
		o.StripeAPI = before(t, stripe.URL, "/v1/payment_links", func(w http.ResponseWriter, r *http.Request) {
			links, from := stripeLinks(many), 0
			if after := strings.TrimPrefix(r.URL.Query().Get("starting_after"), "plink_"); after != "" {
				from, _ = strconv.Atoi(after)
				from++
			}
			most, _ := strconv.Atoi(r.URL.Query().Get("limit"))
			to := min(from+most, many)
			answer(w, object{"object": "list", "url": "/v1/payment_links", "has_more": to < many, "data": links[from:to]})
		})
		o.MollieAPI = before(t, mollie.URL, "/v2/payment-links", func(w http.ResponseWriter, r *http.Request) {
			links, from := mollieLinks(many), 0
			if at := r.URL.Query().Get("from"); at != "" {
				from, _ = strconv.Atoi(strings.TrimPrefix(at, "pl_")[:4])
			}
			most, _ := strconv.Atoi(r.URL.Query().Get("limit"))
			to, next := min(from+most, many), any(nil)
			if to < many {
				next = object{"href": "https://api.mollie.com/v2/payment-links?from=" + links[to]["id"].(string) + "&limit=" + fmt.Sprint(most), "type": "application/hal+json"}
			}
			answer(w, object{"count": to - from, "_embedded": object{"payment_links": links[from:to]}, "_links": object{"next": next}})
		})
	})
	w := world{d: d, b: businesstest.Make(t, d, "acme"), customers: all.Customers, products: all.Products, links: all.Links, Imports: all.Imports}
	for provider, key := range map[string]string{"stripe": "sk_test_acme1234", "mollie": "test_acme12345678901234567890123456"} {
		if _, err := all.Keys.Connect(t.Context(), w.b.ID, provider, keyring.Connection{Key: key}); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// at is the link at a path.
func (w world) at(t *testing.T, path string) link.Link {
	t.Helper()
	id, err := w.links.WithPath(t.Context(), w.d, w.b.ID, path)
	if err != nil || id == "" {
		t.Fatalf("nothing is at %s, %v", path, err)
	}
	l, err := w.links.Get(t.Context(), w.b, id)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// end starts an import and waits for its end, without comparing it to its preview.
func (w world) end(t *testing.T, i importer.Import) importer.Import {
	t.Helper()
	w.start(t, i)
	if err := w.Continue(t.Context(), w.b.ID, i.ID); err != nil {
		t.Fatal(err)
	}
	return w.get(t, i.ID)
}

func TestPaymentLinksOfProvidersComeOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		many := int64(manyOn(d))
		w := elsewhere(t, d, int(many))
		for provider, cannot := range map[string]int64{"stripe": 2, "mollie": 1} {
			i, err := w.ReadOffered(t.Context(), w.b, provider, business.Test, true, "usr_x")
			if err != nil {
				t.Fatal(err)
			}
			p, err := w.Preview(t.Context(), w.b, i)
			if err != nil || p.Created != many-cannot || p.Failed != cannot {
				t.Errorf("%s: the preview says %+v, %v", provider, p.Counts, err)
			}
			if done := w.end(t, i); done.Created != many-cannot || done.Failed != cannot {
				t.Errorf("%s: %+v", provider, done.Counts)
			}
			failed, err := w.Failed(t.Context(), w.b.ID, i.ID, 0, 10)
			if err != nil || len(failed) != int(cannot) || len(failed[0].Problems) != 1 || !strings.HasSuffix(failed[0].Problems[0].Message, ".") {
				t.Errorf("%s: the report says %+v, %v", provider, failed, err)
			}
			again, err := w.ReadOffered(t.Context(), w.b, provider, business.Test, false, "usr_x")
			if err != nil {
				t.Fatal(err)
			}
			if done := w.end(t, again); done.Created != 0 || done.Repeated != many-cannot {
				t.Errorf("%s a second time: %+v", provider, done.Counts)
			}
		}
		limited, chosen, redirected := w.at(t, "test-0001ab"), w.at(t, "test-0002ab"), w.at(t, "test-0003ab")
		if limited.Limit.Kind != link.Multiple || limited.Limit.Max != 42 || limited.Price().Decimal() != "10.01" || !limited.Active || w.at(t, "test-0010ab").Active {
			t.Errorf("of Stripe: %+v", limited.Fields)
		}
		if r := chosen.PayerAmount; r == nil || r.Min.Decimal() != "5.00" || r.Max.Decimal() != "200.00" || chosen.Price().Decimal() != "15.00" {
			t.Errorf("what payers choose: %+v", chosen.Fields)
		}
		if redirected.After.RedirectURL != "https://shop.example/thanks" || !strings.Contains(redirected.Notes, "Not brought along: promotion codes.") {
			t.Errorf("what follows: %+v", redirected.Fields)
		}
		once, open, ends := w.at(t, "pl-0001ZitmBnQ6IDoMqZQKh"), w.at(t, "pl-0002ZitmBnQ6IDoMqZQKh"), w.at(t, "pl-0003ZitmBnQ6IDoMqZQKh")
		if once.Limit.Kind != link.Once || open.PayerAmount == nil || open.PayerAmount.Min.Decimal() != "5.00" || ends.EndsAt == nil || !ends.EndsAt.Equal(time.Date(2030, 6, 6, 11, 0, 0, 0, time.UTC)) {
			t.Errorf("of Mollie: %+v, %+v, %+v", once.Fields, open.Fields, ends.Fields)
		}
		if _, err := w.ReadOffered(t.Context(), w.b, "sandbox", business.Test, true, "usr_x"); err == nil {
			t.Error("the sandbox has payment links")
		}
	})
}

func TestExportsOfOtherProgramsComeOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { exportsComeOnce(t, d, manyOn(d)) })
}

func exportsComeOnce(t *testing.T, d *db.DB, many int) {
	var dub, shlink, payrequest strings.Builder
	dub.WriteString("Short link,Destination URL,Clicks,Created at,Title,Tags\n")
	shlink.WriteString("createdAt,domain,longUrl,shortCode,shortUrl,tags,title,visits\n")
	payrequest.WriteString(`{"success": true, "data": [`)
	for n := range many {
		fmt.Fprintf(&dub, "https://go.example/Summer-%d,https://shop.example/%d,7,2025-01-01,Summer %d,\"Sale, Web\"\n", n, n, n)
		fmt.Fprintf(&shlink, "2025-01-01T10:00:00+01:00,,https://shop.example/s/%d,%dxy,https://s.example/%dxy,sale|web,,3\n", n, n, n)
		if n > 0 {
			payrequest.WriteString(",")
		}
		fmt.Fprintf(&payrequest, `{"id": "%d", "url": "https://payrequest.example/acme/invoice-%d", "description": "Invoice %d", "amount": 49.50, "currency": "EUR", "created_at": "2025-01-01"}`, n, n, n)
	}
	payrequest.WriteString("]}")
	all := systemtest.New(t, d)
	for _, c := range []struct{ name, file, path, title string }{
		{"Dub", dub.String(), "Summer-7", "Summer 7"}, {"Shlink", shlink.String(), "l-7xy", "7xy"}, {"PayRequest", payrequest.String(), "invoice-7", "Invoice 7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := world{d: d, b: businesstest.Make(t, d, strings.ToLower(c.name)), links: all.Links, Imports: all.Imports}
			i, err := w.ReadForeign(t.Context(), w.b, importer.Links, "links.csv", []byte(c.file), "usr_x", importer.Foreign{Amount: "12.50", KeepPaths: true})
			if err != nil {
				t.Fatal(err)
			}
			if done := w.end(t, i); done.Created != int64(many) {
				t.Fatalf("%+v", done.Counts)
			}
			l, amount, on := w.at(t, c.path), "12.50", false
			if c.name == "PayRequest" {
				amount, on = "49.50", true
			}
			if l.Name != c.title || l.Price().Decimal() != amount || l.Active != on || !strings.HasPrefix(l.Notes, "From https://") {
				t.Errorf("%+v", l.Fields)
			}
			if c.name != "PayRequest" && len(l.Tags) != 2 {
				t.Errorf("tags: %v", l.Tags)
			}
			again, err := w.ReadForeign(t.Context(), w.b, importer.Links, "links.csv", []byte(c.file), "usr_x", importer.Foreign{Amount: "99"})
			if err != nil {
				t.Fatal(err)
			}
			if done := w.end(t, again); done.Created != 0 || done.Repeated != int64(many) {
				t.Errorf("a second time: %+v", done.Counts)
			}
		})
	}
}
