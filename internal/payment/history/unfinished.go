package history

// What statements ask of an attempt a that came to nothing, for all packages that read
// attempts.
const (
	// UnfinishedSQL is true of an attempt that ended without money and says whom to ask
	// again. As the index of them has it.
	UnfinishedSQL = `(a.state IN ('failed', 'canceled', 'expired', 'released') AND a.payer_email_folded <> '')`
	// TriedAgainSQL is true when its payer, by address or browser, began to pay for the same
	// once more: that attempt speaks for both.
	TriedAgainSQL = `(EXISTS (SELECT 1 FROM attempts n WHERE n.business_id = a.business_id AND n.mode = a.mode AND n.payer_email_folded = a.payer_email_folded AND n.id > a.id` + sameAsN + `)
		OR a.browser_key <> '' AND EXISTS (SELECT 1 FROM attempts n WHERE n.business_id = a.business_id AND n.mode = a.mode AND n.browser_key = a.browser_key AND n.id > a.id` + sameAsN + `))`
	// PaidSinceSQL is true when its payer has paid for the same since, whichever way: by
	// address, browser, the message that led here, or as the customer with that address,
	// also where they were merged with another.
	PaidSinceSQL = `(EXISTS (SELECT 1 FROM attempts n JOIN payments q ON q.id = n.id WHERE n.business_id = a.business_id AND n.mode = a.mode AND n.payer_email_folded = a.payer_email_folded` + sameAsN + countsAsPaid + `)
		OR a.browser_key <> '' AND EXISTS (SELECT 1 FROM attempts n JOIN payments q ON q.id = n.id WHERE n.business_id = a.business_id AND n.mode = a.mode AND n.browser_key = a.browser_key` + sameAsN + countsAsPaid + `)
		OR a.recipient_token <> '' AND EXISTS (SELECT 1 FROM attempts n JOIN payments q ON q.id = n.id WHERE n.link_id = a.link_id AND n.mode = a.mode AND n.recipient_token = a.recipient_token` + countsAsPaid + `)
		OR EXISTS (SELECT 1 FROM payments q JOIN attempts n ON n.id = q.id WHERE q.business_id = a.business_id AND q.mode = a.mode AND q.customer_id IN (` + customersOfA + `)` + sameAsN + countsAsPaid + `))`

	sameAsN      = ` AND n.link_id IS NOT DISTINCT FROM a.link_id AND (a.link_id IS NOT NULL OR n.product_id IS NOT DISTINCT FROM a.product_id)`
	countsAsPaid = ` AND q.receipt IS NOT NULL AND q.paid_at >= a.created_at`
	customersOfA = `SELECT c.id FROM customers c WHERE c.business_id = a.business_id AND c.email_folded = a.payer_email_folded
		UNION SELECT w.customer_id FROM payments w JOIN attempts v ON v.id = w.id WHERE v.business_id = a.business_id AND v.mode = a.mode AND v.payer_email_folded = a.payer_email_folded AND w.customer_id IS NOT NULL`
	// CustomersSQL are the customers who are the attempt's payer.
	CustomersSQL = customersOfA
)
