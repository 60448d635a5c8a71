package payrequest

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
	"smartlinks/internal/publish"
	"smartlinks/internal/web/api/frame"
)

// paymentLinks are the operations for programs that were written for PayRequest:
// its words for a link, and its envelope of an answer. What they make are links
// like any other.
func (a handlers) paymentLinks() {
	frame.Register(a.API, ofPayRequest(frame.Operation{Method: http.MethodPost, Path: "/payment-links", ID: "create-payment-link", Summary: "Create a payment link",
		About: "A link that asks a fixed amount. Its path comes from the description.", Scope: account.LinksWrite, Status: http.StatusCreated}), a.createPaymentLink)
	frame.Register(a.API, ofPayRequest(frame.Operation{Method: http.MethodGet, Path: "/payment-links", ID: "list-payment-links", Summary: "List payment links",
		Scope: account.LinksRead}), a.listPaymentLinks)
	frame.Register(a.API, ofPayRequest(frame.Operation{Method: http.MethodGet, Path: itsPayments, ID: "list-described-payments", Summary: "List payments as PayRequest does",
		About: "With “I come from PayRequest” switched on, in Settings → API or by PATCH /business, GET /payments answers the same.", Scope: account.PaymentsRead}), a.listItsPayments)
}

// envelope is how PayRequest answers.
type envelope[T any] struct {
	Success bool `json:"success" doc:"Always true: what fails is a problem."`
	Data    T    `json:"data"`
}

// number is an amount as a JSON number. Its digits are those of the text, so that
// no amount goes through a float.
type number string

// MarshalJSON writes the digits.
func (n number) MarshalJSON() ([]byte, error) { return []byte(n), nil }

// Schema is a number.
func (number) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeNumber, Examples: []any{49.00}}
}

// typed is an amount as PayRequest's programs write it: a number, or a text.
type typed string

// UnmarshalJSON keeps the digits as they were sent.
func (a *typed) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		return json.Unmarshal(text, (*string)(a))
	}
	*a = typed(text)
	return nil
}

// Schema is a number or a text.
func (typed) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		OneOf: []*huma.Schema{{Type: huma.TypeNumber}, {Type: huma.TypeString}}, Examples: []any{49.00, "49.00"},
	}
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
func (a handlers) paymentLinkOf(b business.Business, l link.Link) paymentLink {
	price, said := l.Price(), l.Name
	if strings.HasPrefix(l.Description, l.Name) {
		said = l.Description
	}
	return paymentLink{
		ID: l.ID, URL: a.LinkURL(b, l), Description: said, Amount: number(price.Decimal()), Currency: price.Currency, CreatedAt: l.CreatedAt.UTC(),
	}
}

type paymentLinkBody struct {
	Description string `json:"description" example:"Early Bird Registration 2025" doc:"What is paid for: the link's name."`
	Amount      typed  `json:"amount"`
	Currency    string `json:"currency,omitempty" example:"EUR" doc:"ISO 4217; the business's own when left out."`
}

type madePaymentLink struct {
	Location string `header:"Location"`
	Body     envelope[paymentLink]
}

func (a handlers) createPaymentLink(ctx context.Context, b business.Business, in *struct{ Body paymentLinkBody }) (*madePaymentLink, error) {
	var wrong fault.Fields
	asked := frame.Amount{Value: string(in.Body.Amount), Currency: in.Body.Currency}
	d := asking(in.Body.Description, asked.Read("amount", b.Currency, &wrong))
	if err := wrong.Err(); err != nil {
		return nil, inItsWords(err)
	}
	made, err := a.Publish.Create(ctx, b, d, publish.With{})
	if err != nil {
		return nil, inItsWords(err)
	}
	l := made.Link
	return &madePaymentLink{Location: frame.Prefix + "/links/" + string(l.ID), Body: envelope[paymentLink]{Success: true, Data: a.paymentLinkOf(b, l)}}, nil
}

// asking is a new link of what these programs say of one.
func asking(description string, amount *money.Amount) link.Fields {
	f := link.Defaults()
	if f.Type, f.Name, f.Amount = link.Amount, nameOf(description), amount; f.Name != description {
		f.Description = description
	}
	return f
}

// nameOf is as much of a description as the name of a link holds.
func nameOf(description string) string {
	if r := []rune(description); len(r) > link.MaxName {
		return strings.TrimSpace(string(r[:link.MaxName]))
	}
	return description
}

// inItsWords names the fields of a link as PayRequest does.
func inItsWords(err error) error {
	return frame.Renamed(err, func(f fault.Field) string {
		if name, known := map[string]string{"name": "description", "amount.value": "amount", "amount.currency": "currency", "deliver": "delivery", "due_on": "due_date", "channels": "delivery",
			"reminders.frequency": "reminders.cadence",
		}[f.Name]; known {
			return name
		}
		return f.Name
	})
}

type itsLinkQuery struct {
	NumberedPaging
	Description string `query:"description" doc:"A part of the description, whatever its case."`
}

func (a handlers) listPaymentLinks(ctx context.Context, b business.Business, in *itsLinkQuery) (*pagedList[paymentLink], error) {
	page, err := in.read()
	if err != nil {
		return nil, err
	}
	said := strings.TrimSpace(in.Description)
	if said == "" && in.Description != "" {
		var wrong fault.Fields
		frame.AddMissing("description", &wrong)
		return nil, wrong.Err()
	}
	found, err := a.Links.List(ctx, b, link.Filter{Name: nameOf(said), Cursor: page.cursor, Offset: page.offset, Limit: page.size})
	if err != nil {
		return nil, err
	}
	return pagedOf(page, found.Links, found.Total, found.Next, func(l link.Link) paymentLink { return a.paymentLinkOf(b, l) }), nil
}
