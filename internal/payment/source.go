package payment

import (
	"smartlinks/internal/payment/attempt"
	"strconv"
	"unicode/utf8"
)

// The keys of Order.Source.
const (
	sourceBusiness  = "business"
	sourcePage      = "source"
	sourceLink      = "link"
	sourceProduct   = "product"
	sourceTitle     = "title"
	sourceChannel   = "channel"
	sourceDetail    = "detail"
	sourceCampaign  = "campaign"
	sourceRecipient = "recipient"
	sourceName      = "payer_name"
	sourceEmail     = "payer_email"
	sourceUnits     = "units" // left out for one
	sourceAdded     = "added" // tip and fee in minor units, like 500+120; left out for none
	sourceOff       = "off"   // what a code took off in minor units, its id and itself; left out for none
)

// sourceOf is what the provider keeps of an attempt, so that what a backup forgot
// can be made anew, and attribution hangs on nothing here. All of it fits into
// the smallest metadata that a provider has: Mollie's kilobyte.
func sourceOf(a attempt.Attempt) map[string]string {
	all := map[string]string{
		sourceBusiness: string(a.BusinessID), sourcePage: string(a.Source), sourceLink: string(a.LinkID), sourceProduct: string(a.ProductID),
		sourceTitle:   cut(a.Title, 100),
		sourceChannel: cut(a.Channel, 20), sourceDetail: cut(a.Detail, 60), sourceCampaign: cut(a.Campaign, 60), sourceRecipient: a.RecipientToken,
		sourceName: cut(a.Payer.Name, 100), sourceEmail: cut(a.Payer.Email, 200),
	}
	if a.Quantity > 1 {
		all[sourceUnits] = strconv.FormatInt(a.Quantity, 10)
	}
	if a.Tip+a.Fee > 0 {
		all[sourceAdded] = strconv.FormatInt(a.Tip, 10) + "+" + strconv.FormatInt(a.Fee, 10)
	}
	if a.Discount > 0 {
		all[sourceOff] = strconv.FormatInt(a.Discount, 10) + " " + string(a.CodeID) + " " + cut(a.Code, 40)
	}
	for key, value := range all {
		if value == "" {
			delete(all, key)
		}
	}
	return all
}

// cut shortens a text to so many bytes, and never within a character.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
