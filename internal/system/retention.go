package system

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/certificate"
	"smartlinks/internal/idempotency"
	"smartlinks/internal/visit"
)

// A new table belongs into one of the two lists below: what grows with traffic is
// swept, or has a reason to stay. docs/operating.md and docs/privacy.md promise the
// same to people.

// sweep is periodic work that removes what is old, or makes it forget people.
type sweep struct {
	name   string
	tables []string // that it keeps small, or empties of names
	do     func(ctx context.Context) error
}

// sweeps are all of them. Each works in chunks, and may be cut off at any of them.
func (r *System) sweeps() []sweep {
	return []sweep{
		{"sign-ins", []string{"sessions", "throttles", "mailed_links", "sign_ins", "invitations", "trusted_browsers"}, func(ctx context.Context) error {
			_, err := r.Accounts.DeleteExpired(ctx)
			return err
		}},
		{"access of assistants", []string{"grant_tokens", "grant_days", "oauth_clients"}, r.Grants.DeleteOld},
		{"audit log", []string{"audit_log"}, r.Audit.DeleteOld},
		{"repeated requests", []string{"idempotency_keys"}, func(ctx context.Context) error {
			_, err := idempotency.Delete(ctx, r.DB)
			return err
		}},
		{"events", []string{"events", "webhook_deliveries", "webhook_posts", "callbacks"}, func(ctx context.Context) error {
			_, err := r.Webhooks.DeleteOld(ctx)
			return err
		}},
		{"certificates", []string{"certificate_files", "certificate_locks"}, func(ctx context.Context) error { return certificate.New(r.DB, r.Sealer).DeleteOld(ctx) }},
		{"domains", []string{"domains"}, r.Domains.End},
		{"imports", []string{"import_rows"}, r.Imports.DeleteOld},
		{"statements", []string{"statement_entries"}, r.Statements.DeleteOld},
		{"request batches", []string{"request_batches", "request_rows"}, r.Requests.DeleteOld},
		{"waiting lists", []string{"waiting_entries"}, r.Waiting.DeleteOld},
		{"recovery", []string{"recoveries"}, r.Recovery.DeleteOld},
		{"messages", []string{"mails", "texts", "mailbox", "unconfirmed_mails"}, r.Messages.DeleteOld},
		{"devices of former members", []string{"alert_channels"}, r.Alerts.DeleteFormer},
		{"deliveries", []string{"deliveries"}, r.Deliveries.DeleteOld},
		{"returned mail", []string{"bounces"}, r.Bounces.DeleteOld},
		{"sources of payers", nil, r.Payments.ClearOldSources},
		{"reports of providers", []string{"webhook_inbox"}, r.Payments.DeleteOldReports},
		{"visitors", []string{"visitors", "visitor_salts"}, func(ctx context.Context) error { return visit.DeleteOldVisitors(ctx, r.DB) }},
		{"views", []string{"views"}, func(ctx context.Context) error { return visit.Retain(ctx, r.DB) }},
	}
}

// Sweep does them one after the other; one that fails stops no other.
func (r *System) Sweep(ctx context.Context) error {
	var failed []error
	for _, s := range r.sweeps() {
		if err := s.do(ctx); err != nil {
			failed = append(failed, fmt.Errorf("clean up %s: %w", s.name, err))
		}
	}
	return errors.Join(failed...)
}

// Why tables are kept for good.
const (
	ledger   = "facts about money: laws ask for years"
	made     = "what people made or set, until they change or delete it"
	counts   = "counts that name nobody; they grow with links and days, not with visitors"
	wishes   = "who wants no messages must not get any"
	sent     = "that something was sent and to which customer; names are in customers, addresses in deliveries"
	testOnly = "what the provider of test mode knows, which is asked again like any other"
	own      = "the program's own"
)

// keptForGood are the tables that nothing sweeps, and why.
var keptForGood = map[string]string{
	"attempts": ledger, "attempt_events": ledger, "payments": ledger, "payment_effects": ledger, "refunds": ledger, "disputes": ledger,
	"receipt_series": ledger, "credit_note_series": ledger, "receipt_issuers": ledger, "recorded_payments": ledger, "past_payments": ledger, "bank_accounts": made, "bank_transfers": ledger,
	"statements": ledger, "statement_hashes": ledger, "statement_columns": made,

	"businesses": made, "images": made, "old_handles": made, "users": made, "members": made, "passkeys": made, "recovery_codes": made,
	"api_tokens": made, "grants": made, "edits": made, "products": made, "tags": made, "customers": made, "customer_tags": made,
	"links": made, "link_slots": made, "link_tags": made, "old_paths": made, "provider_accounts": made,
	"mail_settings": made, "mail_templates": made, "sms_settings": made, "reminder_settings": made, "recovery_settings": made, "webhook_endpoints": made,
	"bounce_sources": made, "saved_searches": made, "member_news": made, "push_keys": own, "alert_posts": own,
	"coupons": made, "coupon_targets": made, "promotion_codes": made, "code_counts": counts, "code_sums": counts,
	"imports": made, "payrequest_links": made, "share_texts": made,

	"link_totals": counts, "link_rollups": counts, "link_facets": counts, "business_days": counts, "texts_spent": counts,

	"recipients": sent, "sends": sent, "send_batches": sent, "send_batch_members": sent, "scheduled_sends": sent, "scheduled_deliveries": sent, "reminder_plans": sent,
	"suppressions": wishes,

	"sandbox_payments": testOnly, "sandbox_refunds": testOnly, "sandbox_disputes": testOnly, "sandbox_webhooks": testOnly,

	"installation": own, "moves": own, "moved_tables": own, "jobs": own, "goose_db_version": own,
}
