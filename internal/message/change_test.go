package message_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/money"
)

// hears collects the steps of mails.
func (w *world) hears() *[]message.Change {
	var steps []message.Change
	w.messages.OnChange("", func(_ context.Context, _ *db.Tx, c message.Change) error {
		steps = append(steps, c)
		return nil
	})
	return &steps
}

func states(steps []message.Change) (all []message.State) {
	for _, s := range steps {
		all = append(all, s.State)
	}
	return all
}

func TestEveryStepOfAMailIsToldOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		steps := w.hears()
		w.server.fails = func(email.Mail) error { return &email.Refusal{Step: email.Content, Code: 451} }
		w.queue(w.receipt("receipt/1"))
		w.sendDue()
		w.server.fails = nil
		w.makeDue()
		w.sendDue()
		if got := states(*steps); !slices.Equal(got, []message.State{message.Queued, message.Sent}) {
			t.Fatalf("told %v", *steps)
		}
		first, last := (*steps)[0], (*steps)[1]
		if first.Reason == "" || first.Key != "receipt/1" || first.Channel != message.ByEmail || last.Reason != "" || last.GatewayID == "" || last.BusinessID != w.business.ID {
			t.Errorf("told %+v", *steps)
		}
	})
}

func TestAMailThatFailedAndBeginsAnewIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		steps := w.hears()
		w.server.fails = func(email.Mail) error { return &email.Refusal{Step: email.Content, Code: 554, Final: true} }
		w.queue(w.receipt("receipt/1"))
		w.sendDue()
		w.server.fails = nil
		if n, err := w.messages.RetryMails(t.Context(), w.business.ID); n != 1 || err != nil {
			t.Fatalf("%d begun, %v", n, err)
		}
		w.sendDue()
		if got := states(*steps); !slices.Equal(got, []message.State{message.Failed, message.Queued, message.Sent}) {
			t.Errorf("told %v", got)
		}
	})
}

// What hears of a step and what writes it down happen together or not at all:
// then the mail is tried again, as the same letter.
func TestAStepThatCannotBeHeardIsNotWrittenDown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.messages.OnChange("", func(context.Context, *db.Tx, message.Change) error { return errors.New("not now") })
		w.queue(w.receipt("receipt/1"))
		w.sendDue()
		if s := w.standing("receipt/1"); s.State != "sending" {
			t.Errorf("it stands as %+v", s)
		}
	})
}

// Every mail to a customer reads well with and without a name, words of the
// merchant's own and a number.
func TestMailsToCustomersSayWhatTheyAsk(t *testing.T) {
	w := mustWorld(t, dbtest.SQLite(t))
	ask := message.Ask{LinkName: "Workshop", Amount: money.Amount{Minor: 8900, Currency: "EUR"}, URL: "https://pay.example/r/x", OptOutURL: "https://pay.example/s/x"}
	for _, c := range []struct {
		stage         message.Kind
		name, message string
		number, max   int64
		subject, says string
	}{
		{message.KindLink, "Amara", "", 0, 0, "Your payment link from Business acme", "Hi Amara, here is your payment link"},
		{message.KindLink, "", "Come in!", 0, 0, "Your payment link from Business acme", "Here is your payment link\n\nCome in!"},
		{message.KindReminderFirst, "Amara", "", 1, 3, "Reminder: Workshop", "is still open"},
		{message.KindReminderMiddle, "", "", 2, 3, "Reminder 2: Workshop", "Your payment is still open"},
		{message.KindReminderLast, "Amara", "", 3, 3, "Last reminder: Workshop", "this is the last reminder"},
	} {
		data := ask
		data.Stage, data.FirstName, data.Message, data.Number, data.Max = c.stage, c.name, c.message, c.number, c.max
		l, err := w.messages.Render(t.Context(), w.business, data, "en")
		if err != nil || l.Subject != c.subject || !contains(l.Text, c.says, "€89.00", ask.URL, ask.OptOutURL) || !contains(l.HTML, ask.OptOutURL) || l.Unsubscribe != ask.OptOutURL {
			t.Errorf("%s: %v\n%s\n%s", c.stage, err, l.Subject, l.Text)
		}
	}
}

func contains(text string, parts ...string) bool {
	return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(text, part) })
}
