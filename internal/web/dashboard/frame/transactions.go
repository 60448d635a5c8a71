package frame

import (
	"context"

	"smartlinks/internal/web/ui"
)

// TransactionTabs are the pages about money; here is the one that is open.
func (d *Dashboard) TransactionTabs(ctx context.Context, scope *Scope, here string) ([]ui.Tab, error) {
	n, err := d.needAttention(ctx, scope)
	waiting := ""
	if n > 0 {
		waiting = scope.Number(n)
	}
	base := scope.Base + "/transactions"
	tabs := []ui.Tab{{Label: scope.T("All"), Href: base}, {Label: scope.T("To check|a status"), Href: base + "/review", Count: waiting}, {Label: scope.T("Not finished"), Href: base + "/unfinished"}}
	if scope.MayManage() {
		if scope.Business.Transfers {
			tabs = append(tabs, ui.Tab{Label: scope.T("Statements"), Href: scope.Base + "/statements"})
		}
		tabs = append(tabs, ui.Tab{Label: scope.T("Webhooks"), Href: base + "/webhooks"})
	}
	for i := range tabs {
		tabs[i].Current = tabs[i].Href == here
	}
	return tabs, err
}

// needAttention counts the payments, and the money on bank statements, that a member must
// look at. Statements are for who may manage.
func (d *Dashboard) needAttention(ctx context.Context, scope *Scope) (int64, error) {
	a, err := d.attention(ctx, scope)
	if !scope.MayManage() {
		return a.Payments, err
	}
	return a.Payments + a.Entries, err
}
