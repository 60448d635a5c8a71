package customers

import (
	"context"
	"net/http"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/sending"
	"smartlinks/internal/web/dashboard/transactions"
	"smartlinks/internal/web/ui"
)

// customerView is the page of one customer.
type customerView struct {
	Base, Href, Name         string
	Email, Phone, PhoneHref  string
	Language, Notes, Since   string
	Tags                     []ui.Option // name and colour
	PaymentCount, Paid, Last string
	Payments                 []transactions.TransactionRow
	Newer, Older             string
	Links                    []customerLink
	Sent                     []sending.SentRow
	Obstacles                []obstacle // why they get no messages
	NewLink, Record          string
	MayDelete                bool
	DeleteText               string
}

// obstacle is why a channel is closed.
type obstacle struct {
	Why     string
	MayLift bool // a member may open it again
}

// customerLink is a link that is for the customer.
type customerLink struct {
	Name, Href, Amount string
	Status             ui.BadgeProps
}

// customerPayments is how many payments the page of a customer shows at once.
const customerPayments = 10

func (d pages) showCustomer(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	ctx := r.Context()
	c, err := d.customerAt(ctx, scope, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := customerViewOf(scope, c)
	if err := d.fillPayments(r, scope, c.ID, &v); err != nil {
		return err
	}
	if v.Links, err = d.linksOf(ctx, scope, c.ID); err != nil {
		return err
	}
	if err := d.fillSent(ctx, scope, c, &v); err != nil {
		return err
	}
	return frame.Render(w, r, http.StatusOK, customerPage(d.Frame(r, scope, frame.Heading{Title: c.Name, Section: frame.CustomersSection}), v))
}

func customerViewOf(scope *frame.Scope, c customer.Customer) customerView {
	base := scope.Base + "/customers"
	v := customerView{
		Base: base, Href: base + "/" + string(c.ID), Name: c.Name, Email: c.Email, Phone: customer.ShownPhone(c.Phone), PhoneHref: "tel:" + c.Phone,
		Notes: c.Notes, Since: scope.Date(c.CreatedAt, scope.Business.Location()), NewLink: scope.Base + "/links/new?customer=" + string(c.ID), Record: scope.Base + "/record?customer=" + string(c.ID), MayDelete: scope.MayManage(),
		DeleteText: scope.T("Their payments stay, with what was typed when paying. Links for them become links for everybody. Name, contact details, tags and notes are lost."),
	}
	for _, o := range frame.LanguageOptions() {
		if o.Value == c.Language {
			v.Language = o.Label
		}
	}
	for _, t := range c.Tags {
		v.Tags = append(v.Tags, ui.Option{Value: t.Color, Label: t.Name})
	}
	return v
}

func (d pages) fillPayments(r *http.Request, scope *frame.Scope, id customer.ID, v *customerView) error {
	t := frame.TrailFrom(r.URL.Query())
	views, next, err := d.Payments.List(r.Context(), scope.Business.ID, scope.Business.Mode, history.Filter{CustomerID: id, Cursor: t.Cursor, Limit: customerPayments})
	if err != nil {
		return err
	}
	for _, p := range views {
		v.Payments = append(v.Payments, transactions.TransactionRowOf(scope, p))
	}
	v.Newer, v.Older = t.Newer(v.Href, nil), t.Older(v.Href, nil, next)
	spent, err := d.Payments.ByCustomer(r.Context(), scope.Business.ID, scope.Business.Mode, []customer.ID{id})
	v.PaymentCount, v.Paid, v.Last, _ = spending(scope, spent[id])
	return err
}

func (d pages) linksOf(ctx context.Context, scope *frame.Scope, id customer.ID) ([]customerLink, error) {
	page, err := d.Links.List(ctx, scope.Business, link.Filter{Customer: id, Limit: 50})
	var links []customerLink
	for _, l := range page.Links {
		links = append(links, customerLink{Name: l.Name, Href: frame.LinkHref(scope, l.ID), Amount: scope.Money(l.Price()), Status: frame.StatusBadge(scope.Reader, l, scope.Now)})
	}
	return links, err
}

// fillSent reads what was sent to the customer, and whether more may be.
func (d pages) fillSent(ctx context.Context, scope *frame.Scope, c customer.Customer, v *customerView) error {
	sends, _, err := d.Deliveries.Sends(ctx, d.DB, scope.Business.ID, scope.Business.Mode, delivery.Query{Customer: c.ID, Limit: customerPayments})
	if err != nil {
		return err
	}
	if v.Sent, err = d.SentRows(ctx, scope, sends); err != nil {
		return err
	}
	for i, s := range sends {
		label, err := d.Links.Label(ctx, scope.Business.ID, s.LinkID)
		if err != nil {
			return err
		}
		v.Sent[i].Link, v.Sent[i].LinkHref = label.Name, frame.LinkHref(scope, s.LinkID)
		if label.Deleted {
			v.Sent[i].LinkHref, v.Sent[i].Again = "", ""
		}
	}
	reach, err := d.Deliveries.Reach(ctx, d.DB, scope.Business, c)
	for _, way := range []delivery.Way{reach.Email, reach.SMS} {
		off := way.Obstacle == delivery.Bounced || way.Obstacle == delivery.Complained
		if off || way.Obstacle == delivery.OptedOut {
			v.Obstacles = append(v.Obstacles, obstacle{way.Why, off})
		}
	}
	if err != nil || !reach.Email.Possible() {
		return err
	}
	returned, err := d.Bounces.Of(ctx, scope.Business.ID, c.Email)
	if n := int64(len(returned)); n > 0 {
		v.Obstacles = append(v.Obstacles, obstacle{Why: scope.N(n, "{{.Count}} mail came back in the last 90 days: {{.Reason}}", "{{.Count}} mails came back in the last 90 days, the last one with: {{.Reason}}", "Reason", returned[0].Reason)})
	}
	return err
}

// liftSuppression lets the addresses of a customer be written to again that were written off.
func (d pages) liftSuppression(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	c, err := d.customerAt(r.Context(), scope, r.PathValue("id"))
	if err != nil {
		return err
	}
	err = d.DB.InTx(r.Context(), func(tx *db.Tx) error {
		for channel, address := range map[message.Channel]string{message.ByEmail: c.Email, message.BySMS: c.Phone} {
			if _, err := d.Deliveries.Lift(r.Context(), tx, scope.Business.ID, channel, address); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("{{.Name}} is written to again", "Name", c.Name)})
	return frame.Redirect(w, r, scope.Base+"/customers/"+string(c.ID))
}

// mergeView asks with whom a customer is merged.
type mergeView struct {
	Customer customerView
	Query    string
	Found    []customerRow
	IDs      []string
}

// askMerge searches the other customer, and says what will happen.
func (d pages) askMerge(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	c, err := d.customerAt(r.Context(), scope, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := mergeView{Customer: customerViewOf(scope, c), Query: r.URL.Query().Get("q")}
	page, err := d.Customers.List(r.Context(), scope.Business.ID, customer.Filter{Query: v.Query, Limit: 11})
	if err != nil {
		return err
	}
	var others []customer.Customer
	for _, other := range page.Customers {
		if other.ID != c.ID && len(others) < 10 {
			others, v.IDs = append(others, other), append(v.IDs, string(other.ID))
		}
	}
	if v.Found, err = d.customerRows(r.Context(), scope, others); err != nil {
		return err
	}
	return frame.Render(w, r, http.StatusOK, mergePage(d.Frame(r, scope, frame.Heading{Title: scope.T("Merge {{.Name}}", "Name", c.Name), Section: frame.CustomersSection}), v))
}

func (d pages) mergeCustomer(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	kept, err := d.Customers.Merge(r.Context(), scope.Business, customer.ID(r.PathValue("id")), customer.ID(r.PostForm.Get("other")))
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("The two are now one customer")})
	return frame.Redirect(w, r, scope.Base+"/customers/"+string(kept.ID))
}

func (d pages) askDeleteCustomer(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	c, err := d.customerAt(r.Context(), scope, r.PathValue("id"))
	if err != nil {
		return err
	}
	return frame.Render(w, r, http.StatusOK, deleteCustomerPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Delete {{.Name}}", "Name", c.Name), Section: frame.CustomersSection}), customerViewOf(scope, c)))
}

func (d pages) deleteCustomer(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	c, err := d.customerAt(r.Context(), scope, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := d.Customers.Delete(r.Context(), scope.Business.ID, c.ID); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("{{.Name}} is deleted", "Name", c.Name)})
	return frame.Redirect(w, r, scope.Base+"/customers")
}
