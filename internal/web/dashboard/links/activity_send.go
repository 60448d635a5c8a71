package links

import (
	"cmp"
	"context"
	"strconv"

	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/reminder"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/sending"
	"smartlinks/internal/web/ui"
)

// sentNames are the sends of a page of the activity, and whom they went to.
type sentNames struct {
	found            map[delivery.SendID]delivery.Send
	names            map[customer.ID]customer.Customer
	Total, Reminders int64                // of the link
	plan             sending.ReminderCard // what is still to go out
}

func (d pages) sentNames(ctx context.Context, scope *frame.Scope, rows []visit.Row) (s sentNames, err error) {
	var ids []delivery.SendID
	for _, row := range rows {
		if row.SendID != "" {
			ids = append(ids, delivery.SendID(row.SendID))
		}
	}
	if s.found, err = d.Deliveries.ByIDs(ctx, d.DB, scope.Business.ID, ids); err != nil {
		return s, err
	}
	var who []customer.ID
	for _, sent := range s.found {
		if sent.CustomerID != "" {
			who = append(who, sent.CustomerID)
		}
	}
	s.names, err = d.Customers.ByIDs(ctx, scope.Business.ID, who)
	return s, err
}

// ofSend is the row of a send or a reminder.
func (r activityRow) ofSend(scope *frame.Scope, sends sentNames, id delivery.SendID) activityRow {
	sent := sends.found[id]
	row := sending.SentRowOf(scope, sent, sends.names)
	r.Sent, r.Icon, r.Tone, r.Dir = true, "send", ui.Blue, "auto"
	if sent.Kind == delivery.KindReminder {
		r.Icon, r.Tone = "bell-ring", ui.Orange
	}
	r.Title, r.Sub, r.Email, r.Badge, r.Ways = row.Title, scope.T("{{.WaysText}} to {{.Name}}", "WaysText", sending.WaysText(row.Ways), "Name", row.Name), row.Name, row.Status, row.Ways
	if sent.Skipped != "" {
		r.Icon, r.Tone, r.Ways = "bell-off", ui.Grey, sending.WaysOf(scope.Reader, sent.Channels)
		r.Title, r.Sub, r.Badge = scope.T("Reminder to {{.Name}}", "Name", row.Name), scope.Sentence(sent.Skipped), ui.BadgeProps{Label: scope.T("Skipped"), Tone: ui.Outline}
	}
	return r
}

// upcomingRows are reminders that are still to go out, the last first.
func upcomingRows(scope *frame.Scope, coming []reminder.Upcoming) (rows []activityRow) {
	zone := scope.Business.Location()
	for i := len(coming) - 1; i >= 0; i-- {
		u := coming[i]
		ways := sending.WaysOf(scope.Reader, u.Plan.Channels)
		rows = append(rows, activityRow{
			Sent: true, Icon: "bell", Tone: ui.Grey, Dir: "auto", Title: scope.T("Reminder {{.Number}} of {{.Most}}", "Number", strconv.FormatInt(u.Number, 10), "Most", strconv.FormatInt(u.Of, 10)),
			Sub: scope.T("{{.WaysText}} to {{.Or}}", "WaysText", sending.WaysText(ways), "Or", cmp.Or(u.Customer, scope.T("somebody|to whom a message goes"))), Email: u.Customer, Ways: ways, Badge: ui.BadgeProps{Label: scope.T("Upcoming"), Tone: ui.Outline, Icon: "calendar-clock"},
			Time: scope.DateTime(u.At, zone), Ago: scope.Distance(u.At, scope.Now), ISO: frame.IsoTime(u.At),
		})
	}
	return rows
}
