package assistants

import (
	"context"

	"smartlinks/internal/account"
	"smartlinks/internal/i18n"
)

// hintOf says what to think of before an assistant is allowed this, "" for nothing.
func hintOf(ctx context.Context, r right) string {
	if r.scope != account.PaymentsWrite {
		return ""
	}
	return i18n.T(ctx, "Money goes back at once. Tick it only for an assistant that asks you each time.")
}
