package frame

import (
	"context"

	"smartlinks/internal/account"
)

// SeesCustomers tells whether the caller may read names and addresses of customers, and
// seesPayers of those who paid. A token that may only read links sees that something was
// sent or paid, not by whom.
func SeesCustomers(ctx context.Context) bool {
	return CallerOf(ctx).Scopes.Allow(account.CustomersRead)
}

func SeesPayers(ctx context.Context) bool { return CallerOf(ctx).Scopes.Allow(account.PaymentsRead) }

// SeeingAll is for what is shown to no caller: events hold whole objects, whichever
// token caused them.
func SeeingAll(ctx context.Context) context.Context {
	c := CallerOf(ctx)
	c.Scopes = account.Scopes{account.All}
	return As(ctx, c)
}
