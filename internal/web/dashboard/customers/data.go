package customers

import (
	"encoding/json"
	"net/http"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// customerData is everything that is kept about a customer, for them to have
// (GDPR, articles 15 and 20).
type customerData struct {
	Business   string            `json:"business"`
	WrittenAt  time.Time         `json:"written_at"`
	Customer   customerFacts     `json:"customer"`
	Payments   []customerPayment `json:"payments"`
	Messages   []customerMessage `json:"messages"`
	LinksForMe []customerOwnLink `json:"links"`
	Obstacles  []string          `json:"no_messages_because"`
}

type customerFacts struct {
	ID        customer.ID `json:"id"`
	Name      string      `json:"name"`
	Email     string      `json:"email"`
	Phone     string      `json:"phone"`
	Language  string      `json:"language"`
	Notes     string      `json:"notes"`
	Tags      []string    `json:"tags"`
	CreatedAt time.Time   `json:"created_at"`
	UpdatedAt time.Time   `json:"updated_at"`
}

type customerPayment struct {
	ID        attempt.ID     `json:"id"`
	Code      string         `json:"code"`
	Status    history.Status `json:"status"`
	Mode      business.Mode  `json:"mode"`
	For       string         `json:"for"`
	Amount    string         `json:"amount"`
	Refunded  string         `json:"refunded"`
	Currency  string         `json:"currency"`
	Receipt   string         `json:"receipt"`
	Method    string         `json:"method"`
	Name      string         `json:"name"`
	Email     string         `json:"email"`
	Notes     string         `json:"notes"`
	Channel   string         `json:"channel"`
	CreatedAt time.Time      `json:"created_at"`
	PaidAt    *time.Time     `json:"paid_at"`
}

type customerMessage struct {
	Kind    delivery.Kind `json:"kind"`
	Channel string        `json:"channel"`
	Address string        `json:"address"`
	Status  string        `json:"status"`
	LinkID  link.ID       `json:"link_id"`
	At      time.Time     `json:"at"`
}

type customerOwnLink struct {
	ID     link.ID `json:"id"`
	URL    string  `json:"url"`
	Name   string  `json:"name"`
	Amount string  `json:"amount"`
}

// exportCustomer sends everything that is kept about a customer, as JSON.
func (d pages) exportCustomer(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	c, err := d.customerAt(r.Context(), scope, r.PathValue("id"))
	if err != nil {
		return err
	}
	data := customerData{Business: scope.Business.Name, WrittenAt: scope.Now.UTC(), Customer: customerFacts{
		ID: c.ID, Name: c.Name, Email: c.Email, Phone: c.Phone, Language: c.Language, Notes: c.Notes, Tags: []string{}, CreatedAt: c.CreatedAt.UTC(), UpdatedAt: c.UpdatedAt.UTC(),
	}, Payments: []customerPayment{}, Messages: []customerMessage{}, LinksForMe: []customerOwnLink{}, Obstacles: []string{}}
	for _, t := range c.Tags {
		data.Customer.Tags = append(data.Customer.Tags, t.Name)
	}
	for _, fill := range []func(*http.Request, *frame.Scope, customer.Customer, *customerData) error{d.addPayments, d.addMessages, d.addLinks} {
		if err := fill(r, scope, c, &data); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+scope.Business.Handle+"-"+string(c.ID)+`.json"`)
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(data)
}

// addPayments adds attempts to pay in both modes: those that are theirs, and those
// with their address.
func (d pages) addPayments(r *http.Request, scope *frame.Scope, c customer.Customer, data *customerData) error {
	seen := map[attempt.ID]bool{}
	for _, mode := range []business.Mode{business.Live, business.Test} {
		for _, f := range []history.Filter{{CustomerID: c.ID}, {Query: c.Email}} {
			if f.CustomerID == "" && f.Query == "" {
				continue
			}
			err := d.Payments.Each(r.Context(), scope.Business.ID, mode, f, func(p history.View) error {
				if !seen[p.ID] {
					seen[p.ID] = true
					data.Payments = append(data.Payments, customerPaymentOf(p))
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func customerPaymentOf(p history.View) customerPayment {
	of := customerPayment{
		ID: p.ID, Code: p.ID.Code(), Status: p.Status(), Mode: p.Mode, For: p.Title, Amount: p.Amount.Decimal(), Refunded: p.Refunded().Decimal(), Currency: string(p.Amount.Currency),
		Receipt: p.Receipt, Method: p.Method, Name: p.Payer.Name, Email: p.Payer.Email, Notes: p.Payer.Notes, Channel: p.Channel, CreatedAt: p.CreatedAt.UTC(),
	}
	if !p.PaidAt.IsZero() {
		paid := p.PaidAt.UTC()
		of.PaidAt = &paid
	}
	return of
}

func (d pages) addMessages(r *http.Request, scope *frame.Scope, c customer.Customer, data *customerData) error {
	for _, mode := range []business.Mode{business.Live, business.Test} {
		q := delivery.Query{Customer: c.ID}
		for {
			sends, next, err := d.Deliveries.Sends(r.Context(), d.DB, scope.Business.ID, mode, q)
			if err != nil {
				return err
			}
			for _, s := range sends {
				for _, m := range s.Deliveries {
					data.Messages = append(data.Messages, customerMessage{Kind: s.Kind, Channel: string(m.Channel), Address: m.Address, Status: string(m.Status), LinkID: s.LinkID, At: m.UpdatedAt.UTC()})
				}
			}
			if q.Cursor = next; next == "" {
				break
			}
		}
	}
	reach, err := d.Deliveries.Reach(r.Context(), d.DB, scope.Business, c)
	for _, way := range []delivery.Way{reach.Email, reach.SMS} {
		if way.Obstacle == delivery.OptedOut || way.Obstacle == delivery.Bounced || way.Obstacle == delivery.Complained {
			data.Obstacles = append(data.Obstacles, way.Why)
		}
	}
	return err
}

func (d pages) addLinks(r *http.Request, scope *frame.Scope, c customer.Customer, data *customerData) error {
	return d.Links.Each(r.Context(), scope.Business, link.Filter{Customer: c.ID}, func(part []link.Link) error {
		for _, l := range part {
			data.LinksForMe = append(data.LinksForMe, customerOwnLink{ID: l.ID, URL: scope.LinkURL(l), Name: l.Name, Amount: l.Price().Decimal() + " " + string(l.Currency)})
		}
		return nil
	})
}

// askErase says what is lost and what stays.
func (d pages) askErase(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.showErase(w, r, scope, http.StatusOK, frame.Problems{})
}

func (d pages) showErase(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, p frame.Problems) error {
	c, err := d.customerAt(r.Context(), scope, r.PathValue("id"))
	if err != nil {
		return err
	}
	return frame.Render(w, r, status, erasePage(d.Frame(r, scope, frame.Heading{Title: scope.T("Erase the personal data of {{.Name}}", "Name", c.Name), Section: frame.CustomersSection}), customerViewOf(scope, c), p))
}

func (d pages) eraseCustomer(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	c, err := d.customerAt(r.Context(), scope, r.PathValue("id"))
	if err != nil {
		return err
	}
	err = d.Customers.Erase(r.Context(), scope.Business.ID, c.ID)
	if p, ours := frame.ProblemsOf(scope.Reader, err, nil); err != nil && ours {
		return d.showErase(w, r, scope, http.StatusConflict, p)
	}
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Personal data erased"), More: scope.T("Their payments stay, without a name.")})
	return frame.Redirect(w, r, scope.Base+"/customers")
}
