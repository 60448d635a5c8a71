package payrequest

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/payrequest"
	"smartlinks/internal/web/api/frame"
	"smartlinks/internal/web/api/links"
)

// requestsPath is where payment requests are, here and at the root of the site.
const requestsPath = "/payment-requests"

// paymentRequests are the operations on PayRequest's payment requests: one-time links
// for one customer, sent and asked for again.
func (a handlers) paymentRequests() {
	frame.Register(a.API, ofPayRequest(frame.Operation{Method: http.MethodPost, Path: requestsPath, ID: "create-payment-request", Summary: "Create a payment request",
		About: "A one-time link for one customer, found or made by the e-mail address, sent at once if asked for. Also at /v1/payment-requests of the site.",
		Scope: account.LinksWrite, Status: http.StatusCreated}), a.createPaymentRequest)
	frame.Register(a.API, ofPayRequest(frame.Operation{Method: http.MethodGet, Path: requestsPath, ID: "list-payment-requests", Summary: "List payment requests",
		Scope: account.LinksRead}), a.listPaymentRequests)
}

type paymentRequestBody struct {
	Customer struct {
		Name  string `json:"name,omitempty"`
		Email string `json:"email" example:"ann@example.com"`
	} `json:"customer"`
	Amount      typed                            `json:"amount"`
	Currency    string                           `json:"currency,omitempty" example:"EUR" doc:"ISO 4217; the business's own when left out."`
	Description string                           `json:"description" doc:"What is paid for: the link's name."`
	DueDate     *string                          `json:"due_date,omitempty" format:"date" nullable:"true" doc:"The link's due date: payers see it, and payments after it are still taken."`
	Delivery    []message.Channel                `json:"delivery,omitempty" example:"[\"email\"]" doc:"email, sms or both; none when left out."`
	Reminders   frame.Optional[requestReminders] `json:"reminders" required:"false"`
}

// requestReminders is how a payment request reminds.
type requestReminders struct {
	Enabled *bool   `json:"enabled,omitempty" doc:"true when left out."`
	Cadence *string `json:"cadence,omitempty" example:"weekly" doc:"daily, every_2_days, every_3_days, weekly or monthly; weekly when left out."`
	Max     *int64  `json:"max,omitempty" doc:"1 to 50; 5 when left out."`
}

// reminding is how the link reminds.
func (in paymentRequestBody) reminding() (o frame.Optional[links.ReminderBody]) {
	asked := in.Reminders.Value
	if asked == nil || asked.Enabled != nil && !*asked.Enabled {
		return o
	}
	cadence, most := "weekly", int64(5)
	if asked.Cadence != nil {
		cadence = *asked.Cadence
	}
	if asked.Max != nil {
		most = *asked.Max
	}
	return frame.Optional[links.ReminderBody]{Sent: true, Value: &links.ReminderBody{Frequency: &cadence, Max: &most}}
}

// paymentRequest is a link as PayRequest writes a payment request.
type paymentRequest struct {
	ID          link.ID          `json:"id" example:"lnk_…"`
	URL         string           `json:"url"`
	Status      string           `json:"status" enum:"open,pending,paid,inactive"`
	Amount      number           `json:"amount"`
	Currency    money.Currency   `json:"currency"`
	Description string           `json:"description"`
	Customer    requestsCustomer `json:"customer"`
	DueDate     *string          `json:"due_date"`
	CreatedAt   time.Time        `json:"created_at"`
	ExpiresAt   *time.Time       `json:"expires_at" doc:"null while the link has no end."`
}

// requestsCustomer is whom a payment request is for.
type requestsCustomer struct {
	ID    *string `json:"id" doc:"null when the customer was deleted."`
	Email string  `json:"email"`
}

func (a handlers) paymentRequestOf(b business.Business, l link.Link, r payrequest.Request) paymentRequest {
	shown := a.paymentLinkOf(b, l)
	v := paymentRequest{
		ID: l.ID, URL: shown.URL, Status: "open", Amount: shown.Amount, Currency: shown.Currency, Description: shown.Description,
		Customer: requestsCustomer{frame.Pointer(string(l.CustomerID)), r.Email}, DueDate: frame.Pointer(l.DueOn), CreatedAt: shown.CreatedAt, ExpiresAt: frame.UTCPointer(l.EndsAt),
	}
	switch {
	case l.Status() == link.LimitReached:
		v.Status = "paid"
	case r.Pending:
		v.Status = "pending"
	case l.Status() == link.Inactive:
		v.Status = "inactive"
	}
	return v
}

type madePaymentRequest struct {
	Location string `header:"Location"`
	Body     paymentRequest
}

func (a handlers) createPaymentRequest(ctx context.Context, b business.Business, in *struct{ Body paymentRequestBody }) (*madePaymentRequest, error) {
	d, err := in.Body.draft(b)
	if err != nil {
		return nil, err
	}
	var l link.Link
	err = a.DB.InTx(ctx, func(tx *db.Tx) error {
		who, _, err := a.Customers.MatchOrCreate(ctx, tx, b.ID, customer.Payer{Name: in.Body.Customer.Name, Email: in.Body.Customer.Email})
		if err != nil {
			return err
		}
		d.CustomerID = who
		if l, err = (links.Handlers{API: a.API}).CreateTx(ctx, tx, b, d, links.NewLinkBody{LinkBody: links.LinkBody{Reminders: in.Body.reminding()}, Deliver: in.Body.Delivery}); err != nil {
			return err
		}
		return a.Calls.Record(ctx, tx, b.ID, l.ID)
	})
	if err != nil {
		return nil, inItsWords(err)
	}
	found, err := a.Calls.Requests(ctx, b, []link.ID{l.ID})
	if err != nil {
		return nil, err
	}
	return &madePaymentRequest{Location: frame.Prefix + "/links/" + string(l.ID), Body: a.paymentRequestOf(b, l, found[l.ID])}, nil
}

// draft is the link that is asked for.
func (in paymentRequestBody) draft(b business.Business) (d link.Fields, err error) {
	var wrong fault.Fields
	asked := frame.Amount{Value: string(in.Amount), Currency: in.Currency}
	d = asking(in.Description, asked.Read("amount", b.Currency, &wrong))
	d.Limit.Kind = link.Once
	if _, err := mailaddr.Parse(in.Customer.Email); err != nil {
		wrong.Add("customer.email", "", "Send the customer's e-mail address.")
	}
	d.DueOn = frame.ValueOf(in.DueDate)
	return d, inItsWords(wrong.Err())
}

func (a handlers) listPaymentRequests(ctx context.Context, b business.Business, in *NumberedPaging) (*pagedList[paymentRequest], error) {
	page, err := in.read()
	if err != nil {
		return nil, err
	}
	found, err := a.Links.List(ctx, b, link.Filter{Requests: true, Cursor: page.cursor, Offset: page.offset, Limit: page.size})
	if err != nil {
		return nil, err
	}
	ids := make([]link.ID, len(found.Links))
	for i, l := range found.Links {
		ids[i] = l.ID
	}
	more, err := a.Calls.Requests(ctx, b, ids)
	if err != nil {
		return nil, err
	}
	return pagedOf(page, found.Links, found.Total, found.Next, func(l link.Link) paymentRequest {
		shown := a.paymentRequestOf(b, l, more[l.ID])
		if !frame.SeesCustomers(ctx) {
			shown.Customer.Email = ""
		}
		return shown
	}), nil
}
