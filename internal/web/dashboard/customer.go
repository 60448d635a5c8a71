package dashboard

import (
	"context"
	"net/http"

	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/web/ui"
)

// customerView is the page of one customer.
type customerView struct {
	Base, Href, Name         string
	Email, Phone, PhoneHref  string
	Language, Notes, Since   string
	Tags                     []ui.Option // name and colour
	PaymentCount, Paid, Last string
	Payments                 []transactionRow
	Newer, Older             string
	Links                    []customerLink
	Sent                     []sentRow
	Stopped                  []string // why they get no messages
	NewLink                  string
	MayDelete                bool
	DeleteText               string
}

// customerLink is a link that is for the customer.
type customerLink struct {
	Name, Href, Amount string
	Status             ui.BadgeProps
}

// customerPayments is how many payments the page of a customer shows at once.
const customerPayments = 10

func (d *Dashboard) showCustomer(w http.ResponseWriter, r *http.Request, at *room) error {
	ctx := r.Context()
	c, err := d.customerAt(ctx, at, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := customerViewOf(at, c)
	if err := d.fillPayments(r, at, c.ID, &v); err != nil {
		return err
	}
	if v.Links, err = d.linksOf(ctx, at, c.ID); err != nil {
		return err
	}
	if err := d.fillSent(ctx, at, c, &v); err != nil {
		return err
	}
	return render(w, r, http.StatusOK, customerPage(d.frame(r, at, place{c.Name, customersRoom}), v))
}

func customerViewOf(at *room, c customer.Customer) customerView {
	base := at.Base + "/customers"
	v := customerView{
		Base: base, Href: base + "/" + string(c.ID), Name: c.Name, Email: c.Email, Phone: customer.ShownPhone(c.Phone), PhoneHref: "tel:" + c.Phone,
		Notes: c.Notes, Since: date(c.CreatedAt, at.Business.Location()), NewLink: at.Base + "/links/new?customer=" + string(c.ID), MayDelete: at.mayManage(),
		DeleteText: "Their payments stay, with what was typed when paying. Links that are for them become everybody's. Name, contact, tags and notes are lost.",
	}
	for _, o := range languageOptions() {
		if o.Value == c.Language {
			v.Language = o.Label
		}
	}
	for _, t := range c.Tags {
		v.Tags = append(v.Tags, ui.Option{Value: t.Color, Label: t.Name})
	}
	return v
}

func (d *Dashboard) fillPayments(r *http.Request, at *room, id customer.ID, v *customerView) error {
	t := trailFrom(r.URL.Query())
	views, next, err := d.Payments.List(r.Context(), at.Business.ID, at.Business.Mode, payment.Filter{CustomerID: id, Cursor: t.cursor, Limit: customerPayments})
	if err != nil {
		return err
	}
	for _, p := range views {
		v.Payments = append(v.Payments, transactionRowOf(at, p))
	}
	v.Newer, v.Older = t.newer(v.Href, nil), t.older(v.Href, nil, next)
	spent, err := d.Payments.ByCustomer(r.Context(), at.Business.ID, at.Business.Mode, []customer.ID{id})
	v.PaymentCount, v.Paid, v.Last, _ = spending(at, spent[id])
	return err
}

func (d *Dashboard) linksOf(ctx context.Context, at *room, id customer.ID) ([]customerLink, error) {
	page, err := d.Links.List(ctx, at.Business, link.Filter{Customer: id, Limit: 50})
	var links []customerLink
	for _, l := range page.Links {
		links = append(links, customerLink{Name: l.Name, Href: linkHref(at, l.ID), Amount: asMoney(l.Price()), Status: statusBadge(l)})
	}
	return links, err
}

// fillSent reads what was sent to the customer, and whether more may be.
func (d *Dashboard) fillSent(ctx context.Context, at *room, c customer.Customer, v *customerView) error {
	sends, _, err := d.Deliveries.Sends(ctx, d.DB, at.Business.ID, at.Business.Mode, delivery.Query{Customer: c.ID, Limit: customerPayments})
	if err != nil {
		return err
	}
	if v.Sent, err = d.sentRows(ctx, at, sends); err != nil {
		return err
	}
	for i, s := range sends {
		label, err := d.Links.Label(ctx, at.Business.ID, s.LinkID)
		if err != nil {
			return err
		}
		v.Sent[i].Link, v.Sent[i].LinkHref = label.Name, linkHref(at, s.LinkID)
		if label.Deleted {
			v.Sent[i].LinkHref, v.Sent[i].Again = "", ""
		}
	}
	reach, err := d.Deliveries.Reach(ctx, d.DB, at.Business, c)
	for _, way := range []delivery.Way{reach.Email, reach.SMS} {
		if way.Obstacle == delivery.OptedOut || way.Obstacle == delivery.Bounced {
			v.Stopped = append(v.Stopped, way.Why)
		}
	}
	return err
}

// mergeView asks with whom a customer is merged.
type mergeView struct {
	Customer customerView
	Query    string
	Found    []customerRow
	IDs      []string
}

// askMerge searches the other customer, and says what will happen.
func (d *Dashboard) askMerge(w http.ResponseWriter, r *http.Request, at *room) error {
	c, err := d.customerAt(r.Context(), at, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := mergeView{Customer: customerViewOf(at, c), Query: r.URL.Query().Get("q")}
	page, err := d.Customers.List(r.Context(), at.Business.ID, customer.Filter{Query: v.Query, Limit: 11})
	if err != nil {
		return err
	}
	var others []customer.Customer
	for _, other := range page.Customers {
		if other.ID != c.ID && len(others) < 10 {
			others, v.IDs = append(others, other), append(v.IDs, string(other.ID))
		}
	}
	if v.Found, err = d.customerRows(r.Context(), at, others); err != nil {
		return err
	}
	return render(w, r, http.StatusOK, mergePage(d.frame(r, at, place{"Merge " + c.Name, customersRoom}), v))
}

func (d *Dashboard) mergeCustomer(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	kept, err := d.Customers.Merge(r.Context(), at.Business, customer.ID(r.PathValue("id")), customer.ID(r.PostForm.Get("other")))
	if err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "The two are one customer now"})
	return redirect(w, r, at.Base+"/customers/"+string(kept.ID))
}

func (d *Dashboard) askDeleteCustomer(w http.ResponseWriter, r *http.Request, at *room) error {
	c, err := d.customerAt(r.Context(), at, r.PathValue("id"))
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, deleteCustomerPage(d.frame(r, at, place{"Delete " + c.Name, customersRoom}), customerViewOf(at, c)))
}

func (d *Dashboard) deleteCustomer(w http.ResponseWriter, r *http.Request, at *room) error {
	c, err := d.customerAt(r.Context(), at, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := d.Customers.Delete(r.Context(), at.Business.ID, c.ID); err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: c.Name + " is deleted"})
	return redirect(w, r, at.Base+"/customers")
}
