package provider

// Way is a way to pay, by a name that is the same at every provider.
type Way struct{ ID, Name string }

// Ways are those that links and addresses may name, as people call them: what a provider
// takes without more than we send it.
var Ways = []Way{
	{"card", "Card"}, {"apple_pay", "Apple Pay"}, {"ideal", "iDEAL"}, {"bancontact", "Bancontact"}, {"paypal", "PayPal"}, {"klarna", "Klarna"},
	{"sepa_debit", "SEPA Direct Debit"}, {"pay_by_bank", "Pay by Bank"}, {"eps", "EPS"}, {"przelewy24", "Przelewy24"}, {"blik", "BLIK"}, {"twint", "TWINT"},
	{"swish", "Swish"}, {"vipps", "Vipps"}, {"mobilepay", "MobilePay"}, {"mb_way", "MB WAY"}, {"multibanco", "Multibanco"}, {"bizum", "Bizum"}, {"satispay", "Satispay"},
	{"bancomat_pay", "BANCOMAT Pay"}, {"mybank", "MyBank"}, {"belfius", "Belfius"}, {"kbc", "KBC"}, {"trustly", "Trustly"}, {"paysafecard", "paysafecard"}, {"gift_card", "Gift card"},
	{"revolut_pay", "Revolut Pay"}, {"amazon_pay", "Amazon Pay"}, {"alipay", "Alipay"}, {"link", "Link"}, {"bacs_debit", "Bacs Direct Debit"}, {"us_bank_account", "ACH Direct Debit"},
}

// WayName is a way to pay as people call it, "" for one that nobody has.
func WayName(id string) string {
	for _, w := range Ways {
		if w.ID == id {
			return w.Name
		}
	}
	return ""
}

// Chooser is a provider whose checkout can be held to some ways to pay: those that it
// knows. Which of them an account has is told by the provider when it is asked.
type Chooser interface {
	Knows(way string) bool
}
