package link

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
)

// checkPrice checks what the link asks, and takes over its currency.
func (s *Links) checkPrice(ctx context.Context, r db.Reader, l *Link, wrong *fault.Fields) error {
	switch l.Type {
	case Amount:
		if l.ProductID != "" {
			wrong.Add("product_id", "product.unexpected", "A link that asks an amount has no product. Leave it out, or choose the type product.")
		}
		if l.Amount == nil {
			wrong.Add("amount.value", "amount.missing", "Enter an amount.")
			return nil
		}
		checkAmount("amount", *l.Amount, wrong)
		l.Currency, l.sold, l.offSale = l.Amount.Currency, checkout.Rules{}, false
	case Product:
		if l.Amount != nil {
			wrong.Add("amount", "amount.unexpected", "The price comes from the product. Leave the amount out, or choose the type amount.")
		}
		return s.checkProduct(ctx, r, l, wrong)
	default:
		wrong.Add("type", "type.unknown", "Choose the type amount or product.")
	}
	return nil
}

func (s *Links) checkProduct(ctx context.Context, r db.Reader, l *Link, wrong *fault.Fields) error {
	if l.ProductID == "" {
		wrong.Add("product_id", "product.missing", "Choose a product.")
		return nil
	}
	var sold struct {
		Currency money.Currency
		Checkout checkout.Rules
		OffSale  bool
	}
	err := r.Get(ctx, &sold, `SELECT currency, checkout, NOT active AS off_sale FROM products WHERE business_id = $1 AND id = $2 AND deleted_at IS NULL`,
		l.BusinessID, l.ProductID)
	if errors.Is(err, db.ErrNoRows) {
		wrong.Add("product_id", "product.unknown", "There is no such product. Choose one from your catalogue.")
		return nil
	}
	if err == nil {
		l.Currency, l.sold, l.offSale = sold.Currency, sold.Checkout, sold.OffSale
	}
	return err
}

func checkAmount(field string, a money.Amount, wrong *fault.Fields) {
	switch {
	case !a.Currency.Known():
		wrong.Add(field+".currency", string(money.BadCurrency), a.Currency.Check().Error())
	case a.Minor <= 0:
		wrong.Add(field+".value", string(money.NotPositive), "Enter an amount above zero.")
	case a.Cmp(money.Max(a.Currency)) > 0:
		wrong.Add(field+".value", string(money.TooLarge), "Enter an amount of at most "+money.Max(a.Currency).Format("en")+".")
	}
}

// checkPayerAmount checks the range in which the payer may choose.
func checkPayerAmount(l *Link, wrong *fault.Fields) {
	if !l.PayerChooses() {
		return
	}
	if l.Type == Product {
		wrong.Add("payer_amount", "payer_amount.product", "A product has one price. Leave this out.")
		return
	}
	payer := *l.PayerAmount
	for field, a := range map[string]money.Amount{"payer_amount.min": payer.Min, "payer_amount.max": payer.Max} {
		checkAmount(field, a, wrong)
		if l.Amount != nil && a.Currency != l.Amount.Currency {
			wrong.Add(field+".currency", "payer_amount.currency", "Use the currency of the amount.")
		}
	}
	switch {
	case wrong.Has("payer_amount.min.value") || wrong.Has("payer_amount.max.value"):
	case payer.Min.Cmp(payer.Max) > 0:
		wrong.Add("payer_amount.max.value", "payer_amount.order", "Choose a maximum that is not below the minimum.")
	case l.Amount != nil && (l.Amount.Cmp(payer.Min) < 0 || l.Amount.Cmp(payer.Max) > 0):
		wrong.Add("amount.value", "payer_amount.suggestion", "Choose an amount between the minimum and the maximum.")
	default:
		checkSuggested(payer, wrong)
	}
}

// checkSuggested checks the amounts to choose with a press.
func checkSuggested(payer Range, wrong *fault.Fields) {
	if len(payer.Suggested) > MaxSuggested {
		wrong.Add("payer_amount.suggestions", "payer_amount.many", fmt.Sprintf("Suggest at most %d amounts.", MaxSuggested))
	}
	for _, a := range payer.Suggested {
		if a.Currency != payer.Min.Currency || a.Cmp(payer.Min) < 0 || a.Cmp(payer.Max) > 0 {
			wrong.Add("payer_amount.suggestions", "payer_amount.outside", "Suggest amounts between the minimum and the maximum.")
			return
		}
	}
}

// checkAsked refuses a currency that can't be asked today. A link that has one
// already keeps it. A product was checked when it got its price.
func checkAsked(l Link) error {
	var wrong fault.Fields
	if err := l.Currency.Check(); err != nil && l.Type == Amount {
		wrong.Add("amount.currency", string(money.NotCharged), err.Error())
	}
	return wrong.Err()
}

// checkWays lets the provider refuse ways to pay that it does not have.
func (s *Links) checkWays(b business.Business, l Link) error {
	var wrong fault.Fields
	if s.ways != nil && len(l.Checkout.Methods) > 0 {
		if why := s.ways(b, l.Checkout.Methods); why != "" {
			wrong.Add("methods", "methods.provider", why)
		}
	}
	return wrong.Err()
}

// checkAccepted lets the provider refuse what it could not collect, now and not
// when somebody pays. A product was asked about when it got its price.
func (s *Links) checkAccepted(b business.Business, l Link) error {
	if s.accepts == nil {
		return nil
	}
	asked := map[string]money.Amount{}
	if l.Amount != nil {
		asked["amount.value"] = money.Amount{Minor: l.Amount.Minor * l.Least(), Currency: l.Amount.Currency}
	}
	if l.PayerChooses() {
		asked["payer_amount.min.value"], asked["payer_amount.max.value"] = l.PayerAmount.Min, l.PayerAmount.Max
	}
	var wrong fault.Fields
	for field, a := range asked {
		if why := s.accepts(b, a); why != "" {
			wrong.Add(field, "amount.provider", why)
		}
	}
	return wrong.Err()
}
