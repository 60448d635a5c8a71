package dashboard

import (
	"context"
	"strings"

	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/ui"
)

// sentNames are the sends of a page of the activity, and whom they went to.
type sentNames struct {
	found            map[delivery.SendID]delivery.Send
	names            map[customer.ID]customer.Customer
	Total, Reminders int64        // of the link
	plan             reminderCard // what is still to go out
}

func (d *Dashboard) sentNames(ctx context.Context, at *room, id link.ID, rows []visit.Row) (s sentNames, err error) {
	var ids []delivery.SendID
	for _, row := range rows {
		if row.SendID != "" {
			ids = append(ids, delivery.SendID(row.SendID))
		}
	}
	if s.Total, s.Reminders, err = d.Deliveries.Count(ctx, d.DB, at.Business.ID, id, at.Business.Mode); err != nil {
		return s, err
	}
	if s.found, err = d.Deliveries.ByIDs(ctx, d.DB, at.Business.ID, ids); err != nil {
		return s, err
	}
	var who []customer.ID
	for _, sent := range s.found {
		if sent.CustomerID != "" {
			who = append(who, sent.CustomerID)
		}
	}
	s.names, err = d.Customers.ByIDs(ctx, at.Business.ID, who)
	return s, err
}

// ofSend is the row of a send or a reminder.
func (r activityRow) ofSend(at *room, sends sentNames, id delivery.SendID) activityRow {
	sent := sends.found[id]
	row := sentRowOf(at, sent, sends.names)
	r.Sent, r.Icon, r.Tone, r.Dir = true, "send", ui.Blue, "auto"
	if sent.Kind == delivery.KindReminder {
		r.Icon, r.Tone = "bell-ring", ui.Orange
	}
	r.Title, r.Sub, r.Email, r.Badge, r.Ways = row.Title, waysText(row.Ways)+" to "+row.Name, row.Name, row.Status, row.Ways
	if sent.Skipped != "" {
		r.Icon, r.Tone, r.Ways = "bell-off", ui.Grey, waysOf(sent.Channels)
		r.Title, r.Sub, r.Badge = "Reminder to "+row.Name, sent.Skipped, ui.BadgeProps{Label: "Skipped", Tone: ui.Outline}
	}
	return r
}

// waysText is "Email and SMS".
func waysText(ways []sentWay) string {
	var labels []string
	for _, w := range ways {
		labels = append(labels, w.Label)
	}
	return strings.Join(labels, " and ")
}
