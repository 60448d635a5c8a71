package sending

import (
	"cmp"
	"context"
	"net/http"
	"strconv"

	"smartlinks/internal/business"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/reminder"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// ReminderCard is how the reminders of a link stand.
type ReminderCard struct {
	None                 bool
	Badge                ui.BadgeProps
	Text, Next, EditHref string // "Every week, 2 of 3 sent"
	Sent, Max            int    // to all recipients
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

func (d Pages) ReminderCard(ctx context.Context, scope *frame.Scope, l link.Link) (v ReminderCard, err error) {
	sum, err := d.Reminders.Of(ctx, d.DB, scope.Business, l)
	if err != nil || sum == nil {
		return ReminderCard{None: true}, err
	}
	v = ReminderCard{
		Href: frame.LinkHref(scope, l.ID) + "/reminders", EditHref: frame.LinkHref(scope, l.ID) + "/edit#remind", Badge: planBadge(scope.Reader, sum.Status), Sent: int(sum.Sent), Max: int(sum.Total()),
		MayPause: sum.Status == reminder.Active, MayResume: sum.Status == reminder.Paused || sum.Reopened, MayGo: sum.Status == reminder.Active && !sum.NextAt.IsZero(),
	}
	v.Text = scope.T("{{.FrequencyName}}, {{.Sent}} of {{.Max}} sent", "FrequencyName", howOften(scope.Reader, sum.Settings), "Sent", strconv.Itoa(v.Sent), "Max", strconv.Itoa(v.Max))
	switch {
	case !sum.NextAt.IsZero():
		v.Next = scope.T("Next reminder {{.NextAt}}", "NextAt", scope.DateTime(sum.NextAt, scope.Business.Location()))
	case sum.Count == 0:
		v.Next = scope.T("They start when the link is sent to a customer.")
	case sum.Status == reminder.Active:
		v.Next = scope.T("They start as soon as the link is sent.")
	}
	for i, p := range sum.Plans {
		if sum.Count == 1 {
			switch {
			case !p.PaidAt.IsZero():
				v.Next = scope.T("Paid by {{.PaidBy}} on {{.PaidAt}}. No more are sent.", "PaidBy", p.PaidBy, "PaidAt", scope.DateTime(p.PaidAt, scope.Business.Location()))
			case p.Reason != "":
				v.Next = scope.Sentence(p.Reason)
			}
			break
		}
		if i == shownPlans {
			v.More = scope.N(sum.Count-shownPlans, "{{.Count}} more customer", "{{.Count}} more customers")
			break
		}
		v.Plans = append(v.Plans, planRow{cmp.Or(p.Customer, scope.T("Deleted customer")), planText(scope, p)})
	}
	v.Coming = sum.Upcoming(scope.Business.Location(), reminder.MaxReminders)
	return v, nil
}

func planText(scope *frame.Scope, p reminder.Plan) string {
	switch {
	case p.State == reminder.Complete:
		return scope.T("Paid")
	case p.State == reminder.Paused:
		return scope.T("Paused")
	case p.Reason != "":
		return scope.Sentence(p.Reason)
	case p.NextAt.IsZero():
		return scope.T("Sending|a status")
	}
	return scope.T("Next {{.NextAt}}", "NextAt", scope.DateTime(p.NextAt, scope.Business.Location()))
}

func planBadge(reader frame.Reader, s reminder.State) ui.BadgeProps {
	switch s {
	case reminder.Paused:
		return ui.BadgeProps{Label: reader.T("Paused"), Tone: ui.Orange}
	case reminder.Complete:
		return ui.BadgeProps{Label: reader.T("Paid"), Tone: ui.Green}
	case reminder.Stopped:
		return ui.BadgeProps{Label: reader.T("Ended"), Tone: ui.Grey}
	}
	return ui.BadgeProps{Label: reader.T("Active"), Tone: ui.Blue}
}

// remind does something with the reminders of a link, and says so where the link is
// shown.
func (d Pages) remind(do func(ctx context.Context, b business.Business, id link.ID, only delivery.RecipientID) error, said string) frame.Handler {
	return func(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
		id := link.ID(r.PathValue("id"))
		err := do(r.Context(), scope.Business, id, "")
		toast := ui.ToastProps{Text: said}
		switch {
		case fault.Is(err, fault.Conflict):
			toast = ui.ToastProps{Text: scope.Sentence(fault.Of(err).Message), Bad: true}
		case err != nil:
			return err
		}
		d.Toast(r, toast)
		return frame.Redirect(w, r, frame.LinkHref(scope, id))
	}
}

// ComingIn are the reminders still to go out that a tab has: that of reminders
// all of them, that of everything the next one.
func (v ReminderCard) ComingIn(kind visit.Kind) []reminder.Upcoming {
	switch kind {
	case visit.KindReminder:
		return v.Coming
	case visit.KindAll:
		return v.Coming[:min(len(v.Coming), 1)]
	}
	return nil
}

// WaysOf are channels as the activity shows them.
func WaysOf(reader frame.Reader, channels []message.Channel) (ways []SentWay) {
	for _, c := range channels {
		w := SentWay{Label: reader.T("Email"), Icon: "mail", Tone: ui.Blue}
		if c == message.BySMS {
			w = SentWay{Label: "SMS", Icon: "message-square", Tone: ui.Teal}
		}
		ways = append(ways, w)
	}
	return ways
}
