package settings

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/domain"
	"smartlinks/internal/web/api/frame"
)

// domains are the operations on the host names of the business. They take a token for
// everything: who has a name decides where payers are led.
func (a handlers) domains() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Domains.Get(ctx, b.ID, domain.ID(id))
		return err
	}
	const path, one, group = "/domains", "/domains/{id}", frame.GroupDomains
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: path, ID: "create-domain", Summary: "Add a domain", Group: group,
		About: "The answer holds the records that prove it; a claim that is not proven within 7 days ends.", Scope: account.All, Status: http.StatusCreated, Needs: []string{"host"}}, a.createDomain)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: path, ID: "list-domains", Summary: "List domains", Group: group,
		About: "The oldest first.", Scope: account.All}, a.listDomains)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: one, ID: "get-domain", Summary: "Read a domain", Group: group,
		Scope: account.All, Object: there}, a.getDomain)
	frame.Register(a.API, frame.Operation{Method: http.MethodDelete, Path: one, ID: "delete-domain", Summary: "Remove a domain", Group: group,
		About: "It stops at once. If it was proven, no other business can prove it for 30 days.", Scope: account.All, Status: http.StatusNoContent, Object: there}, a.deleteDomain)
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: one + "/use", ID: "use-domain", Summary: "Use a domain for new links", Group: group,
		About: "Links that chose no domain, and the payment page, are at the domain that is for new links.", Scope: account.All, Object: there}, a.useDomain)
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: one + "/check", ID: "check-domain", Summary: "Look for a domain's records now", Group: group,
		About: "Asks DNS and answers with what came of it.", Scope: account.All, Object: there}, a.checkDomain)
}

// domainView is a domain as programs read it.
type domainView struct {
	ID          domain.ID        `json:"id" example:"dom_…"`
	Host        string           `json:"host" example:"pay.acme.example" doc:"In lower case, as in DNS."`
	Status      domain.Status    `json:"status" enum:"waiting,certificate,live,expiring,broken" doc:"waiting: for its records. certificate: proven, its certificate is being got. expiring: live, but its certificate can't be renewed. broken: its records say something else now."`
	Records     []recordView     `json:"records" nullable:"false" doc:"What must be in DNS. In place of the CNAME an A or AAAA record with our address does."`
	ForNewLinks bool             `json:"for_new_links" doc:"Links that chose no domain, and the payment page, are here."`
	CheckedAt   *time.Time       `json:"checked_at" doc:"When DNS was asked last; null before."`
	NextCheckAt *time.Time       `json:"next_check_at" doc:"When it is asked next, at the latest."`
	Problem     *string          `json:"problem" doc:"What is wrong and what to do; null when nothing is."`
	ProblemCode *string          `json:"problem_code" enum:"no_address,elsewhere,no_txt,other_txt,dns_away,taken,reserved,lost"`
	BrokenAt    *time.Time       `json:"broken_at"`
	EndsAt      *time.Time       `json:"ends_at" doc:"When the claim ends unless it is proven before; null once it is."`
	Certificate *certificateView `json:"certificate" doc:"null while there is none, and where a proxy before this server has it."`
	BehindProxy bool             `json:"behind_proxy" doc:"Who stands before this server has the certificates, not this server."`
	CreatedAt   time.Time        `json:"created_at"`
}

type recordView struct {
	Type  string `json:"type" enum:"CNAME,A,AAAA,TXT"`
	Name  string `json:"name" example:"_smartlinks.pay.acme.example"`
	Value string `json:"value" example:"sl-verify=…"`
	Found bool   `json:"found" doc:"At the last look."`
}

type certificateView struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until" doc:"It is renewed before."`
}

func (a handlers) domainView(d domain.Domain) domainView {
	v := domainView{
		ID: d.ID, Host: d.Host, Status: d.Status(), Records: []recordView{}, ForNewLinks: d.ForNew, CheckedAt: frame.UTCPointer(instant(d.CheckedAt)), NextCheckAt: frame.UTCPointer(instant(d.NextAt)),
		Problem: frame.Pointer(a.Domains.Sentence(d)), ProblemCode: frame.Pointer(string(d.Problem)), BrokenAt: frame.UTCPointer(instant(d.BrokenAt)), BehindProxy: a.Domains.Certify == nil, CreatedAt: d.CreatedAt.UTC(),
	}
	if d.ProvenAt.IsZero() {
		v.EndsAt = frame.UTCPointer(instant(d.EndsAt()))
	}
	if !d.CertificateUntil.IsZero() {
		v.Certificate = &certificateView{d.CertificateFrom.UTC(), d.CertificateUntil.UTC()}
	}
	for _, r := range a.Domains.Records(d) {
		v.Records = append(v.Records, recordView{r.Type, r.Name, r.Value, r.Found})
	}
	return v
}

// instant is nil for the zero time.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type oneDomain struct{ Body domainView }

type madeDomain struct {
	Location string `header:"Location"`
	Body     domainView
}

// domainBody is a domain as programs add it.
type domainBody struct {
	Host string `json:"host" required:"false" example:"pay.acme.example" doc:"The name alone, without https://."`
}

func (a handlers) createDomain(ctx context.Context, b business.Business, in *struct{ Body domainBody }) (*madeDomain, error) {
	d, err := a.Domains.Claim(ctx, b.ID, in.Body.Host)
	if err != nil {
		return nil, err
	}
	return &madeDomain{Location: frame.Prefix + "/domains/" + string(d.ID), Body: a.domainView(d)}, nil
}

func (a handlers) listDomains(ctx context.Context, b business.Business, in *frame.Paging) (*frame.Listed[domainView], error) {
	all, err := a.Domains.List(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	all, next, err := frame.PageIn("domains", all, *in, func(d domain.Domain) string { return string(d.ID) })
	if err != nil {
		return nil, err
	}
	return frame.PageOf(all, next, a.domainView), nil
}

func (a handlers) getDomain(ctx context.Context, b business.Business, in *frame.ByID) (*oneDomain, error) {
	return a.oneDomain(a.Domains.Get(ctx, b.ID, domain.ID(in.ID)))
}

func (a handlers) oneDomain(d domain.Domain, err error) (*oneDomain, error) {
	if err != nil {
		return nil, err
	}
	return &oneDomain{a.domainView(d)}, nil
}

func (a handlers) useDomain(ctx context.Context, b business.Business, in *frame.ByID) (*oneDomain, error) {
	if err := a.Domains.UseForNew(ctx, b.ID, domain.ID(in.ID)); err != nil {
		return nil, err
	}
	return a.oneDomain(a.Domains.Get(ctx, b.ID, domain.ID(in.ID)))
}

func (a handlers) deleteDomain(ctx context.Context, b business.Business, in *frame.ByID) (*frame.Nothing, error) {
	return nil, a.Domains.Remove(ctx, b.ID, domain.ID(in.ID))
}

func (a handlers) checkDomain(ctx context.Context, b business.Business, in *frame.ByID) (*oneDomain, error) {
	return a.oneDomain(a.Domains.Check(ctx, b.ID, domain.ID(in.ID)))
}
