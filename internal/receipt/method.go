package receipt

import "smartlinks/internal/payment"

// MethodName is how money came, for its payer: in their language where a member recorded
// it, else as the provider calls it. t finds a text by its key.
func MethodName(t func(key string, args ...string) string, method string) string {
	switch payment.HandMethod(method) {
	case payment.HandCash:
		return t("method.cash")
	case payment.HandTransfer:
		return t("method.bank_transfer")
	case payment.HandOther:
		return t("method.other")
	}
	return method
}
