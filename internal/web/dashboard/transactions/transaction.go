package transactions

import (
	"cmp"
	"context"
	"net/http"
	"strconv"

	"smartlinks/internal/address"
	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/product"
	"smartlinks/internal/recovery"
	"smartlinks/internal/web/dashboard/charts"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
	"smartlinks/internal/webhook"
)

// transactionView is the page of one attempt to pay.
type transactionView struct {
	Base, Href               string
	Row                      TransactionRow
	Explanation              explanation
	Link                     *linkLabel
	ProductName, ProductHref string
	Notes, Language, Channel string
	Callback                 string // what became of telling the program that asked for the link, "" without one
	Method, Reference        string
	Parts                    []checkout.Line // what the amount is made of; none for one price alone
	Answers                  []checkout.Fact
	ProviderRef, ID, Code    string
	ReceiptHref, ReceiptFile string
	CustomerHref             string // "" until it is paid, and once the customer was deleted
	Paid                     string
	Kept                     string // after refunds, "" without any
	MayCheck                 bool   // asking the provider may tell something new
	InQueue                  bool   // waits for a person to look at it
	HoldsSlot                bool   // of a limited link, while nobody has decided
	MayRefund, MayAskAgain   bool
	Refundable               string // "" when no money is left
	Free                     bool   // nothing was to be paid, so only its place can be given back
	Lost                     string // by disputes, "" for nothing
	Symbol, Currency         string
	Units                    int64 // that were bought
	ByHand                   bool  // no provider moves its money: a refund says that they gave it back
	Refund                   refundForm
	Arrived                  arrivedForm
	Refunds                  []refundRow
	Disputes                 []disputeRow
	Timeline                 []timelineRow
	Ask                      *askView          // of what was not finished, nil for all else
	Double                   string            // the page of the other payment of who probably paid twice, "" without one
	Transfer                 *transferFacts    // how a bank transfer stands, nil for another way to pay
	Recorded                 *payment.Recorded // by a member, nil for what a provider told
}

// linkLabel is the smart link that led here; Href is "" once it was deleted,
// when All still lists what it earned.
type linkLabel struct{ Name, Path, Href, All string }

type timelineRow struct{ What, Detail, How, Time, ISO string }

func (d pages) showTransaction(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	p, err := d.Payments.Get(r.Context(), scope.Business.ID, attempt.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	refund := refundForm{Amount: scope.AmountInput(new(p.Refundable())), ReturnSlot: p.Free(), Open: r.FormValue("refund") != ""}
	return d.transactionPage(w, r, scope, http.StatusOK, p, refund, arrivedFormOf(scope, p))
}

func (d pages) transactionPage(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, p history.View, refund refundForm, arrived arrivedForm) (err error) {
	ctx, v := r.Context(), transactionViewOf(scope, p)
	texts := d.Messages.Localizer(scope.Reader.Lang())
	v.Parts, v.Answers = p.Parts().Lines(texts), p.Answers.Facts(texts)
	v.Refund, v.Arrived = refund, arrived
	if v.Link, err = d.linkOf(ctx, scope, p); err != nil {
		return err
	}
	if err := d.fillSold(ctx, scope, p, &v); err != nil {
		return err
	}
	if err := d.fillMoney(r, scope, p, &v); err != nil {
		return err
	}
	if v.Callback, err = d.callbackOf(ctx, scope, p); err != nil {
		return err
	}
	if p.Provider == payment.Manual {
		if v.Recorded, err = d.Payments.RecordOf(ctx, scope.Business.ID, p.ID); err != nil {
			return err
		}
		v.Method, v.ProviderRef = methodWords(scope.Reader, p.Method), ""
	}
	if p.Provider == payment.None {
		v.ProviderRef = ""
	}
	if p.Provider == banktransfer.Name {
		v.Method = scope.ProviderName(p.Provider)
	}
	if v.Ask, err = d.askOf(ctx, scope, p); err != nil {
		return err
	}
	if v.Transfer, err = d.transferOf(r, scope, p); err != nil {
		return err
	}
	if v.Double, err = d.doubleOf(ctx, scope, p); err != nil {
		return err
	}
	if v.Timeline, err = d.timeline(ctx, scope, p); err != nil {
		return err
	}
	return frame.Render(w, r, status, transactionPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Transaction"), Section: frame.TransactionsSection}), v))
}

func transactionViewOf(scope *frame.Scope, p history.View) transactionView {
	base := scope.Base + "/transactions"
	v := transactionView{
		Base: base, Href: base + "/" + string(p.ID), Row: TransactionRowOf(scope, p), Explanation: whatHappened(scope.Reader, p),
		Notes: p.Payer.Notes, Language: p.Payer.Language, Channel: charts.ChannelOf(scope.Reader, p.Channel).Label,
		Method: p.Method, Reference: p.Reference, ProviderRef: p.ProviderRef, ID: string(p.ID), Code: p.ID.Code(), MayCheck: mayCheck(p), InQueue: p.InQueue(),
	}
	if p.CustomerID != "" {
		v.CustomerHref = scope.Base + "/customers/" + string(p.CustomerID)
	}
	if p.Receipt != "" {
		v.ReceiptHref, v.ReceiptFile = scope.Addresses.Own(address.Receipt(p.ID, "")), scope.Addresses.Own(address.ReceiptFile(p.ID, "")) // where the member is signed in
	}
	if !p.PaidAt.IsZero() {
		v.Paid = scope.DateTime(p.PaidAt, scope.Business.Location())
	}
	if p.Refunded().Minor > 0 || p.Lost().Minor > 0 {
		v.Kept = scope.Money(p.Kept())
	}
	if p.Lost().Minor > 0 {
		v.Lost = scope.Money(p.Lost())
	}
	if left := p.Refundable(); left.Minor > 0 {
		v.Refundable = scope.Money(left)
	}
	v.Free, v.MayRefund = p.Free(), p.TakesRefunds() && scope.MayManage()
	v.Units = p.Quantity
	v.ByHand = p.Provider == payment.Manual || p.Provider == banktransfer.Name
	v.Symbol, v.Currency = frame.Symbol(p.Amount.Currency), string(p.Amount.Currency)
	v.HoldsSlot = p.State == attempt.Review && p.HoldsSlot && p.LinkID != ""
	v.MayAskAgain = p.RefundFailed() && p.Receipt == "" && p.RefundOnItsWay().Minor == 0 && scope.MayManage()
	return v
}

// askOf is whether the payer of what was not finished can be asked again, nil for what
// was, or may still be.
func (d pages) askOf(ctx context.Context, scope *frame.Scope, p history.View) (*askView, error) {
	if p.Receipt != "" {
		return nil, nil
	}
	s, err := d.Recovery.UnfinishedOf(ctx, scope.Business, p)
	if err != nil || s.Against == recovery.NotEnded || s.Against == recovery.NoEmail {
		return nil, err
	}
	v := askViewOf(scope, s)
	return &v, nil
}

// doubleOf is the page of the other payment of a payer who probably paid twice, "" without one.
func (d pages) doubleOf(ctx context.Context, scope *frame.Scope, p history.View) (string, error) {
	if p.Receipt == "" {
		return "", nil
	}
	other, err := d.Payments.Double(ctx, scope.Business.ID, p.ID)
	if err != nil || other == "" {
		return "", err
	}
	return scope.Base + "/transactions/" + string(other), nil
}

// callbackOf says what became of the callback of a payment, "" without one.
func (d pages) callbackOf(ctx context.Context, scope *frame.Scope, p history.View) (string, error) {
	c, err := d.Webhooks.CallbackOf(ctx, scope.Business.ID, string(p.ID))
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	answer := scope.Sentence(c.Problem)
	if c.Status != 0 {
		answer = scope.T("It answered {{.Status}}.", "Status", strconv.FormatInt(c.Status, 10))
	}
	switch when := scope.DateTime(c.UpdatedAt.Time, scope.Business.Location()); {
	case c.State == webhook.Delivered:
		return scope.T("{{.URL}} took it on {{.When}}.", "URL", c.URL, "When", when), nil
	case c.State == webhook.Failed:
		return scope.T("{{.URL}} did not take it in {{.Tries}}. {{.Answer}}", "URL", c.URL, "Tries", scope.N(c.Tries, "{{.Count}} try", "{{.Count}} tries"), "Answer", answer), nil
	case answer == "":
		return scope.T("We are notifying {{.URL}} now.", "URL", c.URL), nil
	default:
		return scope.T("{{.URL}} did not take it yet. {{.Answer}} Tried again on {{.When}}.", "URL", c.URL, "Answer", answer, "When", scope.DateTime(c.DueAt.Time, scope.Business.Location())), nil
	}
}

// mayCheck tells whether asking the provider may change how it stands. What was
// given back as a whole stays so, and nobody knows more of what was recorded by hand.
func mayCheck(p history.View) bool {
	return p.Status() != history.StatusRefunded && p.Provider != payment.Manual && p.Provider != payment.None
}

// linkOf names the smart link, nil when it came another way.
func (d pages) linkOf(ctx context.Context, scope *frame.Scope, p history.View) (*linkLabel, error) {
	if p.LinkID == "" {
		return nil, nil
	}
	l, err := d.Links.Label(ctx, scope.Business.ID, p.LinkID)
	if err != nil {
		return nil, err
	}
	label := &linkLabel{Name: l.Name, Path: l.Path, All: scope.Base + "/transactions?link=" + string(p.LinkID)}
	if !l.Deleted {
		label.Href = frame.LinkHref(scope, p.LinkID)
	}
	return label, nil
}

// fillSold names the product, as long as there is one.
func (d pages) fillSold(ctx context.Context, scope *frame.Scope, p history.View, v *transactionView) error {
	if p.ProductID == "" {
		return nil
	}
	sold, err := d.Products.Get(ctx, scope.Business.ID, product.ID(p.ProductID))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	v.ProductName, v.ProductHref = sold.Name, scope.Base+"/products/"+string(sold.ID)
	return err
}

func (d pages) timeline(ctx context.Context, scope *frame.Scope, p history.View) (rows []timelineRow, err error) {
	events, err := d.Payments.Timeline(ctx, scope.Business.ID, p.ID)
	for _, e := range events {
		rows = append(rows, timelineRow{
			What: cmp.Or(transferWords(scope.Reader, p.Provider, e.State, e.Detail), stateWords(scope.Reader, e.State, e.Detail)), Detail: detailWords(scope.Reader, e.State, e.Detail), How: causeWords(scope.Reader, e.Cause),
			Time: scope.DateTimeSeconds(e.At.Time, scope.Business.Location()), ISO: frame.IsoTime(e.At.Time),
		})
	}
	return rows, err
}

// checkTransaction asks the provider how it stands.
func (d pages) checkTransaction(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	id := attempt.ID(r.PathValue("id"))
	before, err := d.Payments.Get(r.Context(), scope.Business.ID, id)
	if err != nil {
		return err
	}
	_, err = d.Payments.Sync(r.Context(), scope.Business.ID, id, attempt.CauseMerchant)
	toast := ui.ToastProps{Text: scope.T("No news from {{.Provider}}", "Provider", scope.ProviderName(before.Provider)), Calm: true}
	switch {
	case fault.Is(err, fault.Unavailable):
		toast = ui.ToastProps{Text: scope.Sentence(fault.Of(err).Message), Bad: true}
	case err != nil:
		return err
	default:
		after, err := d.Payments.Get(r.Context(), scope.Business.ID, id)
		if err != nil {
			return err
		}
		if after.Status() != before.Status() || after.Refunded() != before.Refunded() || after.Dispute() != before.Dispute() {
			toast = ui.ToastProps{Text: scope.T("Its status is now: {{.TransactionBadge}}", "TransactionBadge", TransactionBadge(scope.Reader, after.Status()).Label)}
		}
	}
	d.Toast(r, toast)
	return frame.Redirect(w, r, scope.Base+"/transactions/"+string(id))
}
