package mcp_test

import (
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// An amount without a currency is in that of the link or payment, whatever the business's is.
func TestAmountsWithoutACurrencyStayInThatOfWhatIsMeant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		c := s.assistant(s.token(s.acme, account.All))
		id := s.must(c, "create_link", map[string]any{"name": "Chair", "amount": map[string]any{"value": "50", "currency": "USD"}}).at("link.id")
		if got := s.must(c, "update_link", map[string]any{"link_id": id, "amount": map[string]any{"value": "60"}}); got.at("link.amount.value") != "60.00" || got.at("link.amount.currency") != "USD" {
			t.Errorf("the link asks %s", got.text)
		}
		bounds := map[string]any{"min": map[string]any{"value": "10"}, "max": map[string]any{"value": "90"}}
		if got := s.must(c, "update_link", map[string]any{"link_id": id, "payer_amount": bounds}); got.at("link.payer_amount.max.currency") != "USD" {
			t.Errorf("the payer chooses within %s", got.text)
		}
		paid := s.pay(id, "Jonas")
		if got := s.must(c, "refund_payment", map[string]any{"payment_id": paid, "amount": map[string]any{"value": "20"}, "idempotency_key": "back"}); got.at("amount.currency") != "USD" {
			t.Errorf("refunded %s", got.text)
		}
		s.refused(c, "not_found", "update_link", map[string]any{"link_id": "lnk_none", "amount": map[string]any{"value": "60"}})
		s.refused(c, "not_found", "refund_payment", map[string]any{"payment_id": "pay_none", "amount": map[string]any{"value": "20"}, "idempotency_key": "none"})
	})
}

func TestAnAssistantSetsAndClearsTheDaysOfALink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		c := s.assistant(s.token(s.acme, account.All))
		made := s.must(c, "create_link", map[string]any{"name": "Chair", "amount": map[string]any{"value": "5"}, "due_on": "2126-03-20", "starts_at": "2126-03-01T00:00:00Z", "ends_at": "2126-04-01T00:00:00Z"})
		id := made.at("link.id")
		if made.at("link.due_on") != "2126-03-20" || made.at("link.ends_at") != "2126-04-01T00:00:00Z" {
			t.Errorf("made %s", made.text)
		}
		if got := s.must(c, "update_link", map[string]any{"link_id": id, "due_on": "2126-03-25"}); got.at("link.due_on") != "2126-03-25" {
			t.Errorf("moved %s", got.text)
		}
		s.refused(c, "\ndue_on: ", "update_link", map[string]any{"link_id": id, "due_on": "soon"})
		got := s.must(c, "update_link", map[string]any{"link_id": id, "due_on": "", "starts_at": "", "ends_at": ""})
		if got.at("link.due_on") != "null" || got.at("link.starts_at") != "null" || got.at("link.ends_at") != "null" {
			t.Errorf("cleared %s", got.text)
		}
	})
}
