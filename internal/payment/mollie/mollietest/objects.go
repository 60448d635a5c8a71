package mollietest

import (
	"slices"
	"strings"
	"time"

	"smartlinks/internal/money"
)

// link is where something of the API is ("Common data types").
func (s *Server) link(path string) map[string]any {
	return map[string]any{"href": s.URL + path, "type": "application/hal+json"}
}

// site is a page for people.
func site(address string) map[string]any {
	return map[string]any{"href": address, "type": "text/html"}
}

func documentation() map[string]any {
	return map[string]any{"documentation": site("https://docs.mollie.com/")}
}

// links are those of an object at a path, beside its documentation.
func (s *Server) links(path string) map[string]any {
	links := documentation()
	links["self"] = s.link(path)
	return links
}

// page is a page of a list ("Pagination"); next is nil at the end.
func (s *Server) page(name string, data []any, next any) map[string]any {
	links := s.links("/v2/" + name)
	links["previous"], links["next"] = nil, next
	return map[string]any{"count": len(data), "_embedded": map[string]any{name: data}, "_links": links}
}

// profile is what "Get current profile" tells.
func (s *Server) profile(p *profile) map[string]any {
	return map[string]any{
		"resource": "profile", "id": p.ID, "mode": p.Mode, "name": p.Name, "website": "https://shop.example", "email": "info@shop.example",
		"phone": "+31208202070", "businessCategory": "OTHER_MERCHANDISE", "status": "verified", "createdAt": s.Now().Format(time.RFC3339),
		"_links": s.links("/v2/profiles/me"),
	}
}

// offered are the ways to pay that every profile has. Wallets are listed for those who
// ask for them ("List payment methods", includeWallets).
var offered = []string{
	"ideal", "creditcard", "applepay", "googlepay", "paypal", "bancontact", "banktransfer", "directdebit", "multibanco", "bacs", "paysafecard",
	"klarna", "in3", "billie", "billink", "riverty", "alma", "voucher", "pointofsale",
}

func (s *Server) methods(query map[string][]string) map[string]any {
	data := []any{}
	for _, id := range offered {
		wallet := id == "applepay" || id == "googlepay"
		if id == "pointofsale" || wallet && !strings.Contains(strings.Join(query["includeWallets"], ","), id) {
			continue
		}
		images := map[string]any{}
		for _, size := range []string{"size1x", "size2x", "svg"} {
			images[size] = "https://www.mollie.com/external/icons/payment-methods/" + id
		}
		links := map[string]any{"self": s.link("/v2/methods/" + id)}
		data = append(data, map[string]any{
			"resource": "method", "id": id, "description": strings.ToUpper(id), "minimumAmount": amount{"EUR", "0.01"}, "maximumAmount": nil,
			"image": images, "status": "activated", "_links": links,
		})
	}
	return map[string]any{"count": len(data), "_embedded": map[string]any{"methods": data}, "_links": s.links("/v2/methods")}
}

// statuses are those that the documentation knows.
var statuses = []string{"open", "pending", "authorized", "paid", "canceled", "expired", "failed"}

// dreams reports whether a payment of the profile has a status that Mollie doesn't have.
func (s *Server) dreams(p *profile) bool {
	return slices.ContainsFunc(s.payments, func(found *paid) bool { return found.profile == p && !slices.Contains(statuses, found.Status) })
}

// reported is a payment in JSON ("Get payment").
func (s *Server) reported(found *paid) map[string]any {
	links := s.links("/v2/payments/" + found.ID)
	links["dashboard"] = site("https://www.mollie.com/dashboard/payments/" + found.ID)
	if found.Status == "open" {
		links["checkout"] = site(s.URL + "/checkout/" + found.ID)
	}
	reported := map[string]any{
		"resource": "payment", "id": found.ID, "mode": found.profile.Mode, "status": found.Status, "amount": found.Amount,
		"description": found.Description, "metadata": found.Metadata, "profileId": found.profile.ID, "sequenceType": "oneoff",
		"redirectUrl": found.RedirectURL, "isCancelable": found.cancelable(), "createdAt": found.Created.Format(time.RFC3339), "_links": links,
	}
	if found.Method != "" {
		reported["method"] = found.Method
	}
	if found.WebhookURL != "" {
		reported["webhookUrl"] = found.WebhookURL
	}
	if found.Status == "paid" {
		reported["paidAt"] = found.Paid.Format(time.RFC3339)
		reported["amountRefunded"] = amount{found.Amount.Currency, found.refunded().Decimal()}
	}
	if taken := found.chargedBack(); taken.Minor > 0 {
		reported["amountChargedBack"] = amount{found.Amount.Currency, taken.Decimal()}
	}
	return reported
}

// with is a payment with what was asked to be embedded.
func (s *Server) with(found *paid, embed string) map[string]any {
	reported, embedded := s.reported(found), map[string]any{}
	for what := range strings.SplitSeq(embed, ",") {
		switch what {
		case "refunds":
			embedded[what] = s.refunds(found)
		case "chargebacks":
			embedded[what] = s.chargebacks(found)
		}
	}
	if len(embedded) > 0 {
		reported["_embedded"] = embedded
	}
	return reported
}

func (s *Server) refunds(found *paid) []any {
	list := []any{}
	for _, r := range found.refunds {
		list = append(list, s.refund(found, r))
	}
	return list
}

// refund is a refund in JSON ("Get payment refund").
func (s *Server) refund(found *paid, r refund) map[string]any {
	links := s.links("/v2/payments/" + found.ID + "/refunds/" + r.ID)
	links["payment"] = s.link("/v2/payments/" + found.ID)
	return map[string]any{
		"resource": "refund", "id": r.ID, "mode": found.profile.Mode, "status": r.Status, "amount": r.Amount, "description": r.Description,
		"metadata": r.Metadata, "paymentId": found.ID, "createdAt": r.Created.Format(time.RFC3339), "_links": links,
	}
}

// chargedBack is what the payer's bank took and has not given back.
func (found *paid) chargedBack() money.Amount {
	taken := money.Amount{Currency: money.Currency(found.Amount.Currency)}
	for _, c := range found.chargebacks {
		if one, err := c.Amount.money(); err == nil && c.Reversed.IsZero() {
			taken.Minor += one.Minor
		}
	}
	return taken
}

// chargebacks are those of a payment in JSON ("Get payment chargeback").
func (s *Server) chargebacks(found *paid) []any {
	list := []any{}
	for _, c := range found.chargebacks {
		links := s.links("/v2/payments/" + found.ID + "/chargebacks/" + c.ID)
		links["payment"] = s.link("/v2/payments/" + found.ID)
		reported := map[string]any{
			"resource": "chargeback", "id": c.ID, "amount": c.Amount, "paymentId": found.ID, "createdAt": c.Created.Format(time.RFC3339),
			"reason": map[string]any{"code": "AC01", "description": "Account identifier incorrect"}, "reversedAt": nil, "_links": links,
		}
		if !c.Reversed.IsZero() {
			reported["reversedAt"] = c.Reversed.Format(time.RFC3339)
		}
		list = append(list, reported)
	}
	return list
}
