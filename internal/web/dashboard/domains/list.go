package domains

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/domain"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// listView is Settings → Domains.
type listView struct {
	frame.Problems
	Settings frame.SettingsView
	Rows     []row
	Typed    string // what was typed into the form, when it is shown again
	Adding   bool   // the form stands open
	Waits    bool   // something is about to change by itself
}

// row is a domain.
type row struct {
	ID, Host, Base   string // Base is the address of its actions
	Badge            ui.BadgeProps
	Tone             ui.Tone
	ForNew           bool
	Lines            []string // what is to be said of it
	Steps            []step
	Zone             string
	Records          []record
	Open             bool // the records are shown at once
	Problem          string
	Next             string // when it is looked at next
	Instead, Address string // which record does in place of the CNAME, and its value
	Visit            string // its payment page, "" while it is not live
	MayUse           bool
}

// step is one of the three on the way to being live.
type step struct{ Label, State, Icon string }

// record is a line of DNS.
type record struct {
	domain.Record
	Name string // within the zone
}

// ownPatience bounds the question for our own address, which is help and no more.
const ownPatience = time.Second

func (d pages) list(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, err := d.view(r, scope)
	if err != nil {
		return err
	}
	return d.show(w, r, scope, http.StatusOK, v)
}

func (d pages) show(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v listView) error {
	return frame.Render(w, r, status, listPage(d.Frame(r, scope, v.Settings.Place()), v))
}

func (d pages) view(r *http.Request, scope *frame.Scope) (listView, error) {
	v := listView{Settings: frame.SettingsAt(scope, "domains"), Adding: r.URL.Query().Has("add")}
	all, err := d.Domains.List(r.Context(), scope.Business.ID)
	if err != nil {
		return v, err
	}
	uses, err := d.Domains.LinksAt(r.Context(), scope.Business.ID)
	if err != nil {
		return v, err
	}
	var ours []domain.Record
	for _, one := range all {
		if one.Status() == domain.Waiting && ours == nil {
			ctx, cancel := context.WithTimeout(r.Context(), ownPatience)
			ours = d.Domains.Instead(ctx)
			cancel()
		}
		v.Rows = append(v.Rows, d.row(scope, one, uses, ours))
		v.Waits = v.Waits || one.Status() == domain.Certificate
	}
	return v, nil
}

func (d pages) row(scope *frame.Scope, one domain.Domain, uses map[string]int64, ours []domain.Record) row {
	v := row{
		ID: string(one.ID), Host: one.Host, Base: scope.Base + "/settings/domains/" + string(one.ID), ForNew: one.ForNew && one.Served(), Zone: one.Zone(),
		Badge: badge(scope, one), Tone: tone(one), Steps: steps(scope, one), Open: one.Status() == domain.Waiting, MayUse: one.Served() && !one.ForNew,
	}
	for _, r := range d.Domains.Records(one) {
		v.Records = append(v.Records, record{r, one.InZone(r.Name)})
	}
	v.Lines, v.Problem = d.lines(scope, one, uses), problem(scope, one)
	if !one.NextAt.IsZero() && !one.Served() {
		v.Next = scope.T("Next look by itself {{.When}}.", "When", scope.Distance(one.NextAt, d.DB.Clock().Wall()))
	}
	if len(ours) > 0 && v.Records[0].Type == "CNAME" {
		v.Instead, v.Address = ours[0].Type, ours[0].Value
	}
	if one.Served() {
		v.Visit = scope.Addresses.OriginOf(one.Host) + "/"
	}
	return v
}

// lines say how the domain stands.
func (d pages) lines(scope *frame.Scope, one domain.Domain, uses map[string]int64) []string {
	zone := scope.Business.Location()
	switch one.Status() {
	case domain.Waiting:
		return []string{scope.T("Added {{.When}}. You can choose it for links once it is live.", "When", scope.Ago(one.CreatedAt, scope.Now, zone))}
	case domain.Certificate:
		return []string{scope.T("Both records were found. Usually done within a minute; this page updates by itself.")}
	case domain.Broken:
		since := scope.ShortDateTime(one.BrokenAt, scope.Now, zone)
		said := scope.T("Since {{.When}} its records say something else.", "When", since)
		if one.Problem == domain.Elsewhere {
			said = scope.T("Since {{.When}} it leads to {{.Where}}, not to us.", "When", since, "Where", one.Leads())
		}
		other := scope.Addresses.HostOf(string(scope.Business.ID), "")
		if other == "" {
			other = scope.Addresses.Host()
		}
		return []string{said, scope.T("Its links use {{.Host}} meanwhile.", "Host", other)}
	}
	said := []string{scope.T("The proxy before this installation has its certificate.")}
	if !one.CertificateUntil.IsZero() {
		said[0] = scope.T("Certificate from {{.From}}, good until {{.Until}}.", "From", scope.Date(one.CertificateFrom, zone), "Until", scope.Date(one.CertificateUntil, zone))
	}
	n := uses[one.Host]
	if one.ForNew {
		n += uses[""]
	}
	return append(said, scope.N(n, "{{.Count}} link", "{{.Count}} links"))
}

func badge(scope *frame.Scope, one domain.Domain) ui.BadgeProps {
	switch one.Status() {
	case domain.Waiting:
		return ui.BadgeProps{Label: scope.T("Waiting for DNS"), Tone: ui.Orange}
	case domain.Certificate:
		return ui.BadgeProps{Label: scope.T("Getting its certificate"), Tone: ui.Blue, Icon: "refresh-cw"}
	case domain.Broken:
		return ui.BadgeProps{Label: scope.T("Broken"), Tone: ui.Red, Icon: "circle-alert"}
	case domain.Expiring:
		return ui.BadgeProps{Label: scope.T("Certificate ends soon"), Tone: ui.Orange, Icon: "triangle-alert"}
	}
	return ui.BadgeProps{Label: scope.T("Live|of a domain"), Tone: ui.Green}
}

func tone(one domain.Domain) ui.Tone {
	switch one.Status() {
	case domain.Waiting, domain.Expiring:
		return ui.Orange
	case domain.Certificate:
		return ui.Blue
	case domain.Broken:
		return ui.Red
	}
	return ui.Green
}

// steps are the way to being live, while it is on it.
func steps(scope *frame.Scope, one domain.Domain) []step {
	labels := []string{"DNS", scope.T("Certificate"), scope.T("Live|of a domain")}
	at := 0
	switch one.Status() {
	case domain.Waiting:
	case domain.Certificate:
		at = 1
	default:
		return nil
	}
	all := make([]step, len(labels))
	for i, label := range labels {
		switch {
		case i < at:
			all[i] = step{label, scope.T("done"), "check"}
		case i == at:
			all[i] = step{label, "", "hourglass"}
		default:
			all[i] = step{label, scope.T("to come"), "circle-slash"}
		}
	}
	return all
}

// problem says what is wrong and what to do; "" when nothing is.
func problem(scope *frame.Scope, one domain.Domain) string {
	name := one.InZone(domain.TXTName(one.Host))
	switch one.Problem {
	case domain.NoAddress:
		return scope.T("The name leads nowhere yet.")
	case domain.Elsewhere:
		return scope.T("It leads to {{.Where}}, not to us. It must lead to us alone.", "Where", one.Leads())
	case domain.NoTXT:
		return scope.T("The TXT record is missing: there is none under {{.Name}}.", "Name", name)
	case domain.OtherTXT:
		return scope.T("The TXT record under {{.Name}} has another value.", "Name", name)
	case domain.DNSAway:
		return scope.T("DNS gave no answer. It is asked again.")
	case domain.Taken:
		return scope.T("Another business uses this name, and its TXT record is still there. Take that away if the name is yours.")
	case domain.Reserved:
		return scope.T("Another business removed this name lately. It can be proven from {{.Day}}.", "Day", scope.Date(one.ReservedUntil(), scope.Business.Location()))
	case domain.Lost:
		return scope.T("Another business has proven this name since, when your TXT record was gone.")
	}
	if s := one.Status(); one.CertificateProblem != "" && (s == domain.Certificate || s == domain.Expiring) {
		return scope.T("The certificate could not be got; it is tried again. {{.Why}}", "Why", one.CertificateProblem)
	}
	return ""
}
