package spectest

// failures is where an error's schema is, below that of the others.
const failures = "/components/schemas/"

// known are the rules of the documents, with the pages that they come from.
var known = map[string]rules{
	Mollie: {
		// The document names 404, 422 and 429 for most operations and 401 for none.
		// docs.mollie.com/docs/handling-errors: all errors have this form.
		failure: failures + "error-response",
		lists: map[string][]string{
			// docs.mollie.com/reference/get-payment: captures, refunds and chargebacks.
			"embed": {"captures", "refunds", "chargebacks"},
			// docs.mollie.com/reference/list-methods: a list, which the schema takes for one value.
			"includeWallets": {"applepay", "googlepay"},
		},
		// docs.mollie.com/reference/get-payment, "embed": the schema has no _embedded.
		embedded: map[string]string{
			"refunds":     "/components/schemas/entity-refund-response",
			"chargebacks": "/components/schemas/entity-chargeback",
		},
	},
	Twilio: {failure: failures + "failure"},
}

// extra are schemas that a document lacks.
var extra = map[string]map[string]any{
	// twilio.com/docs/usage/twilios-response, "Exceptions": the document tells of
	// successes alone.
	Twilio: {"failure": map[string]any{
		"type": "object", "required": []any{"status", "message"},
		"properties": map[string]any{
			"status": map[string]any{"type": "integer"}, "message": map[string]any{"type": "string"},
			"code": map[string]any{"type": "integer"}, "more_info": map[string]any{"type": "string"},
		},
	}},
}
