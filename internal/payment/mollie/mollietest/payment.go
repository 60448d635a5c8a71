package mollietest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

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
	case in.Description == "" || len(in.Description) > 255:
		return 0, nil, unprocessable("description", "The description is invalid")
	case err != nil || u.Host == "":
		return 0, nil, unprocessable("redirectUrl", "The redirect URL is invalid")
	case in.Locale != "" && !regexp.MustCompile(`^[a-z]{2}_[A-Z]{2}$`).MatchString(in.Locale):
		return 0, nil, unprocessable("locale", "The locale is invalid")
	}
	made := &paid{
		profile: p, ID: s.id("tr_"), Description: in.Description, Status: "open", Amount: in.Amount, RedirectURL: in.RedirectURL,
		WebhookURL: in.WebhookURL, Locale: in.Locale, Metadata: in.Metadata, Created: s.Now(), methods: in.Method,
	}
	s.payments = append(s.payments, made)
	return http.StatusCreated, s.told(made), nil
}

// right reports whether an amount has exactly its currency's digits.
func right(a amount) bool {
	parsed, err := a.money()
	return err == nil && parsed.Minor > 0 && parsed.Decimal() == a.Value
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
	return http.StatusOK, s.told(found), nil
}

func (found *paid) cancelable() bool {
	return found.Status == "open" && found.Method == "banktransfer"
}

// makeRefund follows "Create payment refund".
func (s *Server) makeRefund(r *http.Request, found *paid) (int, any, *problem) {
	var in struct {
		Amount   amount
		Metadata any
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || !right(in.Amount) || in.Amount.Currency != found.Amount.Currency {
		return 0, nil, unprocessable("amount", "The amount is invalid")
	}
	asked, _ := in.Amount.money()
	whole, _ := found.Amount.money()
	if found.Status != "paid" || found.refunded().Minor+asked.Minor > whole.Minor {
		return 0, nil, unprocessable("amount", "The amount is higher than the maximum")
	}
	made := refund{ID: s.id("re_"), Status: "pending", Amount: in.Amount, Metadata: in.Metadata}
	found.refunds = append(found.refunds, made)
	return http.StatusCreated, made, nil
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

// told is a payment in JSON.
func (s *Server) told(found *paid) map[string]any {
	links := map[string]any{}
	if found.Status == "open" {
		links["checkout"] = map[string]any{"href": s.URL + "/checkout/" + found.ID, "type": "text/html"}
	}
	told := map[string]any{
		"resource": "payment", "id": found.ID, "mode": found.profile.Mode, "status": found.Status, "amount": found.Amount,
		"description": found.Description, "metadata": found.Metadata, "method": orNull(found.Method), "profileId": found.profile.ID,
		"redirectUrl": found.RedirectURL, "webhookUrl": orNull(found.WebhookURL), "isCancelable": found.cancelable(),
		"createdAt": found.Created.Format(time.RFC3339), "_links": links,
	}
	if found.Status == "paid" {
		refunded := found.refunded()
		told["paidAt"] = found.Paid.Format(time.RFC3339)
		told["amountRefunded"] = amount{found.Amount.Currency, refunded.Decimal()}
	}
	told["_embedded"] = map[string]any{"refunds": found.refunds, "chargebacks": found.chargebacks}
	return told
}

func orNull(s string) any {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	return s
}
