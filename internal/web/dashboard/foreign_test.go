package dashboard_test

import (
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/importer"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
	"smartlinks/internal/webhook"
)

// firm is a business with one of everything that a route can name, by the
// beginning of the route.
type firm struct {
	business.Business
	objects map[string]string
}

// firm makes a business with everything; its owner signs in with password.
func (s *site) firm(t *testing.T, handle, owner string) firm {
	t.Helper()
	ctx, b := t.Context(), s.business(t, handle, owner)
	chair, err := s.Products.Create(ctx, b, product.Draft{Name: "Chair of " + handle, Price: *euros(14900), Active: true, Image: picture(t)})
	if err != nil {
		t.Fatal(err)
	}
	ann := s.customer(t, b, customer.Draft{Name: "Ann of " + handle, Email: "ann@" + handle + ".example"})
	sale := s.link(t, b, link.Draft{Name: "Sale of " + handle, CustomerID: ann.ID, Tags: []string{"Tag of " + handle}})
	endpoint, _, err := s.Webhooks.Create(ctx, b.ID, webhook.Draft{URL: "http://127.0.0.1:1/", Events: webhook.Asked{webhook.All}})
	if err != nil {
		t.Fatal(err)
	}
	s.happen(t, b)
	var event string
	if err := s.DB.Get(ctx, &event, `SELECT id FROM events WHERE business_id = $1`, b.ID); err != nil {
		t.Fatal(err)
	}
	token, _, err := s.Accounts.CreateToken(ctx, b.ID, "Token of "+handle, account.Scopes{account.All})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.Imports.Read(ctx, b, importer.Customers, "list.csv", []byte("name,email\nBen,ben@"+handle+".example\nno address,\n"), string(s.userID(t, owner)))
	if err != nil {
		t.Fatal(err)
	}
	invite := s.signedIn(t, owner).post("/dashboard/"+handle+"/settings/team", url.Values{"email": {"new@" + handle + ".example"}, "role": {"staff"}})
	var invitation string
	if err := s.DB.Get(ctx, &invitation, `SELECT id FROM invitations WHERE business_id = $1`, b.ID); err != nil {
		t.Fatalf("inviting: %d, %v", invite.Status, err)
	}
	member, hook, passkey := s.member(t, b, "member@"+handle+".example", account.Admin), "inb_"+handle, "pky_"+handle
	s.webhook(t, b, hook, "obj_"+handle, "", `{"of": "`+handle+`"}`)
	s.exec(t, `INSERT INTO passkeys (id, user_id, credential, record, name, created_at) VALUES ($1, $2, $1, '{}', $1, 0)`, passkey, s.userID(t, owner))
	return firm{b, map[string]string{
		"/links/{id}": string(sale.ID), "/products/{id}": string(chair.ID), "/customers/{id}": string(ann.ID), "/images/{id}": chair.ImageID,
		"/tags/{id}": string(s.tag(t, b, tag.OfCustomers, "Group of "+handle).ID), "/imports/{id}": string(rows.ID),
		"/transactions/{id}":                     string(s.attempt(t, b, sale, "Payer of "+handle, "payer@"+handle+".example", sandbox.Paid).ID),
		"/transactions/webhooks/{id}":            hook,
		"/settings/team/{id}":                    string(member),
		"/settings/team/invitations/{id}":        invitation,
		"/settings/tokens/{id}":                  string(token.ID),
		"/settings/webhooks/{id}":                string(endpoint.ID),
		"/settings/webhooks/{id}/events/{event}": event,
		"/account/passkeys/{id}":                 passkey,
	}}
}

// route is one that names an object.
type route struct{ method, path string }

// inside are the routes behind a business's handle: method and what follows.
func (s *site) inside() (all []route) {
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
	if regexp.MustCompile(`(delete|remove|erase|merge|back|discard|stop|sessions|revoke|reset|off|disconnect)$`).MatchString(r.path) {
		return 1
	}
	return 0
}

var named = regexp.MustCompile(`\{[a-z]+\}`)

// filled is the path with the objects of the firm; those of other are named
// where the path ends in one of its kind. It fails for a route whose object
// nobody has made here.
func filled(t *testing.T, path string, own, other firm, foreign bool) string {
	t.Helper()
	path = strings.ReplaceAll(path, "{kind}", "link") // a word, not an object
	places := named.FindAllStringIndex(path, -1)
	for i := len(places) - 1; i >= 0; i-- {
		place := path[:places[i][1]]
		from := own
		if foreign && i == len(places)-1 {
			from = other
		}
		id, known := from.objects[place]
		if !known {
			t.Fatalf("a route names an object by %s: let firm make one, so that this test can try another business's", place)
		}
		path = path[:places[i][0]] + id + path[places[i][1]:]
	}
	return path
}

// Nobody reaches an object of another business under the handle of their own,
// by any route. The routes are those of the router, so that one that is added
// later is tried too.
func TestOtherBusinessesObjectsDoNotExist(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		own, other := s.firm(t, "acme", "marit@example.com"), s.firm(t, "zenith", "zoe@example.com")
		b, theirs := s.signedIn(t, "marit@example.com"), s.signedIn(t, "zoe@example.com")
		tried := 0
		for _, r := range s.inside() {
			if !named.MatchString(strings.ReplaceAll(r.path, "{kind}", "")) {
				continue
			}
			tried++
			if r.method == http.MethodGet && !strings.HasSuffix(r.path, "/live") {
				// The object is there, so that its absence means something.
				if got := theirs.get("/dashboard/zenith" + filled(t, r.path, other, own, false)); got.Status == http.StatusNotFound {
					t.Errorf("GET %s: its own business gets 404", r.path)
				}
			}
		}
		before := businesstest.Rows(t, d, other.ID)
		for _, r := range s.inside() {
			if !named.MatchString(strings.ReplaceAll(r.path, "{kind}", "")) {
				continue
			}
			path := filled(t, r.path, own, other, true)
			var got answer
			if r.method == http.MethodGet {
				got = b.get("/dashboard/acme" + path)
			} else {
				if got := b.post("/dashboard/acme"+path, nonsense()); got.Status != http.StatusNotFound && got.Status != http.StatusUnprocessableEntity {
					t.Errorf("POST %s of another business with nonsense: %d", r.path, got.Status)
				}
				got = b.post("/dashboard/acme"+path, sensible())
			}
			if got.Status != http.StatusNotFound || got.Has("zenith") {
				t.Errorf("%s %s of another business: %d, want 404\n%s", r.method, r.path, got.Status, got.Said())
			}
		}
		if tried < 60 {
			t.Errorf("only %d routes name an object", tried)
		}
		same(t, before, businesstest.Rows(t, d, other.ID))
	})
}

func same(t *testing.T, before, after []string) {
	t.Helper()
	for _, row := range before {
		if !slices.Contains(after, row) {
			t.Errorf("another business lost %s", row)
		}
	}
	for _, row := range after {
		if !slices.Contains(before, row) {
			t.Errorf("another business got %s", row)
		}
	}
}

func nonsense() url.Values {
	return url.Values{"active": {"off"}, "name": {""}, "amount": {"much"}, "role": {"king"}, "version": {"x"}}
}

// sensible fills what forms ask for, but nothing that names an object.
func sensible() url.Values {
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
		"everything": "", "q": "", "preview": "", "letter": "", "back": "", "sort": "", "column": "name", "untag": "", "tag": "", "tags": "", "new_tag": "", "send_tag": "", "apply_tag": "", "remove_tag": "", "reason": "", "search": "", "cursor": "", "view": "", "status": "",
	} {
		form.Set(name, value)
	}
	return form
}

// inputs are the names of all that the dashboard's code reads from a form.
func inputs(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	read := regexp.MustCompile(`(?:[fF]orm|values|v)(?:\.Get\(|\.Has\(|\[|Value\()"([a-z_]+)"|ticked\([^,]+, "([a-z_]+)"\)`)
	names := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_templ.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range read.FindAllStringSubmatch(string(text), -1) {
			names[found[1]+found[2]] = true
		}
	}
	if len(names) < 80 {
		t.Fatalf("only %d inputs are found", len(names))
	}
	return slices.Sorted(maps.Keys(names))
}

// choice is a way to fill in forms; path is the only route that it is for.
type choice struct {
	path   string
	values map[string]string
}

// choices are the ways to fill in forms that name objects: the first is for
// every route, and comes last because it deletes as well.
func choices() []choice {
	return []choice{
		{"/links", map[string]string{"by": "", "to": "one", "type": "product"}}, {"/links", map[string]string{"by": "", "to": "one"}}, {"/links", map[string]string{"to": "one"}},
		{"/links/{id}/edit", map[string]string{"by": "", "to": "one", "path": "edited"}}, {"/links/{id}/edit", map[string]string{"path": "edited", "to": "one"}},
		{"/links/{id}/send", map[string]string{"to": "one"}}, {"/links/{id}/send", map[string]string{"to": "some"}}, {"", nil},
	}
}

// form is filled in, with what of returns for each reference.
func (c choice) form(references []string, of func(name string) string) url.Values {
	form := sensible()
	for name, value := range c.values {
		form.Set(name, value)
	}
	for _, name := range references {
		form.Set(name, of(name))
	}
	return form
}

// takesOwn fails unless the form is taken with one's own objects: else to refuse
// those of others would mean nothing.
func (s *site) takesOwn(t *testing.T, b *browser, own firm, c choice) {
	t.Helper()
	if c.path == "" {
		return
	}
	objects := map[string]string{"customer": "/customers/{id}", "send_customer": "/customers/{id}", "product": "/products/{id}"}
	form := c.form(slices.Collect(maps.Keys(objects)), func(name string) string { return own.objects[objects[name]] })
	form.Set("version", s.version(t, own, c))
	if got := b.post("/dashboard/acme"+filled(t, c.path, own, own, false), form); got.Status >= 400 {
		t.Errorf("POST %s %v with one's own objects: %d %q", c.path, c.values, got.Status, regexp.MustCompile(`role="alert".{0,500}?</span>`).FindAllString(got.Body, -1))
	}
}

// version is what the form of an edit must say.
func (s *site) version(t *testing.T, own firm, c choice) string {
	t.Helper()
	if c.path != "/links/{id}/edit" {
		return "1"
	}
	l, err := s.Links.Get(t.Context(), own.Business, link.ID(own.objects["/links/{id}"]))
	if err != nil {
		t.Fatal(err)
	}
	return strconv.FormatInt(l.Version, 10)
}

// Nor does anything of theirs come into one's own by a form: each object of
// theirs is put into every input that sensible does not know as a plain text, at
// every route.
func TestNoFormTakesAnObjectOfAnotherBusiness(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		own, other := s.firm(t, "acme", "marit@example.com"), s.firm(t, "zenith", "zoe@example.com")
		b := s.signedIn(t, "marit@example.com")
		before := businesstest.Rows(t, d, other.ID)
		base, accepted := sensible(), 0
		var references []string
		for _, name := range inputs(t) {
			if !base.Has(name) {
				references = append(references, name)
			}
		}
		for _, name := range []string{"link", "customer", "product", "send_customer", "into", "other", "session"} {
			if !slices.Contains(references, name) {
				t.Errorf("%s is no reference of any form", name)
			}
		}
		for _, c := range choices() {
			s.takesOwn(t, b, own, c)
			for _, r := range s.inside() {
				if r.method != http.MethodPost || r.path == "/test-clock" || c.path != "" && c.path != r.path { // the clock is everybody's
					continue
				}
				path := "/dashboard/acme" + filled(t, r.path, own, other, false)
				for _, kind := range slices.Sorted(maps.Keys(other.objects)) {
					form := c.form(references, func(string) string { return other.objects[kind] })
					form.Set("version", s.version(t, own, c))
					got := b.post(path, form)
					if got.Status >= 500 {
						t.Errorf("POST %s with %s: %d", r.path, kind, got.Status)
					}
					if got.Status < 400 {
						accepted++
					}
					if got.Has("of zenith") {
						t.Errorf("POST %s with %s tells of another business: %s", r.path, kind, got.Said())
					}
				}
			}
		}
		if accepted < 100 {
			t.Errorf("only %d forms were taken; give sensible what they lack", accepted)
		}
		for _, row := range businesstest.Rows(t, d, own.ID) {
			for kind, id := range other.objects {
				if strings.Contains(row, id) {
					t.Errorf("%s of another business is in %s", kind, row)
				}
			}
		}
		same(t, before, businesstest.Rows(t, d, other.ID))
	})
}

// Programs that read ahead, and links in mails, ask every address.
func TestReadingChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		own := s.firm(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
		before, read := businesstest.Rows(t, d, own.ID), 0
		query := sensible()
		for _, name := range inputs(t) {
			query.Set(name, query.Get(name))
		}
		for _, r := range s.inside() {
			if r.method != http.MethodGet || strings.HasSuffix(r.path, "/live") {
				continue
			}
			read++
			path := "/dashboard/acme" + filled(t, r.path, own, own, false)
			for _, target := range []string{path, path + "?" + query.Encode()} {
				if got := b.get(target); got.Status >= 500 {
					t.Errorf("GET %s: %d", target, got.Status)
				}
			}
		}
		if read < 40 {
			t.Errorf("only %d pages were read", read)
		}
		// But that personal data was taken away stands in the audit log.
		after := slices.DeleteFunc(businesstest.Rows(t, d, own.ID), func(row string) bool {
			return strings.HasPrefix(row, "acts: ") && strings.Contains(row, "what=Exported ")
		})
		same(t, before, after)
	})
}
