package dashboard

import (
	"context"
	"fmt"
	"net/http"

	"smartlinks/internal/fault"
	"smartlinks/internal/payment"
	"smartlinks/internal/product"
	"smartlinks/internal/web/ui"
	"smartlinks/internal/webhook"
)

// transactionView is the page of one attempt to pay.
type transactionView struct {
	Base, Href               string
	Row                      transactionRow
	Story                    story
	Link                     *linkLabel
	ProductName, ProductHref string
	Notes, Language, Channel string
	Callback                 string // what became of telling the program that asked for the link, "" without one
	Method, Reference        string
	ProviderRef, ID, Code    string
	ReceiptHref              string
	CustomerHref             string // "" until it is paid, and once the customer was deleted
	Paid                     string
	Kept                     string // after refunds, "" without any
	MayCheck                 bool   // asking the provider may tell something new
	InQueue                  bool   // waits for a person to look at it
	HoldsSlot                bool   // of a limited link, while nobody has decided
	MayRefund, MayAskAgain   bool
	Refundable               string // "" when nothing is left
	Lost                     string // by disputes, "" for nothing
	Symbol, Currency         string
	Refund                   refundForm
	Refunds                  []refundRow
	Disputes                 []disputeRow
	Timeline                 []timelineRow
}

// linkLabel is the smart link that led here; Href is "" once it was deleted,
// when All still lists what it earned.
type linkLabel struct{ Name, Path, Href, All string }

type timelineRow struct{ What, Detail, How, Time, ISO string }

func (d *Dashboard) showTransaction(w http.ResponseWriter, r *http.Request, at *room) error {
	p, err := d.Payments.Get(r.Context(), at.Business.ID, payment.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	form := refundForm{Amount: p.Refundable().Decimal(), Open: r.FormValue("refund") != ""}
	return d.transactionPage(w, r, at, http.StatusOK, p, form)
}

func (d *Dashboard) transactionPage(w http.ResponseWriter, r *http.Request, at *room, status int, p payment.View, form refundForm) (err error) {
	ctx, v := r.Context(), transactionViewOf(at, p)
	v.Refund = form
	if v.Link, err = d.linkOf(ctx, at, p); err != nil {
		return err
	}
	if err := d.fillSold(ctx, at, p, &v); err != nil {
		return err
	}
	if err := d.fillMoney(r, at, p, &v); err != nil {
		return err
	}
	if v.Callback, err = d.callbackOf(ctx, at, p); err != nil {
		return err
	}
	if v.Timeline, err = d.timeline(ctx, at, p.ID); err != nil {
		return err
	}
	return render(w, r, status, transactionPage(d.frame(r, at, place{"Transaction", transactionsRoom}), v))
}

func transactionViewOf(at *room, p payment.View) transactionView {
	base := at.Base + "/transactions"
	v := transactionView{
		Base: base, Href: base + "/" + string(p.ID), Row: transactionRowOf(at, p), Story: whatHappened(p),
		Notes: p.Payer.Notes, Language: p.Payer.Language, Channel: channelOf(p.Channel).label,
		Method: p.Method, Reference: p.Reference, ProviderRef: p.ProviderRef, ID: string(p.ID), Code: p.ID.Code(), MayCheck: mayCheck(p), InQueue: p.InQueue(),
	}
	if p.CustomerID != "" {
		v.CustomerHref = at.Base + "/customers/" + string(p.CustomerID)
	}
	if p.Receipt != "" {
		v.ReceiptHref = at.Public.JoinPath("pay", string(p.ID), "receipt").String()
	}
	if !p.PaidAt.IsZero() {
		v.Paid = dateTime(p.PaidAt, at.Business.Location())
	}
	if p.Refunded().Minor > 0 || p.Lost().Minor > 0 {
		v.Kept = asMoney(p.Kept())
	}
	if p.Lost().Minor > 0 {
		v.Lost = asMoney(p.Lost())
	}
	if left := p.Refundable(); left.Minor > 0 {
		v.Refundable, v.MayRefund = asMoney(left), at.mayManage()
	}
	v.Symbol, v.Currency = symbol(p.Amount.Currency), string(p.Amount.Currency)
	v.HoldsSlot = p.State == payment.Review && p.HoldsSlot && p.LinkID != ""
	v.MayAskAgain = p.RefundFailed() && p.Receipt == "" && p.RefundOnItsWay().Minor == 0 && at.mayManage()
	return v
}

// callbackOf says what became of the callback of a payment, "" without one.
func (d *Dashboard) callbackOf(ctx context.Context, at *room, p payment.View) (string, error) {
	c, err := d.Webhooks.CallbackOf(ctx, at.Business.ID, string(p.ID))
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	answer := c.Problem
	if c.Status != 0 {
		answer = fmt.Sprintf("It answered %d.", c.Status)
	}
	switch when := dateTime(c.UpdatedAt.Time, at.Business.Location()); {
	case c.State == webhook.Delivered:
		return fmt.Sprintf("%s took it on %s.", c.URL, when), nil
	case c.State == webhook.Failed:
		return fmt.Sprintf("%s did not take it in %s. %s", c.URL, counted(c.Tries, "try", "tries"), answer), nil
	case answer == "":
		return c.URL + " is told now.", nil
	default:
		return fmt.Sprintf("%s did not take it yet. %s Tried again on %s.", c.URL, answer, dateTime(c.DueAt.Time, at.Business.Location())), nil
	}
}

// mayCheck tells whether asking the provider may change how it stands. What was
// given back as a whole stays so.
func mayCheck(p payment.View) bool { return p.Status() != payment.StatusRefunded }

// linkOf names the smart link, nil when it came another way.
func (d *Dashboard) linkOf(ctx context.Context, at *room, p payment.View) (*linkLabel, error) {
	if p.LinkID == "" {
		return nil, nil
	}
	l, err := d.Links.Label(ctx, at.Business.ID, p.LinkID)
	if err != nil {
		return nil, err
	}
	label := &linkLabel{Name: l.Name, Path: l.Path, All: at.Base + "/transactions?link=" + string(p.LinkID)}
	if !l.Deleted {
		label.Href = linkHref(at, p.LinkID)
	}
	return label, nil
}

// fillSold names the product, as long as there is one.
func (d *Dashboard) fillSold(ctx context.Context, at *room, p payment.View, v *transactionView) error {
	if p.ProductID == "" {
		return nil
	}
	sold, err := d.Products.Get(ctx, at.Business.ID, product.ID(p.ProductID))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	v.ProductName, v.ProductHref = sold.Name, at.Base+"/products/"+string(sold.ID)
	return err
}

func (d *Dashboard) timeline(ctx context.Context, at *room, id payment.ID) (rows []timelineRow, err error) {
	events, err := d.Payments.Timeline(ctx, at.Business.ID, id)
	for _, e := range events {
		rows = append(rows, timelineRow{
			What: stateWords(e.State, e.Detail), Detail: detailWords(e.State, e.Detail), How: causeWords(e.Cause),
			Time: e.At.In(at.Business.Location()).Format("2 Jan 2006, 15:04:05"), ISO: isoTime(e.At.Time),
		})
	}
	return rows, err
}

// checkTransaction asks the provider how it stands.
func (d *Dashboard) checkTransaction(w http.ResponseWriter, r *http.Request, at *room) error {
	id := payment.ID(r.PathValue("id"))
	before, err := d.Payments.Get(r.Context(), at.Business.ID, id)
	if err != nil {
		return err
	}
	_, err = d.Payments.Sync(r.Context(), at.Business.ID, id, payment.CauseMerchant)
	toast := ui.ToastProps{Text: "Nothing new at " + providerName(before.Provider), Calm: true}
	switch {
	case fault.Is(err, fault.Unavailable):
		toast = ui.ToastProps{Text: fault.Of(err).Message, Bad: true}
	case err != nil:
		return err
	default:
		after, err := d.Payments.Get(r.Context(), at.Business.ID, id)
		if err != nil {
			return err
		}
		if after.Status() != before.Status() || after.Refunded() != before.Refunded() || after.Dispute() != before.Dispute() {
			toast = ui.ToastProps{Text: "It is now: " + transactionBadge(after.Status()).Label}
		}
	}
	d.say(r, toast)
	return redirect(w, r, at.Base+"/transactions/"+string(id))
}
