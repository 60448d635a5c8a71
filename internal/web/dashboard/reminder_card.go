package dashboard

import (
	"context"
	"net/http"
	"strconv"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/reminder"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/ui"
)

// reminderCard is how the reminders of a link stand.
type reminderCard struct {
	None                 bool
	Badge                ui.BadgeProps
	Text, Next, EditHref string // "Every week, 2 of 3 sent"
	Sent, Max            int    // to all recipients
	Each                 int    // at most, to one
	Href                 string
	MayPause, MayResume  bool
	MayGo                bool // skip, send now
	Plans                []planRow
	More                 string
	Coming               []reminder.Upcoming // the next one first
}

// planRow is how the reminders of one recipient stand.
type planRow struct{ Name, Text string }

// shownPlans is of how many recipients the card tells.
const shownPlans = 5

func (d *Dashboard) reminderCard(ctx context.Context, at *room, l link.Link) (v reminderCard, err error) {
	sum, err := d.Reminders.Of(ctx, d.DB, at.Business, l)
	if err != nil || sum == nil {
		return reminderCard{None: true}, err
	}
	v = reminderCard{
		Href: linkHref(at, l.ID) + "/reminders", EditHref: linkHref(at, l.ID) + "/edit#remind", Badge: planBadge(sum.Status), Sent: int(sum.Sent), Each: int(sum.Max), Max: int(sum.Max * max(sum.Count, 1)),
		MayPause: sum.Status == reminder.Active, MayResume: sum.Status == reminder.Paused || sum.Reopened, MayGo: sum.Status == reminder.Active && !sum.NextAt.IsZero(),
	}
	v.Text = frequencyName(sum.Frequency) + ", " + strconv.Itoa(v.Sent) + " of " + strconv.Itoa(v.Max) + " sent"
	switch {
	case !sum.NextAt.IsZero():
		v.Next = "Next reminder " + dateTime(sum.NextAt, at.Business.Location())
	case sum.Count == 0:
		v.Next = "They begin when the link is sent to a customer."
	case sum.Status == reminder.Active:
		v.Next = "They begin as soon as the link was sent."
	}
	for i, p := range sum.Plans {
		if sum.Count == 1 {
			switch {
			case !p.PaidAt.IsZero():
				v.Next = p.PaidBy + " paid on " + dateTime(p.PaidAt, at.Business.Location()) + ". No more go out."
			case p.Reason != "":
				v.Next = p.Reason
			}
			break
		}
		if i == shownPlans {
			v.More = counted(sum.Count-shownPlans, "more customer", "more customers")
			break
		}
		v.Plans = append(v.Plans, planRow{firstOf(p.Customer, "Deleted customer"), planText(at, p)})
	}
	v.Coming = sum.Upcoming(at.Business.Location(), reminder.MaxReminders)
	return v, nil
}

func planText(at *room, p reminder.Plan) string {
	switch {
	case p.State == reminder.Complete:
		return "Paid"
	case p.State == reminder.Paused:
		return "Paused"
	case p.Reason != "":
		return p.Reason
	case p.NextAt.IsZero():
		return "Being sent"
	}
	return "Next " + dateTime(p.NextAt, at.Business.Location())
}

func planBadge(s reminder.State) ui.BadgeProps {
	switch s {
	case reminder.Paused:
		return ui.BadgeProps{Label: "Paused", Tone: ui.Orange}
	case reminder.Complete:
		return ui.BadgeProps{Label: "Paid", Tone: ui.Green}
	case reminder.Stopped:
		return ui.BadgeProps{Label: "Ended", Tone: ui.Grey}
	}
	return ui.BadgeProps{Label: "Active", Tone: ui.Blue}
}

// remindAct is something that can be done with the reminders of a link.
type remindAct struct {
	run  func(d *Dashboard, ctx context.Context, b business.Business, id link.ID) error
	said string
}

func remindActs() map[string]remindAct {
	return map[string]remindAct{
		"pause": {func(d *Dashboard, ctx context.Context, b business.Business, id link.ID) error {
			return d.Reminders.Pause(ctx, b, id, "")
		}, "The reminders rest"},
		"resume": {func(d *Dashboard, ctx context.Context, b business.Business, id link.ID) error {
			return d.Reminders.Resume(ctx, b, id, "")
		}, "The reminders go on"},
		"skip": {func(d *Dashboard, ctx context.Context, b business.Business, id link.ID) error {
			return d.Reminders.Skip(ctx, b, id, "")
		}, "The next reminder is left out"},
		"send": {func(d *Dashboard, ctx context.Context, b business.Business, id link.ID) error {
			return d.Reminders.SendNow(ctx, b, id, "")
		}, "The reminder is on its way"},
	}
}

// actReminders does it, and says so where the link is shown.
func (d *Dashboard) actReminders(act remindAct) roomHandler {
	return func(w http.ResponseWriter, r *http.Request, at *room) error {
		id := link.ID(r.PathValue("id"))
		err := act.run(d, r.Context(), at.Business, id)
		toast := ui.ToastProps{Text: act.said}
		switch {
		case fault.Is(err, fault.Conflict):
			toast = ui.ToastProps{Text: fault.Of(err).Message, Bad: true}
		case err != nil:
			return err
		}
		d.say(r, toast)
		return redirect(w, r, linkHref(at, id))
	}
}

// comingIn are the reminders still to go out that a tab has: that of reminders
// all of them, that of everything the next one.
func (v reminderCard) comingIn(kind visit.Kind) []reminder.Upcoming {
	switch kind {
	case visit.KindReminder:
		return v.Coming
	case visit.KindAll:
		return v.Coming[:min(len(v.Coming), 1)]
	}
	return nil
}

// upcomingRows are reminders that are still to go out, the last first.
func upcomingRows(at *room, coming []reminder.Upcoming, most int) (rows []activityRow) {
	zone := at.Business.Location()
	for i := len(coming) - 1; i >= 0; i-- {
		u := coming[i]
		ways := waysOf(u.Plan.Channels)
		rows = append(rows, activityRow{
			Sent: true, Icon: "bell", Tone: ui.Grey, Dir: "auto", Title: "Reminder " + strconv.FormatInt(u.Number, 10) + " of " + strconv.Itoa(most),
			Sub: waysText(ways) + " to " + firstOf(u.Customer, "somebody"), Email: u.Customer, Ways: ways, Badge: ui.BadgeProps{Label: "Upcoming", Tone: ui.Outline, Icon: "calendar-clock"},
			Time: dateTime(u.At, zone), Ago: ui.Ago(u.At, at.Now), ISO: isoTime(u.At),
		})
	}
	return rows
}

// waysOf are channels as the activity shows them.
func waysOf(channels []message.Channel) (ways []sentWay) {
	for _, c := range channels {
		w := sentWay{Label: "Email", Icon: "mail", Tone: ui.Blue}
		if c == message.BySMS {
			w = sentWay{Label: "SMS", Icon: "message-square", Tone: ui.Teal}
		}
		ways = append(ways, w)
	}
	return ways
}
