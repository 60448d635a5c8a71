package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
)

// paymentLinks are the operations for programs that were written for PayRequest:
// its words for a link, and its envelope of an answer. What they make are links
// like any other.
func (a *rooms) paymentLinks() {
	const group = groupPayRequest
	register(a, operation{method: http.MethodPost, path: "/payment-links", id: "create-payment-link", summary: "Create a payment link", group: group,
		about: "A link that asks a fixed amount. Its path comes from the description.", scope: account.LinksWrite, status: http.StatusCreated}, a.createPaymentLink)
	register(a, operation{method: http.MethodGet, path: "/payment-links", id: "list-payment-links", summary: "List payment links", group: group,
		scope: account.LinksRead}, a.listPaymentLinks)
	register(a, operation{method: http.MethodGet, path: describedPayments, id: "list-described-payments", summary: "List payments by description", group: group,
		about: "Those of the links that are called so. GET /payments?description=… answers the same.", scope: account.PaymentsRead}, a.listDescribedPayments)
}

// describedPayments answers GET /payments where it asks for a description.
const describedPayments = "/payment-links/payments"

// inItsShape leads GET /payments?description= to the operation that answers in
// PayRequest's shape: one address can't have two in the document.
func inItsShape(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == prefix+"/payments" && r.URL.Query().Has("description") {
			r = r.Clone(r.Context())
			r.URL.Path = prefix + describedPayments
		}
		next.ServeHTTP(w, r)
	})
}

// envelope is how PayRequest answers.
type envelope[T any] struct {
	Success bool `json:"success" doc:"Always true: what fails is a problem."`
	Data    T    `json:"data"`
}

// listEnvelope is envelope for a page of a list, which goes on as all lists here do.
type listEnvelope[T any] struct {
	Success bool    `json:"success" doc:"Always true: what fails is a problem."`
	Data    []T     `json:"data" nullable:"false"`
	Next    *string `json:"next_cursor" doc:"Send it as cursor for the next page; null at the end."`
}

// number is an amount as a JSON number. Its digits are those of the text, so that
// no amount goes through a float.
type number string

// UnmarshalJSON keeps the digits as they were sent.
func (n *number) UnmarshalJSON(text []byte) error {
	var digits json.Number
	err := json.Unmarshal(text, &digits)
	*n = number(digits)
	return err
}

// MarshalJSON writes the digits.
func (n number) MarshalJSON() ([]byte, error) { return []byte(n), nil }

// Schema is a number.
func (number) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeNumber, Examples: []any{49.00}}
}

// paymentLink is a link as PayRequest writes it.
type paymentLink struct {
	ID          link.ID        `json:"id" example:"lnk_…"`
	URL         string         `json:"url"`
	Description string         `json:"description"`
	Amount      number         `json:"amount"`
	Currency    money.Currency `json:"currency"`
	CreatedAt   time.Time      `json:"created_at"`
}

// paymentLinkOf shows a link. A description that is longer than a name stands
// whole in the link's own.
func (a *rooms) paymentLinkOf(b business.Business, l link.Link) paymentLink {
	price, said := l.Price(), l.Name
	if strings.HasPrefix(l.Description, l.Name) {
		said = l.Description
	}
	return paymentLink{
		ID: l.ID, URL: a.address(b.Handle, l.Path), Description: said, Amount: number(price.Decimal()), Currency: price.Currency, CreatedAt: l.CreatedAt.UTC(),
	}
}

type paymentLinkBody struct {
	Description string `json:"description" example:"Early Bird Registration 2025" doc:"What is paid for: the link's name."`
	Amount      number `json:"amount"`
	Currency    string `json:"currency,omitempty" example:"EUR" doc:"ISO 4217; the business's own when left out."`
}

type madePaymentLink struct {
	Location string `header:"Location"`
	Body     envelope[paymentLink]
}

func (a *rooms) createPaymentLink(ctx context.Context, b business.Business, in *struct{ Body paymentLinkBody }) (*madePaymentLink, error) {
	var wrong fault.Fields
	asked := amount{Value: string(in.Body.Amount), Currency: in.Body.Currency}
	d := link.Draft{Type: link.Amount, Name: nameOf(in.Body.Description), Amount: asked.read("amount", b.Currency, &wrong)}
	if d.Name != in.Body.Description {
		d.Description = in.Body.Description
	}
	if err := wrong.Err(); err != nil {
		return nil, inItsWords(err)
	}
	l, err := a.Links.Create(ctx, b, d)
	if err != nil {
		return nil, inItsWords(err)
	}
	return &madePaymentLink{Location: prefix + "/links/" + string(l.ID), Body: envelope[paymentLink]{Success: true, Data: a.paymentLinkOf(b, l)}}, nil
}

// longestName is how much of a description becomes the name of a link.
const longestName = 120

func nameOf(description string) string {
	if r := []rune(description); len(r) > longestName {
		return strings.TrimSpace(string(r[:longestName]))
	}
	return description
}

// inItsWords names the fields of a link as PayRequest does.
func inItsWords(err error) error {
	return renamed(err, func(f fault.Field) string {
		if name, known := map[string]string{"name": "description", "amount.value": "amount", "amount.currency": "currency"}[f.Name]; known {
			return name
		}
		return f.Name
	})
}

// ByDescription narrows to a description. It is exported because huma reads embedded
// structs only then.
type ByDescription struct {
	Paging
	Description string `query:"description" doc:"The whole description, whatever its case."`
}

func (a *rooms) listPaymentLinks(ctx context.Context, b business.Business, in *ByDescription) (*struct{ Body listEnvelope[paymentLink] }, error) {
	page, err := a.Links.List(ctx, b, link.Filter{Name: nameOf(in.Description), Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := listEnvelope[paymentLink]{Success: true, Data: []paymentLink{}, Next: pointer(page.Next)}
	for _, l := range page.Links {
		out.Data = append(out.Data, a.paymentLinkOf(b, l))
	}
	return &struct{ Body listEnvelope[paymentLink] }{out}, nil
}

// describedPayment is a payment as PayRequest writes it.
type describedPayment struct {
	ID          payment.ID     `json:"id" example:"pay_…"`
	Status      payment.Status `json:"status"`
	Description string         `json:"description"`
	Amount      number         `json:"amount"`
	Currency    money.Currency `json:"currency"`
	LinkID      *string        `json:"payment_link_id"`
	Name        string         `json:"customer_name"`
	Email       string         `json:"customer_email"`
	CreatedAt   time.Time      `json:"created_at"`
	PaidAt      *time.Time     `json:"paid_at"`
}

func (a *rooms) listDescribedPayments(ctx context.Context, b business.Business, in *ByDescription) (*struct {
	Body listEnvelope[describedPayment]
}, error) {
	out := listEnvelope[describedPayment]{Success: true, Data: []describedPayment{}}
	links, err := a.Links.Named(ctx, b.ID, nameOf(in.Description))
	if err != nil || len(links) == 0 {
		return &struct {
			Body listEnvelope[describedPayment]
		}{out}, err
	}
	views, next, err := a.Payments.List(ctx, b.ID, b.Mode, payment.Filter{LinkIDs: links, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	for _, v := range views {
		out.Data = append(out.Data, describedPayment{
			ID: v.ID, Status: v.Status(), Description: v.Title, Amount: number(v.Amount.Decimal()), Currency: v.Amount.Currency, LinkID: pointer(string(v.LinkID)),
			Name: v.Payer.Name, Email: v.Payer.Email, CreatedAt: v.CreatedAt.UTC(), PaidAt: utc(v.PaidAt),
		})
	}
	out.Next = pointer(next)
	return &struct {
		Body listEnvelope[describedPayment]
	}{out}, nil
}
