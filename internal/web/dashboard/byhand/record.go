package byhand

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/reminder"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/sending"
	"smartlinks/internal/web/ui"
)

// values are the fields of the form as they were typed.
type values struct {
	Amount, Quantity, PaidOn, Method, Note string
	Mail                                   bool
	Payer                                  sending.SendValues
}

// recordView is the form.
type recordView struct {
	frame.Problems
	Base, Href, Link string // Link is its name
	values
	Pick             sending.SendView // whose money it is
	Symbol, Currency string
	Price, Today     string
	Units            bool   // the link is paid for several at once
	First            string // the first name of the chosen customer, for the receipt's box
	Effects          []effect
	Full             string // why there is no place, "" when there is one
	Raise            string // what the button says that makes room
}

// effect is a line that says what recording does.
type effect struct{ Icon, Text string }

func (d pages) showRecord(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	l, err := d.Links.Get(r.Context(), scope.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	v := recordView{values: values{Amount: scope.AmountInput(new(l.Price())), PaidOn: scope.Now.In(scope.Business.Location()).Format(time.DateOnly), Method: string(payment.HandTransfer)}}
	v.Payer = sending.SendValues{To: sending.ToOne, Customer: r.URL.Query().Get("customer")}
	if v.Payer.Customer == "" {
		v.Payer.Customer = string(l.CustomerID)
	}
	if q := l.Asks().Quantity; q != nil {
		v.Quantity = strconv.FormatInt(q.Min, 10)
		v.Amount = scope.AmountInput(&money.Amount{Minor: l.Price().Minor * q.Min, Currency: l.Currency})
	}
	v.Mail = true
	return d.showForm(w, r, scope, http.StatusOK, l, v)
}

func (d pages) showForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, l link.Link, v recordView) error {
	ctx := r.Context()
	v.Base, v.Href, v.Link = scope.Base, frame.LinkHref(scope, l.ID), l.Name
	v.Symbol, v.Currency, v.Price = frame.Symbol(l.Currency), string(l.Currency), scope.Money(l.Price())
	v.Units = l.Asks().Quantity != nil
	v.Today = scope.Now.In(scope.Business.Location()).Format(time.DateOnly)
	v.Pick = sending.SendView{Values: v.Payer, Errors: v.Errors}
	if err := d.FillSend(ctx, scope, &v.Pick); err != nil {
		return err
	}
	c, err := d.CustomerOf(ctx, scope, customer.ID(v.Payer.Customer))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err == nil && c.Email != "" {
		v.First, _, _ = strings.Cut(c.Name, " ")
	}
	if v.Effects, err = d.effectsOf(ctx, scope, l, c); err != nil {
		return err
	}
	if v.Full == "" {
		units, _ := unitsFrom(v.Quantity)
		capacity, missing, err := d.Links.Missing(ctx, d.DB, l.BusinessID, l.ID, scope.Business.Mode, units)
		if err != nil {
			return err
		}
		if missing > 0 {
			v.fill(scope, payment.Full(capacity, missing))
		}
	}
	return frame.Render(w, r, status, recordPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Record a payment"), Section: frame.PaymentPageSection}), v))
}

// fill says that the link is full, and what makes room.
func (v *recordView) fill(scope *frame.Scope, full *payment.FullError) {
	v.Full = scope.T("Too few places are free: the limit is {{.Limit}}. Raise it to {{.Raised}} to record this, or reverse a payment first.",
		"Limit", scope.Number(full.Limit-full.Missing), "Raised", scope.Number(full.Limit))
	v.Raise = scope.T("Raise to {{.Raised}} and record", "Raised", scope.Number(full.Limit))
}

// effectsOf are what recording a payment of the customer does, before it does.
func (d pages) effectsOf(ctx context.Context, scope *frame.Scope, l link.Link, c customer.Customer) (all []effect, err error) {
	if left := l.Remaining(); left != nil && *left > 0 {
		all = append(all, effect{"gauge", scope.N(*left, "Takes the {{.Count}} place that is left.", "Takes one of the {{.Count}} places that are left.")})
	}
	next, err := d.Payments.NextReceipt(ctx, scope.Business)
	if err != nil {
		return nil, err
	}
	all = append(all, effect{"receipt", scope.T("Gets receipt {{.Number}}.", "Number", next)})
	if c.ID == "" {
		return all, nil
	}
	reminders, err := d.Reminders.Of(ctx, d.DB, scope.Business, l)
	if err != nil {
		return nil, err
	}
	if reminders != nil {
		for _, plan := range reminders.Plans {
			if plan.CustomerID == c.ID && plan.State == reminder.Active {
				text := scope.T("Ends the reminders to {{.Name}}.", "Name", c.Name)
				if !plan.NextAt.IsZero() {
					text = scope.T("Ends the reminders to {{.Name}}. The next was due on {{.When}}.", "Name", c.Name, "When", scope.DateTime(plan.NextAt, scope.Business.Location()))
				}
				all = append(all, effect{"bell-off", text})
			}
		}
	}
	open, err := d.Payments.OpenCheckouts(ctx, scope.Business, l.ID, c.ID)
	if open > 0 {
		all = append(all, effect{"circle-slash", scope.T("Closes their open checkout first, so that they cannot pay twice.")})
	}
	return all, err
}

// record takes in what was typed, or shows the form again with what is wrong.
func (d pages) record(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	l, err := d.Links.Get(r.Context(), scope.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	v := recordView{values: valuesFrom(r.PostForm)}
	made, err := d.recorded(r.Context(), scope, l, &v.values, r.PostForm.Get("raise") != "")
	full := new(payment.FullError)
	switch {
	case errors.As(err, &full):
		v.fill(scope, full)
		return d.showForm(w, r, scope, http.StatusConflict, l, v)
	case err != nil:
		inputs := map[string]string{"customer_id": "customer", "name": "customer", "email": "customer", "limit.max": "amount"}
		maps.Copy(inputs, sending.PickInputs())
		p, ok := frame.ProblemsOf(scope.Reader, err, inputs)
		if !ok {
			return err
		}
		v.Problems = p
		status := http.StatusUnprocessableEntity
		if fault.Is(err, fault.Conflict) {
			status = http.StatusConflict
		}
		return d.showForm(w, r, scope, status, l, v)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("{{.Amount}} recorded", "Amount", scope.Money(made.Amount)), More: scope.T("Receipt {{.Number}}.", "Number", made.Receipt)})
	return frame.Redirect(w, r, frame.LinkHref(scope, l.ID))
}

func valuesFrom(form url.Values) values {
	v := values{
		Amount: form.Get("amount"), Quantity: strings.TrimSpace(form.Get("quantity")), PaidOn: strings.TrimSpace(form.Get("paid_on")), Method: form.Get("method"), Note: form.Get("note"), Mail: form.Get("mail") != "",
		Payer: sending.SendValuesFrom(form),
	}
	v.Payer.To = sending.ToOne
	return v
}

// recorded finds whose money it is, and records it. A name that is nobody's yet is kept
// with the payment.
func (d pages) recorded(ctx context.Context, scope *frame.Scope, l link.Link, v *values, raise bool) (history.View, error) {
	var unread fault.Fields
	request := payment.RecordRequest{
		Business: scope.Business, LinkID: l.ID, Amount: frame.AmountFrom(scope.Reader, v.Amount, l.Currency, "amount", &unread), Method: payment.HandMethod(v.Method),
		PaidOn: v.PaidOn, Note: v.Note, MailReceipt: v.Mail, RaiseLimit: raise, By: scope.Member.Name,
	}
	if l.Asks().Quantity != nil {
		var ok bool
		if request.Quantity, ok = unitsFrom(v.Quantity); !ok {
			unread.Add("quantity", "quantity.range", "Enter how many were paid for, as a whole number like 2.")
		}
	}
	if err := unread.Err(); err != nil {
		return history.View{}, err
	}
	err := d.DB.InTx(ctx, func(tx *db.Tx) error {
		picked, err := d.Picked(ctx, tx, scope, v.Payer)
		if err == nil {
			v.Payer = picked
		}
		return err
	})
	switch {
	case isUnknownName(err):
		request.Name = v.Payer.Who
	case err != nil:
		return history.View{}, err
	}
	request.CustomerID = customer.ID(v.Payer.Customer)
	return d.Payments.Record(ctx, request)
}

// unitsFrom reads how many were paid for; nothing typed is one.
func unitsFrom(typed string) (int64, bool) {
	if typed == "" {
		return 1, true
	}
	n, err := text.Whole(typed)
	if err != nil || n < 1 || n > link.MaxLimit {
		return 1, false
	}
	return n, true
}

func isUnknownName(err error) bool {
	fields := fault.Of(err).Fields
	return err != nil && len(fields) == 1 && fields[0].Code == "customer.unknown"
}
