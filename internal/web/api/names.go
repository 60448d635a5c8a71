package api

import (
	"context"
	"strings"

	"smartlinks/internal/account"
)

// seesCustomers tells whether the caller may read names and addresses of customers, and
// seesPayers of those who paid. A token that may only read links sees that something was
// sent or paid, not by whom.
func seesCustomers(ctx context.Context) bool {
	return callerOf(ctx).scopes.Allow(account.CustomersRead)
}

func seesPayers(ctx context.Context) bool { return callerOf(ctx).scopes.Allow(account.PaymentsRead) }

// seeingAll is for what is shown to no caller: events hold whole objects, whichever
// token caused them.
func seeingAll(ctx context.Context) context.Context {
	c := callerOf(ctx)
	c.scopes = account.Scopes{account.All}
	return context.WithValue(ctx, callerKey{}, c)
}

// hideNames takes from the messages where they went, and the recipients' own ways to the
// link, whose pages fill in who they are.
func hideNames(views []DeliveryView) []DeliveryView {
	for i := range views {
		v := &views[i]
		if v.Reason != nil && v.Address != "" { // servers repeat whom they refuse
			v.Reason = pointer(strings.ReplaceAll(*v.Reason, v.Address, "…"))
		}
		v.Address, v.URL = "", ""
	}
	return views
}

// hideNames takes from the rows what the caller may not see.
func (a *handlers) hideNames(ctx context.Context, rows []activityRow) {
	for i := range rows {
		switch row := &rows[i]; {
		case row.PaymentRow != nil && !seesPayers(ctx):
			row.Customer = nil
		case row.SendRow != nil && !seesCustomers(ctx):
			row.Customer, row.Deliveries = nil, hideNames(row.Deliveries)
		}
	}
}
