package statements

import (
	"cmp"
	"context"

	"smartlinks/internal/web/dashboard/frame"
)

// WaitingRow is money of a booked statement that somebody must decide on.
type WaitingRow struct{ Href, Payer, About, Why, Amount string }

// Waiting are the oldest of those.
func Waiting(ctx context.Context, d *frame.Dashboard, scope *frame.Scope) ([]WaitingRow, error) {
	entries, err := d.Statements.NeedAttention(ctx, scope.Business)
	rows := make([]WaitingRow, len(entries))
	for i, e := range entries {
		rows[i] = WaitingRow{
			Href: scope.Base + "/statements/" + string(e.StatementID) + "#" + string(e.ID), Payer: cmp.Or(e.Payer, scope.T("Someone")), About: scope.Day(e.Day), Why: whyText(scope.Reader, e.Reason), Amount: scope.Money(e.Amount),
		}
		if e.Act == "give_back" {
			rows[i].Why = scope.T("To be sent back.")
		}
	}
	return rows, err
}
