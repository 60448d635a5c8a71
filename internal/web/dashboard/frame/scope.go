package frame

import (
	"context"
	"net/http"
	"strings"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/attention"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/tag"
)

// Scope is where a member is: a business they belong to, at one instant.
type Scope struct {
	Business business.Business
	Member   account.Member
	// Memberships are all businesses that the member may work in.
	Memberships []account.Membership
	Base        string // "/dashboard/studio-noord"
	Addresses   address.Book
	Now         time.Time
	Reader      // in whose language texts, figures and dates are

	asked asked
}

// Handler answers a request of a member of a business.
type Handler func(w http.ResponseWriter, r *http.Request, scope *Scope) error

type scopeKey struct{}

// scopeOf is the room that the request has entered, nil before.
func scopeOf(ctx context.Context) *Scope {
	scope, _ := ctx.Value(scopeKey{}).(*Scope)
	return scope
}

// withScope admits members of the business in the path. For everybody else the
// business does not exist. Memberships are read on every request, so that one
// taken away ends at once.
func (d *Dashboard) withScope(h Handler) OpenHandler {
	return func(w http.ResponseWriter, r *http.Request) error {
		present, err := d.Accounts.Present(r.Context(), d.Session(r))
		if err != nil {
			return err
		}
		b, movedTo, err := d.Businesses.ByHandle(r.Context(), r.PathValue("handle"))
		if err != nil {
			return err
		}
		member, err := present.In(b.ID)
		if err != nil {
			return err
		}
		if movedTo != "" && r.Method == http.MethodGet {
			return Redirect(w, r, address.Dashboard(movedTo).String())
		}
		ctx := r.Context()
		if member.Language != "" {
			ctx = i18n.WithLanguage(ctx, member.Language)
		}
		scope := &Scope{Business: b, Member: member, Memberships: present.Memberships, Base: address.Dashboard(b.Handle).String(), Addresses: d.Addresses, Now: d.DB.Clock().Now(), Reader: ReaderOf(ctx)}
		*r = *r.WithContext(context.WithValue(ctx, scopeKey{}, scope))
		return h(w, r, scope)
	}
}

// withoutBusiness admits whoever is signed in. Its scope has no business.
func (d *Dashboard) withoutBusiness(h Handler) OpenHandler {
	return func(w http.ResponseWriter, r *http.Request) error {
		present, err := d.Accounts.Present(r.Context(), d.Session(r))
		if err != nil {
			return err
		}
		base := address.SignedIn().String()
		if len(present.Memberships) > 0 && r.Method == http.MethodGet {
			in := address.Dashboard(present.Memberships[0].Handle).String()
			return Redirect(w, r, in+strings.TrimPrefix(r.URL.Path, base))
		}
		ctx := r.Context()
		if present.Language != "" {
			ctx = i18n.WithLanguage(ctx, present.Language)
		}
		scope := &Scope{Member: account.Member{User: present.User}, Base: base, Addresses: d.Addresses, Now: d.DB.Clock().Now(), Reader: ReaderOf(ctx)}
		*r = *r.WithContext(context.WithValue(ctx, scopeKey{}, scope))
		return h(w, r, scope)
	}
}

// InBusiness reports whether the member is in a business, and not at their own account alone.
func (scope *Scope) InBusiness() bool { return scope.Business.ID != "" }

// MayManage tells owners and admins from staff, who look after links and
// products but delete nothing and change no settings.
func (scope *Scope) MayManage() bool {
	return scope.Member.Role.MayManage()
}

// PageURL, ShopURL, LinkURL and ProductURL are the public addresses of the business.
func (scope *Scope) PageURL() string { return scope.public(address.PaymentPage(scope.Business.Handle)) }
func (scope *Scope) ShopURL() string { return scope.public(address.Shop(scope.Business.Handle)) }

func (scope *Scope) LinkURL(l link.Link) string {
	return scope.Addresses.OfLink(string(scope.Business.ID), l.Domain, address.Link(scope.Business.Handle, l.Path))
}

// CodeURL is where the QR code of a link is drawn, without the form: at the dashboard's own
// host, whose pages show no pictures of others.
func (scope *Scope) CodeURL(l link.Link) string {
	return scope.Addresses.Own(address.Link(scope.Business.Handle, l.Path).Below("qr"))
}

func (scope *Scope) ProductURL(slug string) string {
	return scope.public(address.Product(scope.Business.Handle, slug))
}

func (scope *Scope) public(p address.Path) string {
	return scope.Addresses.Of(string(scope.Business.ID), p)
}

// Within returns path when it is an address of this business's dashboard, else
// the other.
func (scope *Scope) Within(path, other string) string {
	if local := LocalPath(path); strings.HasPrefix(local, scope.Base+"/") {
		return local
	}
	return other
}

func (scope *Scope) Mode() string { return string(scope.Business.Mode) }

// asked is what a request has read that several parts of its page show: each asks for it
// as if it were the only one.
type asked struct {
	attention *attention.Attention
	tags      map[tag.Kind][]tag.Usage
	customers map[customer.ID]customer.Customer
}

// attention is what waits in the business of the scope.
func (d *Dashboard) attention(ctx context.Context, scope *Scope) (attention.Attention, error) {
	if scope.asked.attention == nil {
		a, err := attention.Of(ctx, d.DB, scope.Business)
		if err != nil {
			return a, err
		}
		scope.asked.attention = &a
	}
	return *scope.asked.attention, nil
}

// TagsOf are all tags of the kind, by name.
func (d *Dashboard) TagsOf(ctx context.Context, scope *Scope, kind tag.Kind) ([]tag.Usage, error) {
	if known, is := scope.asked.tags[kind]; is {
		return known, nil
	}
	list, err := d.Tags.List(ctx, scope.Business.ID, kind)
	if err != nil {
		return nil, err
	}
	scope.keepTags(kind, list)
	return list, nil
}

// TagsOfLink are the tags that a link carries, by the question that asks for all of them.
func (d *Dashboard) TagsOfLink(ctx context.Context, scope *Scope, linkID string) ([]tag.Tag, error) {
	list, carried, err := d.Tags.ListWith(ctx, scope.Business.ID, linkID)
	if err == nil {
		scope.keepTags(tag.OfLinks, list)
	}
	return carried, err
}

func (s *Scope) keepTags(kind tag.Kind, list []tag.Usage) {
	if s.asked.tags == nil {
		s.asked.tags = map[tag.Kind][]tag.Usage{}
	}
	s.asked.tags[kind] = list
}

// CustomerOf is a customer that the page is about, or a NotFound fault.
func (d *Dashboard) CustomerOf(ctx context.Context, scope *Scope, id customer.ID) (customer.Customer, error) {
	if known, is := scope.asked.customers[id]; is {
		return known, nil
	}
	c, err := d.Customers.Get(ctx, scope.Business.ID, id)
	if err != nil {
		return c, err
	}
	if scope.asked.customers == nil {
		scope.asked.customers = map[customer.ID]customer.Customer{}
	}
	scope.asked.customers[id] = c
	return c, nil
}
