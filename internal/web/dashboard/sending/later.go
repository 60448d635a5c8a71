package sending

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// upcomingRow is a message whose time has not come.
type upcomingRow struct{ Name, Href, Way, Time, ISO, TakeBack string }

// WhenValue is when it is sent: now, unless something else was chosen.
func (v SendValues) WhenValue() string {
	if v.When == whenLater {
		return whenLater
	}
	return whenNow
}

// upcomingRows are the scheduled messages of a link, the next first.
func (d Pages) upcomingRows(ctx context.Context, scope *frame.Scope, id link.ID) ([]upcomingRow, error) {
	all, err := d.Deliveries.Upcoming(ctx, d.DB, scope.Business.ID, scope.Business.Mode, []link.ID{id})
	if err != nil {
		return nil, err
	}
	var who []customer.ID
	for _, l := range all[id] {
		who = append(who, l.CustomerID)
	}
	names, err := d.Customers.ByIDs(ctx, scope.Business.ID, who)
	if err != nil {
		return nil, err
	}
	var rows []upcomingRow
	for _, l := range all[id] {
		for _, one := range l.Deliveries {
			way := scope.T("Email")
			if one.Channel == message.BySMS {
				way = "SMS"
			}
			rows = append(rows, upcomingRow{
				Name: names[l.CustomerID].Name, Href: scope.Base + "/customers/" + string(l.CustomerID), Way: way,
				Time: scope.DateTime(l.At, scope.Business.Location()), ISO: l.At.UTC().Format(time.RFC3339),
				TakeBack: scope.Base + "/deliveries/" + one.ID + "/take-back?link=" + string(id),
			})
		}
	}
	return rows, nil
}

// takeBack keeps a scheduled message from being sent.
func (d Pages) takeBack(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := d.Deliveries.TakeBack(r.Context(), scope.Business, r.PathValue("id")); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Cancelled|a scheduled message"), More: scope.T("This message will not be sent."), Calm: true})
	back := scope.Base + "/links"
	if l, err := d.Links.Get(r.Context(), scope.Business, link.ID(r.URL.Query().Get("link"))); err == nil {
		back = frame.LinkHref(scope, l.ID) + "/send"
	}
	return frame.Redirect(w, r, back)
}

// toastOf says what a request set going, now or later.
func toastOf(scope *frame.Scope, started delivery.Started) ui.ToastProps {
	if n := len(started.Later); n > 0 {
		return ui.ToastProps{
			Text: scope.T("Scheduled for {{.Int64}}", "Int64", scope.N(int64(n), "{{.Count}} customer", "{{.Count}} customers")),
			More: scope.T("It goes out on {{.At}}.", "At", scope.DateTime(started.Later[0].At, scope.Business.Location())),
		}
	}
	return SentToast(scope.Reader, started)
}
