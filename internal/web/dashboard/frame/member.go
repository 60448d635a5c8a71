package frame

import (
	"net/http"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
)

// IsMember reports whether the browser that asks is signed in by a member of the
// business, so that the payers' pages don't count the merchant's own visits. It
// reads the database only where there is a cookie of a sign-in.
func (d *Dashboard) IsMember(r *http.Request, id business.ID) bool {
	cookie, err := r.Cookie(d.Sessions.Cookie.Name)
	if err != nil {
		return false
	}
	ctx, err := d.Sessions.Load(r.Context(), cookie.Value)
	if err != nil {
		return false
	}
	present, err := d.Accounts.Present(ctx, account.SessionID(d.Sessions.GetString(ctx, sessionKey)))
	if err != nil {
		return false
	}
	_, err = present.In(id)
	return err == nil
}
