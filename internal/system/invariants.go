package system

// Invariant is something that must hold in the database.
type Invariant struct {
	Name   string // what must hold, as people read it
	Broken string // a statement that counts what breaks it; it reads, and changes nothing
	Mend   string // what to do then
}

// Invariants recompute what is kept beside payments and attempts.
var Invariants = []Invariant{
	{"Used places equal accepted payments", `
		SELECT COUNT(*) FROM link_slots s WHERE s.consumed <> (
			SELECT COUNT(*) FROM payments p WHERE p.link_id = s.link_id AND p.mode = s.mode AND p.receipt IS NOT NULL AND NOT p.slot_returned)`,
		"A link's used places differ from its payments. Run this again with --mend, and report it as a bug."},
	{"Held places equal attempts and offers that hold one", `
		SELECT COUNT(*) FROM link_slots s WHERE s.held - s.offered <> (
			SELECT COUNT(*) FROM attempts a WHERE a.link_id = s.link_id AND a.mode = s.mode AND a.holds_slot) OR s.offered <> (
			SELECT COUNT(*) FROM waiting_entries w WHERE w.link_id = s.link_id AND w.mode = s.mode AND w.state = 'offered')`,
		"A link's held places differ from its attempts. Run this again with --mend, and report it as a bug."},
	{"Used units equal those of accepted payments", `
		SELECT COUNT(*) FROM link_slots s WHERE s.consumed_units <> (
			SELECT CAST(COALESCE(SUM(a.quantity - p.units_returned), 0) AS BIGINT) FROM payments p JOIN attempts a ON a.id = p.id
			WHERE p.link_id = s.link_id AND p.mode = s.mode AND p.receipt IS NOT NULL)`,
		"A link's used units differ from its payments. Run this again with --mend, and report it as a bug."},
	{"Held units equal those of attempts that hold a place", `
		SELECT COUNT(*) FROM link_slots s WHERE s.held_units - s.offered_units <> (
			SELECT CAST(COALESCE(SUM(a.quantity), 0) AS BIGINT) FROM attempts a WHERE a.link_id = s.link_id AND a.mode = s.mode AND a.holds_slot)`,
		"A link's held units differ from its attempts. Run this again with --mend, and report it as a bug."},
	{"Uses of codes equal attempts and payments with them", `
		SELECT COUNT(*) FROM code_counts n JOIN promotion_codes c ON c.id = n.owner_id WHERE (n.held, n.used) <> (
			SELECT COUNT(CASE WHEN a.holds_code THEN 1 END), COUNT(p.receipt) FROM attempts a LEFT JOIN payments p ON p.id = a.id
			WHERE a.business_id = n.business_id AND a.code_id = n.owner_id AND a.mode = n.mode)`,
		"The uses of a code differ from its payments. Run this again with --mend, and report it as a bug."},
	{"Sums of codes equal payments with them", `
		SELECT COUNT(*) FROM (SELECT code_id FROM (
			SELECT code_id, mode, currency, taken_off_minor AS taken_off, brought_minor AS brought FROM code_sums
			UNION ALL SELECT a.code_id, a.mode, a.currency, -a.discount_minor, -p.captured_minor FROM attempts a JOIN payments p ON p.id = a.id
				JOIN promotion_codes c ON c.id = a.code_id AND c.business_id = a.business_id WHERE a.code_id <> '' AND p.receipt IS NOT NULL
			) AS every GROUP BY code_id, mode, currency HAVING SUM(taken_off) <> 0 OR SUM(brought) <> 0) AS wrong`,
		"What a code took off or brought differs from its payments. Run this again with --mend, and report it as a bug."},
	{"What is on its way back equals refunds that are", `
		SELECT COUNT(*) FROM payments p WHERE p.reserved_minor <> (
			SELECT COALESCE(SUM(r.amount_minor), 0) FROM refunds r WHERE r.payment_id = p.id AND r.state IN ('asked', 'pending'))`,
		"What refunds reserve differs from the refunds. Run this again with --mend, and report it as a bug."},
	{"What disputes took equals disputes that were lost", `
		SELECT COUNT(*) FROM payments p WHERE p.lost_minor <> (
			SELECT COALESCE(SUM(d.amount_minor), 0) FROM disputes d WHERE d.payment_id = p.id AND d.state = 'lost')`,
		"What disputes took differs from the disputes. Run this again with --mend, and report it as a bug."},
	{"Totals of payments equal payments", `
		SELECT COUNT(*) FROM link_totals t WHERE t.link_id LIKE 'lnk\_%' ESCAPE '\' AND (t.payments, t.revenue_minor, t.refunded_minor, t.lost_minor) <> (
			SELECT COUNT(*), CAST(COALESCE(SUM(took), 0) AS BIGINT), CAST(COALESCE(SUM(gave), 0) AS BIGINT), CAST(COALESCE(SUM(lost), 0) AS BIGINT) FROM (
				SELECT p.captured_minor AS took, p.refunded_minor AS gave, p.lost_minor AS lost FROM payments p WHERE p.link_id = t.link_id AND p.mode = t.mode AND p.receipt IS NOT NULL
				UNION ALL SELECT h.amount_minor, 0, 0 FROM past_payments h WHERE h.link_id = t.link_id AND h.mode = t.mode) AS every)`,
		"A link's totals differ from its payments. Run this again with --mend, and report it as a bug."},
	{"Receipt numbers have no gaps", `
		SELECT COUNT(*) FROM (
			SELECT r.business_id FROM receipt_series r
			LEFT JOIN payments p ON p.business_id = r.business_id AND p.mode = r.mode
				AND p.receipt LIKE CASE r.mode WHEN 'test' THEN 'TEST-' ELSE '' END || CAST(r.year AS TEXT) || '-%'
			GROUP BY r.business_id, r.mode, r.year, r.last HAVING COUNT(p.id) <> r.last) gaps`,
		"A series of receipts has gaps. Restore the last backup, or report this as a bug."},
	{"Credit notes have no gaps", `
		SELECT COUNT(*) FROM (
			SELECT s.business_id FROM credit_note_series s
			LEFT JOIN refunds r ON r.business_id = s.business_id
				AND r.credit_note LIKE CASE s.mode WHEN 'test' THEN 'TEST-CN-' ELSE 'CN-' END || CAST(s.year AS TEXT) || '-%'
			GROUP BY s.business_id, s.mode, s.year, s.last HAVING COUNT(r.id) <> s.last) gaps`,
		"A series of credit notes has gaps. Restore the last backup, or report this as a bug."},
	{"Every paid attempt has its payment", `
		SELECT COUNT(*) FROM attempts a WHERE a.state = 'paid' AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.id = a.id)`,
		"An attempt is paid without a payment. Restore the last backup, or report this as a bug."},
	{"No payment waits for review", `SELECT COUNT(*) FROM attempts WHERE state = 'review'`,
		"Payments wait for review. Compare them with the provider's dashboard."},
	{"No overflow waits for its refund", `SELECT COUNT(*) FROM payments WHERE receipt IS NULL AND refunded_minor < captured_minor`,
		"Money that came too late is not refunded yet. Refund it in the provider's dashboard if this lasts."},
	{"The books were compared after a restore", `SELECT COUNT(*) FROM installation WHERE restored_at IS NOT NULL`,
		"The database came from a backup. Run smartlinks reconcile, or start the server, which does it."},
}
