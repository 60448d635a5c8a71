// Package rulestest holds a database to the rules about money, for tests: I1 to I6, and that
// receipts and credit notes have no gaps.
package rulestest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"smartlinks/internal/db"
)

// rules are the rules about money, each with a query that counts what breaks it.
var rules = map[string]string{
	"I1: held is what attempts hold": `SELECT COUNT(*) FROM link_slots s WHERE s.held <>
			(SELECT COUNT(*) FROM attempts a WHERE a.link_id = s.link_id AND a.mode = s.mode AND a.holds_slot)`,
	"I1: used is what was accepted": `SELECT COUNT(*) FROM link_slots s WHERE s.consumed <>
			(SELECT COUNT(*) FROM payments p WHERE p.link_id = s.link_id AND p.mode = s.mode AND p.receipt IS NOT NULL AND NOT p.slot_returned)`,
	"I1: held units are what attempts hold": `SELECT COUNT(*) FROM link_slots s WHERE s.held_units <>
			(SELECT COALESCE(SUM(a.quantity), 0) FROM attempts a WHERE a.link_id = s.link_id AND a.mode = s.mode AND a.holds_slot)`,
	"I1: used units are what was accepted": `SELECT COUNT(*) FROM link_slots s WHERE s.consumed_units <>
			(SELECT COALESCE(SUM(a.quantity - p.units_returned), 0) FROM payments p JOIN attempts a ON a.id = p.id
			WHERE p.link_id = s.link_id AND p.mode = s.mode AND p.receipt IS NOT NULL)`,
	"I1: a place is free when all of its units are": `SELECT COUNT(*) FROM payments p JOIN attempts a ON a.id = p.id WHERE p.slot_returned <> (p.units_returned = a.quantity)`,
	"I1: the limit holds":                           `SELECT COUNT(*) FROM link_slots WHERE CASE WHEN by_units THEN held_units + consumed_units ELSE held + consumed END > capacity`,
	"I1: held and used uses of a code are what attempts hold and what was accepted": `SELECT COUNT(*) FROM code_counts n JOIN promotion_codes c ON c.id = n.owner_id WHERE (n.held, n.used) <>
			(SELECT COUNT(CASE WHEN a.holds_code THEN 1 END), COUNT(p.receipt) FROM attempts a LEFT JOIN payments p ON p.id = a.id WHERE a.code_id = c.id AND a.mode = n.mode)`,
	"I1: uses of a coupon are those of its codes": `SELECT COUNT(*) FROM code_counts n JOIN coupons o ON o.id = n.owner_id WHERE (n.held, n.used) <>
			(SELECT COALESCE(SUM(m.held), 0), COALESCE(SUM(m.used), 0) FROM code_counts m JOIN promotion_codes c ON c.id = m.owner_id WHERE c.coupon_id = o.id AND m.mode = n.mode)`,
	"I6: the sums of a code are those of its payments": `SELECT COUNT(*) FROM (SELECT code_id FROM (
			SELECT code_id, mode, currency, taken_off_minor AS taken_off, brought_minor AS brought FROM code_sums
			UNION ALL SELECT a.code_id, a.mode, a.currency, -a.discount_minor, -p.captured_minor FROM attempts a JOIN payments p ON p.id = a.id
				JOIN promotion_codes c ON c.id = a.code_id WHERE p.receipt IS NOT NULL
			) AS every GROUP BY code_id, mode, currency HAVING SUM(taken_off) <> 0 OR SUM(brought) <> 0) AS wrong`,
	"I1: the code holds": `SELECT COUNT(*) FROM code_counts WHERE held + used > capacity`,
	"I1: once per email": `SELECT COUNT(*) FROM (SELECT 1 AS one FROM attempts a JOIN promotion_codes c ON c.id = a.code_id LEFT JOIN payments p ON p.id = a.id
			WHERE c.once_per_email AND (a.holds_code OR p.receipt IS NOT NULL) GROUP BY a.code_id, a.mode, a.payer_email_folded HAVING COUNT(*) > 1) twice`,
	"parts are the total": `SELECT COUNT(*) FROM attempts WHERE quantity * COALESCE(unit_minor, amount_minor) - discount_minor + tip_minor + fee_minor <> amount_minor`,
	"I2: one payment for one at the provider": `SELECT COUNT(*) FROM (SELECT 1 AS one FROM payments
			GROUP BY business_id, provider, provider_ref HAVING COUNT(*) > 1) twice`,
	"I3: paid has a payment": `SELECT COUNT(*) FROM attempts a LEFT JOIN payments p ON p.id = a.id WHERE (a.state = 'paid') <> (p.id IS NOT NULL)`,
	"I3: what is live or not refunded yet is polled": `SELECT COUNT(*) FROM attempts a WHERE a.sync_at IS NULL AND
			(a.state IN ('creating', 'open', 'pending', 'closing') OR EXISTS (SELECT 1 FROM refunds r WHERE r.payment_id = a.id AND r.state IN ('asked', 'pending')))`,
	"I3: no transfer is settled while it is in doubt": `SELECT COUNT(*) FROM bank_transfers t JOIN payments p ON p.id = t.attempt_id
			WHERE t.status <> 'paid' OR p.captured_minor <> t.booked_minor OR t.booked_minor <> t.amount_minor AND t.kept_at IS NULL`,
	"I3: overflow goes back, or a person is told": `SELECT COUNT(*) FROM payments p WHERE p.receipt IS NULL AND p.refunded_minor < p.captured_minor AND
			NOT EXISTS (SELECT 1 FROM refunds r WHERE r.payment_id = p.id AND r.state IN ('asked', 'pending', 'failed'))`,
	"I3: an end holds nothing": `SELECT COUNT(*) FROM attempts WHERE (holds_slot OR holds_code) AND state IN ('paid', 'failed', 'canceled', 'expired', 'released')`,
	"I4: an effect for each accepted payment alone": `SELECT COUNT(*) FROM payments p WHERE (p.receipt IS NOT NULL) <>
			EXISTS (SELECT 1 FROM payment_effects e WHERE e.payment_id = p.id AND e.effect = 'count')`,
	"I2: what an entry of a statement brought is its payment": `SELECT COUNT(*) FROM statement_entries e JOIN payments p ON p.id = e.payment_id WHERE e.taken_at IS NOT NULL AND p.captured_minor <> e.amount_minor`,
	"I2: an entry is the money of one payment, or waits, once": `SELECT COUNT(*) FROM (SELECT 1 AS one FROM statement_entries e JOIN statements s ON s.id = e.statement_id
			WHERE s.status = 'booked' AND e.state <> 'left_out' GROUP BY e.business_id, s.mode, e.hash HAVING COUNT(*) > 1) twice`,
	"I2: a payment has the money of one entry": `SELECT COUNT(*) FROM (SELECT 1 AS one FROM statement_entries WHERE taken_at IS NOT NULL GROUP BY payment_id HAVING COUNT(*) > 1) twice`,
	"I3: no entry of a booked statement is silent": `SELECT COUNT(*) FROM statement_entries e JOIN statements s ON s.id = e.statement_id
			WHERE s.status = 'booked' AND e.state <> 'left_out' AND e.taken_at IS NULL AND NOT e.waits AND e.due_at IS NULL`,
	"I5: reserved is what is on its way": `SELECT COUNT(*) FROM payments p WHERE p.reserved_minor <>
			(SELECT COALESCE(SUM(r.amount_minor), 0) FROM refunds r WHERE r.payment_id = p.id AND r.state IN ('asked', 'pending'))`,
	"I5: lost is what lost disputes took": `SELECT COUNT(*) FROM payments p WHERE p.lost_minor <>
			(SELECT COALESCE(SUM(d.amount_minor), 0) FROM disputes d WHERE d.payment_id = p.id AND d.state = 'lost')`,
	"I5: the provider gave back what we say": `SELECT COUNT(*) FROM payments p JOIN sandbox_payments s ON s.id = p.provider_ref
			WHERE p.refunded_minor > s.refunded_minor OR p.captured_minor <> s.amount_minor`,
	"I6: totals are the payments": `SELECT COUNT(*) FROM link_slots s LEFT JOIN link_totals t ON t.link_id = s.link_id AND t.mode = s.mode
			WHERE (COALESCE(t.payments, 0), COALESCE(t.revenue_minor, 0), COALESCE(t.refunded_minor, 0), COALESCE(t.lost_minor, 0)) <>
			(SELECT COUNT(*), COALESCE(SUM(p.captured_minor), 0), COALESCE(SUM(p.refunded_minor), 0), COALESCE(SUM(p.lost_minor), 0)
			FROM payments p WHERE p.link_id = s.link_id AND p.mode = s.mode AND p.receipt IS NOT NULL)`,
	"I6: by hand is what was recorded": `SELECT COUNT(*) FROM link_slots s LEFT JOIN link_totals t ON t.link_id = s.link_id AND t.mode = s.mode
			WHERE (COALESCE(t.by_hand, 0), COALESCE(t.by_hand_minor, 0)) <>
			(SELECT COUNT(*), COALESCE(SUM(p.captured_minor), 0) FROM payments p WHERE p.link_id = s.link_id AND p.mode = s.mode AND p.provider = 'manual')`,
	"I3: what a recorded payment closed counts no more": `SELECT COUNT(*) FROM attempts a JOIN payments p ON p.id = a.id WHERE a.superseded_by <> '' AND p.receipt IS NOT NULL`,
	"I6: rollups are the payments": `SELECT COUNT(*) FROM link_totals t WHERE (t.payments, t.revenue_minor, t.refunded_minor, t.lost_minor) <>
			(SELECT COALESCE(SUM(r.payments), 0), COALESCE(SUM(r.revenue_minor), 0), COALESCE(SUM(r.refunded_minor), 0), COALESCE(SUM(r.lost_minor), 0)
			FROM link_rollups r WHERE r.link_id = t.link_id AND r.mode = t.mode)`,
	"I6: days of a business are its payments": `SELECT COUNT(*) FROM (SELECT business_id, mode, SUM(payments) AS n, SUM(revenue_minor) AS took, SUM(refunded_minor) AS gave, SUM(lost_minor) AS lost
			FROM business_days GROUP BY business_id, mode) r WHERE (r.n, r.took, r.gave, r.lost) <>
			(SELECT COUNT(*), COALESCE(SUM(p.captured_minor), 0), COALESCE(SUM(p.refunded_minor), 0), COALESCE(SUM(p.lost_minor), 0)
			FROM payments p WHERE p.business_id = r.business_id AND p.mode = r.mode AND p.receipt IS NOT NULL)`,
	"receipts have no gaps": `SELECT COUNT(*) FROM receipt_series r WHERE r.last <>
			(SELECT COUNT(DISTINCT p.receipt) FROM payments p WHERE p.business_id = r.business_id AND p.mode = r.mode)`,
	"credit notes have no gaps": `SELECT COUNT(*) FROM credit_note_series s WHERE s.last <> (SELECT COUNT(*) FROM refunds r JOIN payments p ON p.id = r.payment_id
			WHERE r.business_id = s.business_id AND p.mode = s.mode AND r.credit_note <> '')`,
	"a credit note for what was given back of a receipt alone": `SELECT COUNT(*) FROM refunds r JOIN payments p ON p.id = r.payment_id
			WHERE (r.done_at IS NOT NULL AND p.receipt IS NOT NULL) <> (COALESCE(r.credit_note, '') <> '')`,
	"parts of credit notes are what was given back": `SELECT COUNT(*) FROM payments p WHERE p.refunded_minor <>
			(SELECT COALESCE(SUM(r.amount_minor), 0) FROM refunds r WHERE r.payment_id = p.id AND r.done_at IS NOT NULL) OR p.refunded_minor <>
			(SELECT COALESCE(SUM(r.goods_minor + r.fee_minor + r.tip_minor), 0) FROM refunds r WHERE r.payment_id = p.id)`,
}

// allRules counts what breaks each of the rules, in one statement whose text is
// always the same, so that it is prepared once.
var allRules = sync.OnceValue(func() string {
	var counts []string
	for _, rule := range slices.Sorted(maps.Keys(rules)) {
		counts = append(counts, fmt.Sprintf(`SELECT '%s' AS rule, (%s) AS n`, rule, rules[rule]))
	}
	return strings.Join(counts, ` UNION ALL `)
})

// Broken are the rules that the database breaks at this moment. They may never break, not
// even between two steps.
func Broken(ctx context.Context, d *db.DB) (broken []string, err error) {
	var counts []struct {
		Rule string
		N    int64
	}
	if err := d.Select(ctx, &counts, allRules()); err != nil {
		return nil, err
	}
	for _, c := range counts {
		if c.N != 0 {
			broken = append(broken, fmt.Sprintf("%s: broken %d times on %s", c.Rule, c.N, d.Engine()))
		}
	}
	return broken, nil
}
