package share

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/frame"
)

// readyKey is where the session keeps which link was made just now.
const readyKey = "ready link"

// Made remembers that the link was made just now, until its page is shown.
func Made(ctx context.Context, d *frame.Dashboard, id link.ID) {
	d.Sessions.Put(ctx, readyKey, string(id))
}

// JustMade tells, once, whether the link was made just now.
func JustMade(ctx context.Context, d *frame.Dashboard, id link.ID) bool {
	if d.Sessions.GetString(ctx, readyKey) != string(id) {
		return false
	}
	d.Sessions.Remove(ctx, readyKey)
	return true
}

// ReadyView is the panel of a link that was made just now.
type ReadyView struct {
	View
	Title, Lead string
	Test        bool // the merchant may pay it with play money
}

// ReadyOf is the panel of a link. It says "live" of what takes real money alone.
func ReadyOf(scope *frame.Scope, l link.Link, v View) *ReadyView {
	r := &ReadyView{View: v, Test: scope.Business.Mode == business.Test && l.State(scope.Now) == link.Active}
	switch {
	case l.State(scope.Now) != link.Active:
		r.Title, r.Lead = i18n.Mark("Your link is saved"), i18n.Mark("Payers can’t pay it yet.")
	case r.Test:
		r.Title, r.Lead = i18n.Mark("Your link is ready"), i18n.Mark("It takes test payments: nobody is charged until you go live.")
	default:
		r.Title, r.Lead = i18n.Mark("Your link is live"), i18n.Mark("Payers can open and pay it now.")
	}
	return r
}
