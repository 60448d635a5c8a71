package settings_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/coupon"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/dashboardtest"
	"smartlinks/internal/webhook"
)

func TestWhoDidWhatIsKnown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		other := s.Business(t, "elsewhere", "sam@example.com")
		s.Staff(t, acme, "sam@example.com")
		c := s.Customer(t, acme, customer.Fields{Name: "Sanne"})
		l := s.Link(t, acme, link.Fields{})
		marit, sam := s.SignedIn(t, "marit@example.com"), s.SignedIn(t, "sam@example.com")
		s.Exec(t, `DELETE FROM audit_log`) // that they signed in
		if got := marit.Get("/dashboard/acme/settings/audit"); !got.Has("Nothing has happened yet") {
			t.Errorf("the empty log: %s", got.Said())
		}
		marit.Post("/dashboard/acme/links/"+string(l.ID)+"/active", url.Values{"active": {"off"}})
		sam.Post("/dashboard/acme/customers/"+string(c.ID)+"/edit", url.Values{"version": {"1"}, "name": {""}})   // refused
		sam.Post("/dashboard/acme/customers/"+string(c.ID)+"/delete", nil)                                        // not allowed
		sam.Post("/dashboard/acme/customers", dashboardtest.With(dashboardtest.GoodCustomer(), "act", "add-tag")) // only a tag in a form
		sam.Post("/dashboard/acme/links/preview", url.Values{"name": {"x"}})                                      // only a look
		made := sam.Post("/dashboard/acme/customers", dashboardtest.GoodCustomer()).Location
		log := marit.Get("/dashboard/acme/settings/audit")
		if !log.Has("Marit de Boer", "Switched a link on or off", string(l.ID), "Added a customer", `href="`+made+`"`, "127.0.0.xxx") || strings.Count(log.Body, "<time") != 2 {
			t.Errorf("the log: %s", log.Said())
		}
		if got := marit.Get("/dashboard/acme/settings/audit?of=" + string(l.ID)); !got.Has("Switched a link") || got.Has("Added a customer") {
			t.Errorf("of the link: %s", got.Said())
		}
		if got := sam.Get("/dashboard/acme/settings/audit"); got.Status != http.StatusForbidden {
			t.Errorf("staff: %d", got.Status)
		}
		if entries, _, err := s.Audit.List(t.Context(), other.ID, "", ""); err != nil || len(entries) > 0 {
			t.Errorf("another business knows %v, %v", entries, err)
		}
		for i := range 60 {
			marit.Post("/dashboard/acme/links/"+string(l.ID)+"/active", url.Values{"active": {[]string{"on", "off"}[i%2]}})
		}
		first, next, err := s.Audit.List(t.Context(), acme.ID, "", "")
		if err != nil || len(first) != 50 || next == "" {
			t.Fatalf("%d entries, %q, %v", len(first), next, err)
		}
		if rest, next, err := s.Audit.List(t.Context(), acme.ID, "", next); err != nil || len(rest) != 12 || next != "" || rest[0].ID >= first[49].ID {
			t.Errorf("%d more entries, %q, %v", len(rest), next, err)
		}
		s.Exec(t, `UPDATE audit_log SET at = $1 WHERE object = $2`, db.At(d.Clock().Wall().Add(-401*24*time.Hour)), l.ID)
		if err := s.Audit.DeleteOld(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left, _, _ := s.Audit.List(t.Context(), acme.ID, "", ""); len(left) != 1 {
			t.Errorf("%d entries are left", len(left))
		}
	})
}

// A form that is saved as it was leaves no entry, no new version and no event.
func TestNothingIsRecordedWhereNothingChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		c := s.Customer(t, acme, customer.Fields{Name: "Sanne", Notes: "Pays late", Tags: tag.Named("VIP")})
		l := s.Link(t, acme, link.Fields{Tags: tag.Named("Spring")})
		p := s.Product(t, acme, "Chair")
		marit := s.SignedIn(t, "marit@example.com")
		s.Exec(t, `DELETE FROM audit_log`)
		for name, save := range map[string]func(){
			"a switch":  func() { marit.Post("/dashboard/acme/links/"+string(l.ID)+"/active", url.Values{"active": {"on"}}) },
			"a product": func() { marit.Post("/dashboard/acme/products/"+string(p.ID)+"/active", url.Values{"active": {"on"}}) },
			"a customer": func() {
				marit.Post("/dashboard/acme/customers/"+string(c.ID)+"/edit", url.Values{"version": {"1"}, "name": {"Sanne"}, "notes": {"Pays late"}, "tags": {"VIP"}})
			},
			"a mail of our words": func() { marit.Post("/dashboard/acme/settings/email/receipt/reset", nil) },
			"the answers":         func() { marit.Post("/dashboard/acme/settings/tokens/payrequest", url.Values{"active": {"off"}}) },
		} {
			save()
			if entries, _, err := s.Audit.List(t.Context(), acme.ID, "", ""); err != nil || len(entries) > 0 {
				t.Errorf("%s: %+v, %v", name, entries, err)
			}
			s.Exec(t, `DELETE FROM audit_log`)
		}
		var events, changed int
		if err := d.Get(t.Context(), &events, `SELECT COUNT(*) FROM events WHERE type = 'link.updated'`); err != nil || events > 0 {
			t.Errorf("%d events, %v", events, err)
		}
		if err := d.Get(t.Context(), &changed, `SELECT (SELECT version FROM links WHERE id = $1) + (SELECT version FROM products WHERE id = $2) + (SELECT version FROM customers WHERE id = $3)`, l.ID, p.ID, c.ID); err != nil || int64(changed) != l.Version+p.Version+c.Version {
			t.Errorf("the versions are %d together, %v", changed, err)
		}
	})
}

// Whatever a form changed, the same once more changes nothing.
func TestAFormThatIsSavedTwiceIsRecordedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Lesson"})
		other := s.Link(t, acme, link.Fields{Name: "Another"})
		label := s.Tag(t, acme, tag.OfLinks, "Spring")
		of, codes, err := s.Coupons.CreateWithCodes(t.Context(), acme.ID, 1000, money.Amount{}, coupon.Fields{Name: "Ten"}, []string{"TEN"}, coupon.CodeFields{})
		if err != nil {
			t.Fatal(err)
		}
		told, _, err := s.Webhooks.Create(t.Context(), acme.ID, webhook.Draft{URL: "https://acme.example/hook", Events: webhook.Asked{webhook.All}})
		if err != nil {
			t.Fatal(err)
		}
		sam, channel := s.Member(t, acme, "sam@example.com", account.Staff), s.Channel(t, acme, s.UserID(t, "marit@example.com"))
		marit := s.SignedIn(t, "marit@example.com")
		at := "/dashboard/acme/links/" + string(l.ID)
		for path, form := range map[string]url.Values{
			at + "/edit": {"version": {"1"}, "type": {"amount"}, "name": {"Course"}, "amount": {"120,00"}, "currency": {"EUR"}, "tags": {"Spring"}, "limit": {"multiple"}, "limit_max": {"12"}, "active": {"on"}},
			"/dashboard/acme/links/" + string(other.ID) + "/tags": {"tag": {"Spring"}, "tags": {"Summer"}, "tag_color": {"red"}},
			at + "/share": {"language": {"nl"}, "text": {"Kom leren."}},
			"/dashboard/acme/tags/" + string(label.ID):               {"name": {"Lente"}, "color": {"mint"}},
			"/dashboard/acme/coupons/" + string(of.ID):               {"version": {"1"}, "name": {"Events"}, "for": {"chosen"}, "link": {string(l.ID)}},
			"/dashboard/acme/codes/" + string(codes[0].ID):           {"version": {"1"}, "code_max": {"20"}},
			"/dashboard/acme/transactions/unfinished":                {"after_hours": {"3"}},
			"/dashboard/acme/settings/webhooks/" + string(told.ID):   {"url": {"https://acme.example/other"}, "everything": {"on"}, "active": {"on"}},
			"/dashboard/acme/settings/bank":                          {"name": {"Acme B.V."}, "iban": {"NL91 ABNA 0417 1643 00"}, "hold_days": {"7"}, "current_password": {dashboardtest.Password}},
			"/dashboard/acme/settings/email/receipt":                 {"subject": {"Paid {amount}"}, "block": {"0"}, "b0_kind": {"amount"}},
			"/dashboard/acme/settings/email":                         {"from_name": {"Acme Studio"}, "host": {"mail.acme.example"}, "port": {"587"}},
			"/dashboard/acme/settings/team/" + string(sam) + "/role": {"role": {"admin"}},
			"/dashboard/acme/settings/alerts/" + string(channel):     {"news": {"attention"}},
			"/dashboard/acme/settings/alerts":                        {"news": {"refunded"}, "summary": {"weekly"}},
			"/dashboard/acme/settings/sms":                           {"sender": {"Acme"}, "day_cap": {"500"}},
			"/dashboard/acme/settings/business":                      {"name": {"Studio"}, "contact_email": {"hello@studio.example"}, "currency": {"EUR"}, "time_zone": {"Europe/Paris"}, "locale": {"nl"}},
		} {
			s.Exec(t, `DELETE FROM audit_log`)
			for time := range 2 {
				if form.Has("version") {
					form.Set("version", strconv.Itoa(time+1))
				}
				if got := marit.Post(path, form); got.Status != http.StatusSeeOther {
					t.Errorf("%s: %d %s", path, got.Status, got.Location)
				}
				if entries, _, err := s.Audit.List(t.Context(), acme.ID, "", ""); err != nil || len(entries) != 1 {
					t.Errorf("%s, time %d: %+v, %v", path, time+1, entries, err)
				}
			}
		}
	})
}
