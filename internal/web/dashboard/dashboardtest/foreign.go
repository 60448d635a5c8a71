package dashboardtest

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/alert"
	"smartlinks/internal/business"
	"smartlinks/internal/coupon"
	"smartlinks/internal/customer"
	"smartlinks/internal/domain"
	"smartlinks/internal/importer"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/product"
	"smartlinks/internal/saved"
	"smartlinks/internal/tag"
	"smartlinks/internal/webhook"
)

// firm is a business with one of everything that a route can name, by the
// beginning of the route.
type firm struct {
	business.Business
	Objects map[string]string
}

// Firm makes a business with everything; its owner signs in with password.
func (s *Site) Firm(t *testing.T, handle, owner string) firm {
	t.Helper()
	ctx, b := t.Context(), s.Business(t, handle, owner)
	chair, err := s.Products.Create(ctx, b, product.Fields{Name: "Chair of " + handle, Price: *Euros(14900), Active: true, Picture: Picture(t)})
	if err != nil {
		t.Fatal(err)
	}
	ann := s.Customer(t, b, customer.Fields{Name: "Ann of " + handle, Email: "ann@" + handle + ".example"})
	sale := s.Link(t, b, link.Fields{Name: "Sale of " + handle, CustomerID: ann.ID, Tags: tag.Named("Tag of " + handle)})
	endpoint, _, err := s.Webhooks.Create(ctx, b.ID, webhook.Draft{URL: "http://127.0.0.1:1/", Events: webhook.Asked{webhook.All}})
	if err != nil {
		t.Fatal(err)
	}
	s.Happen(t, b)
	var event string
	if err := s.DB.Get(ctx, &event, `SELECT id FROM events WHERE business_id = $1`, b.ID); err != nil {
		t.Fatal(err)
	}
	token, _, err := s.Accounts.CreateToken(ctx, b.ID, "Token of "+handle, account.Scopes{account.All})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.Imports.Read(ctx, b, importer.Customers, "list.csv", []byte("name,email\nBen,ben@"+handle+".example\nno address,\n"), string(s.UserID(t, owner)))
	if err != nil {
		t.Fatal(err)
	}
	invite := s.SignedIn(t, owner).Post("/dashboard/"+handle+"/settings/team", url.Values{"email": {"new@" + handle + ".example"}, "role": {"staff"}})
	var invitation string
	if err := s.DB.Get(ctx, &invitation, `SELECT id FROM invitations WHERE business_id = $1`, b.ID); err != nil {
		t.Fatalf("inviting: %d, %v", invite.Status, err)
	}
	of, codes, err := s.Coupons.CreateWithCodes(ctx, b.ID, 10_00, money.Amount{}, coupon.Fields{Name: "Coupon of " + handle}, []string{"CODE-" + handle}, coupon.CodeFields{})
	if err != nil {
		t.Fatal(err)
	}
	member, hook, passkey := s.Member(t, b, "member@"+handle+".example", account.Admin), "inb_"+handle, "pky_"+handle
	s.Webhook(t, b, hook, "obj_"+handle, "", `{"of": "`+handle+`"}`)
	s.Exec(t, `INSERT INTO passkeys (id, user_id, credential, record, name, created_at) VALUES ($1, $2, $1, '{}', $1, 0)`, passkey, s.UserID(t, owner))
	return firm{b, map[string]string{
		"/deliveries/{id}": s.scheduled(t, b, sale, ann),
		"/links/{id}":      string(sale.ID), "/products/{id}": string(chair.ID), "/customers/{id}": string(ann.ID), "/images/{id}": chair.ImageID,
		"/tags/{id}": string(s.Tag(t, b, tag.OfCustomers, "Group of "+handle).ID), "/imports/{id}": string(rows.ID),
		"/transactions/{id}":                     string(s.Attempt(t, b, sale, "Payer of "+handle, "payer@"+handle+".example", sandbox.Paid).ID),
		"/transactions/webhooks/{id}":            hook,
		"/settings/team/{id}":                    string(member),
		"/settings/team/invitations/{id}":        invitation,
		"/settings/tokens/{id}":                  string(token.ID),
		"/settings/assistants/{id}":              string(s.Granted(t, b, s.UserID(t, owner), account.LinksRead).ID),
		"/settings/webhooks/{id}":                string(endpoint.ID),
		"/settings/alerts/{id}":                  string(s.Channel(t, b, s.UserID(t, owner))),
		"/settings/domains/{id}":                 string(s.claimed(t, b)),
		"/settings/webhooks/{id}/events/{event}": event,
		"/account/passkeys/{id}":                 passkey,
		"/coupons/{id}":                          string(of.ID),
		"/codes/{id}":                            string(codes[0].ID),
		"/saved/{id}":                            string(s.savedSearch(t, b)),
		"/requests/{id}":                         string(s.requested(t, b)),
		"/statements/{id}":                       string(s.read(t, b).ID),
		"/waiting-list/{id}":                     string(s.Waits(t, b, s.Full(t, b, "Full of "+handle), "waits@"+handle+".example").ID),
	}}
}

// Channel makes a channel for alerts.
func (s *Site) Channel(t *testing.T, b business.Business, member account.UserID) alert.ID {
	t.Helper()
	if err := s.Alerts.Add(t.Context(), b, member, alert.Draft{Kind: alert.Ntfy, URL: "http://127.0.0.1:1/" + b.Handle}); err != nil {
		t.Fatal(err)
	}
	all, err := s.Alerts.Channels(t.Context(), b.ID, member)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d channels, %v", len(all), err)
	}
	return all[0].ID
}

// route is one that names an object.
type route struct{ Method, Path string }

// Inside are the routes behind a business's handle: method and what follows.
func (s *Site) Inside() (all []route) {
	for _, pattern := range s.Dashboard.Patterns() {
		method, path, _ := strings.Cut(pattern, " ")
		if rest, ok := strings.CutPrefix(path, "/dashboard/{handle}"); ok && rest != "/{rest...}" {
			all = append(all, route{method, strings.TrimSuffix(rest, "{$}")})
		}
	}
	// What takes away goes last, so that everything else still finds its object.
	slices.SortStableFunc(all, func(a, b route) int { return ends(a) - ends(b) })
	return all
}

func ends(r route) int {
	if regexp.MustCompile(`(delete|remove|erase|merge|back|discard|stop|sessions|revoke|reset|off|disconnect)$`).MatchString(r.Path) {
		return 1
	}
	return 0
}

var Named = regexp.MustCompile(`\{[a-z]+\}`)

// Filled is the path with the objects of the firm; those of other are named
// where the path ends in one of its kind. It fails for a route whose object
// nobody has made here.
func Filled(t *testing.T, path string, own, other firm, foreign bool) string {
	t.Helper()
	path = strings.ReplaceAll(path, "{kind}", "link") // a word, not an object
	places := Named.FindAllStringIndex(path, -1)
	for i := len(places) - 1; i >= 0; i-- {
		place := path[:places[i][1]]
		from := own
		if foreign && i == len(places)-1 {
			from = other
		}
		id, known := from.Objects[place]
		if !known {
			t.Fatalf("a route names an object by %s: let firm make one, so that this test can try another business's", place)
		}
		path = path[:places[i][0]] + id + path[places[i][1]:]
	}
	return path
}

// Sensible fills what forms ask for, but nothing that names an object.
func Sensible() url.Values {
	form := url.Values{}
	for name, value := range map[string]string{
		"name": "Given", "title": "Given", "description": "Given", "notes": "Given", "type": "amount", "amount": "49.00", "price": "49.00", "currency": "EUR", "email": "given@example.com",
		"phone": "+31612345678", "language": "en", "locale": "en", "time_zone": "UTC", "business": "Given", "brand_color": "#0E5A5C", "color": "teal", "tag_color": "teal",
		"path": "", "handle": "", "limit": "unlimited", "limit_max": "3", "starts_at": "", "ends_at": "", "redirect_url": "https://example.com/thanks", "success": "Given", "reference": "Given",
		"payer_min": "", "payer_max": "", "version": "1", "active": "on", "url": "http://127.0.0.1:1/", "event": "link.created", "scope": "links:read", "role": "staff",
		"remind_every": "none", "remind_to": "", "remind_from": "", "remind_max": "", "send_key": "", "subject": "Given", "body": "Given {link}", "message": "", "as": "", "kind": "link",
		"from": "2026-01-01", "to": "2026-12-31", "min": "", "max": "", "hours": "1", "days": "", "by": "email", "act": "activate", "conflict": "", "opened": "", "next": "", "mode": "test", "provider": "sandbox",
		"current_password": "not the password", "password": "", "token": "", "code": "", "credential": "", "theme": "system", "suggested": "", "default": "",
		"sender": "", "key": "", "keys": "", "signing_key": "", "user": "", "host": "", "port": "", "tls": "", "reply_to": "", "from_name": "", "from_address": "", "webhook_secret": "", "day_cap": "",
		"legal_name": "Given", "vat_rate": "", "vat_number": "", "registration": "", "address": "Given", "contact_email": "", "terms_url": "", "privacy_url": "", "frame_origins": "", "keep_views": "", "owner_name": "Given",
		"everything": "", "q": "", "preview": "", "letter": "", "back": "", "sort": "", "column": "name", "untag": "", "tag": "", "tags": "", "send_tag": "", "apply_tag": "", "remove_tag": "", "reason": "", "search": "", "cursor": "", "view": "", "status": "",
	} {
		form.Set(name, value)
	}
	return form
}

// Choice is a way to fill in forms; path is the only route that it is for.
type Choice struct {
	Path   string
	Values map[string]string
}

// Form is filled in, with what of returns for each reference.
func (c Choice) Form(references []string, of func(name string) string) url.Values {
	form := Sensible()
	for name, value := range c.Values {
		form.Set(name, value)
	}
	for _, name := range references {
		form.Set(name, of(name))
	}
	return form
}

// TakesOwn fails unless the form is taken with one's own objects: else to refuse
// those of others would mean nothing.
func (s *Site) TakesOwn(t *testing.T, b *Browser, own firm, c Choice) {
	t.Helper()
	if c.Path == "" {
		return
	}
	objects := map[string]string{"customer": "/customers/{id}", "send_customer": "/customers/{id}", "product": "/products/{id}"}
	form := c.Form(slices.Collect(maps.Keys(objects)), func(name string) string { return own.Objects[objects[name]] })
	form.Set("version", s.Version(t, own, c))
	if got := b.Post("/dashboard/acme"+Filled(t, c.Path, own, own, false), form); got.Status >= 400 {
		t.Errorf("POST %s %v with one's own objects: %d %q", c.Path, c.Values, got.Status, regexp.MustCompile(`role="alert".{0,500}?</span>`).FindAllString(got.Body, -1))
	}
}

// Version is what the form of an edit must say.
func (s *Site) Version(t *testing.T, own firm, c Choice) string {
	t.Helper()
	if c.Path != "/links/{id}/edit" {
		return "1"
	}
	l, err := s.Links.Get(t.Context(), own.Business, link.ID(own.Objects["/links/{id}"]))
	if err != nil {
		t.Fatal(err)
	}
	return strconv.FormatInt(l.Version, 10)
}

// savedSearch is one of the business's.
func (s *Site) savedSearch(t *testing.T, b business.Business) saved.ID {
	t.Helper()
	one, err := s.Saved.Save(t.Context(), b.ID, saved.Links, "Search of "+b.Handle, url.Values{"q": {"sale"}})
	if err != nil {
		t.Fatal(err)
	}
	return one.ID
}

// claimed is a name that the business claims.
func (s *Site) claimed(t *testing.T, b business.Business) domain.ID {
	t.Helper()
	d, err := s.Domains.Claim(t.Context(), b.ID, "pay."+b.Handle+".example")
	if err != nil {
		t.Fatal(err)
	}
	return d.ID
}
