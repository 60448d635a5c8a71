package mollietest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"

	"smartlinks/internal/money"
)

// makePayment follows "Create payment".
func (s *Server) makePayment(r *http.Request, p *profile) (int, any, *problem) {
	var in struct {
		Amount                               amount
		Description, RedirectURL, WebhookURL string
		Locale                               string
		Method                               []string
		Metadata                             any
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return 0, nil, &problem{Status: http.StatusBadRequest, Title: "Bad Request", Detail: "The request body is no JSON"}
	}
	u, err := url.Parse(in.RedirectURL)
	switch {
	case !right(in.Amount):
		return 0, nil, unprocessable("amount", "The amount contains an invalid value")
	case in.Amount.over(5_000_000): // "iDEAL": at most EUR 50,000.00
		return 0, nil, unprocessable("amount", "The amount is higher than the maximum")
	case in.Description == "" || len(in.Description) > 255:
		return 0, nil, unprocessable("description", "The description is invalid")
	case err != nil || u.Host == "":
		return 0, nil, unprocessable("redirectUrl", "The redirect URL is invalid")
	case slices.ContainsFunc(in.Method, func(method string) bool { return slices.Contains(needLines, method) }):
		return 0, nil, unprocessable("lines", "The 'lines' field is missing")
	case in.Locale != "" && !regexp.MustCompile(`^[a-z]{2}_[A-Z]{2}$`).MatchString(in.Locale):
		return 0, nil, unprocessable("locale", "The locale is invalid")
	}
	made := &paid{
		profile: p, ID: s.id("tr_"), Description: in.Description, Status: "open", Amount: in.Amount, RedirectURL: in.RedirectURL,
		WebhookURL: in.WebhookURL, Locale: in.Locale, Metadata: in.Metadata, Created: s.Now(), methods: in.Method,
	}
	s.payments = append(s.payments, made)
	return http.StatusCreated, s.reported(made), nil
}

// needLines are the methods that take no payment without order lines.
var needLines = []string{"billie", "billink", "in3", "klarna", "riverty", "voucher"}

// right reports whether an amount has exactly its currency's digits.
func right(a amount) bool {
	parsed, err := a.money()
	return err == nil && parsed.Minor > 0 && parsed.Decimal() == a.Value
}

// over reports whether an amount of euros is more than so many cents.
func (a amount) over(cents int64) bool {
	parsed, err := a.money()
	return err == nil && parsed.Currency == "EUR" && parsed.Minor > cents
}

func (a amount) money() (money.Amount, error) {
	return money.Parse(a.Value, money.Currency(a.Currency))
}

// cancel follows "Cancel payment": only bank transfers can be.
func (s *Server) cancel(found *paid) (int, any, *problem) {
	if !found.cancelable() {
		return 0, nil, unprocessable("", "The payment cannot be canceled")
	}
	found.Status = "canceled"
	return http.StatusOK, s.reported(found), nil
}

func (found *paid) cancelable() bool {
	return found.Status == "open" && found.Method == "banktransfer"
}

// makeRefund follows "Create payment refund".
func (s *Server) makeRefund(r *http.Request, found *paid) (int, any, *problem) {
	var in struct {
		Amount      amount
		Description string
		Metadata    any
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || !right(in.Amount) || in.Amount.Currency != found.Amount.Currency {
		return 0, nil, unprocessable("amount", "The amount is invalid")
	}
	asked, _ := in.Amount.money()
	whole, _ := found.Amount.money()
	if found.Status != "paid" || found.refunded().Minor+asked.Minor > whole.Minor {
		return 0, nil, unprocessable("amount", "The amount is higher than the maximum")
	}
	if in.Description == "" || len(in.Description) > 255 {
		return 0, nil, unprocessable("description", "The description is invalid")
	}
	made := refund{ID: s.id("re_"), Status: "pending", Amount: in.Amount, Description: in.Description, Metadata: in.Metadata, Created: s.Now()}
	found.refunds = append(found.refunds, made)
	return http.StatusCreated, s.refund(found, made), nil
}

func (found *paid) refunded() money.Amount {
	sum := money.Amount{Currency: money.Currency(found.Amount.Currency)}
	for _, r := range found.refunds {
		if r.Status == "failed" {
			continue
		}
		if one, err := r.Amount.money(); err == nil {
			sum.Minor += one.Minor
		}
	}
	return sum
}
