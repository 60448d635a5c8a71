package texting_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/message/sms/smstest"
	"smartlinks/internal/message/texting"
	"smartlinks/internal/payment/linetest"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

// textWorld is an installation with one business, whose SMS go to a stand-in of MessageBird.
type textWorld struct {
	t        *testing.T
	d        *db.DB
	business business.Business
	messages *message.Messages
	gateway  *smstest.Server
	changes  []message.Change
	answers  []texting.Answer
}

func mustTextWorld(t *testing.T, d *db.DB) *textWorld {
	t.Helper()
	w := &textWorld{t: t, d: d, business: businesstest.Make(t, d, "acme"), gateway: smstest.New(t)}
	w.messages = w.anotherText()
	return w
}

func (w *textWorld) anotherText() *message.Messages {
	m := systemtest.New(w.t, w.d, func(o *system.Options) {
		o.SMS = sms.Account{Kind: sms.ByMessageBird, Key: smstest.Key}
		o.SMSBases = sms.Bases{Bird: w.gateway.URL, MessageBird: w.gateway.URL, Twilio: w.gateway.URL}
	}).Messages
	var mu sync.Mutex
	m.OnChange("", func(_ context.Context, _ *db.Tx, c message.Change) error {
		mu.Lock()
		defer mu.Unlock()
		w.changes = append(w.changes, c)
		return nil
	})
	m.OnAnswer(func(_ context.Context, _ *db.Tx, a texting.Answer) error {
		w.answers = append(w.answers, a)
		return nil
	})
	return m
}

func (w *textWorld) sendDue() {
	w.t.Helper()
	if err := w.messages.SendDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *textWorld) text(key string) {
	w.t.Helper()
	if err := w.d.InTx(w.t.Context(), func(tx *db.Tx) error {
		return w.messages.QueueSMS(w.t.Context(), tx, texting.SMS{BusinessID: w.business.ID, To: "+31612345678", Text: "Pay here: https://pay.example/r/" + key, Key: key})
	}); err != nil {
		w.t.Fatal(err)
	}
}

// textStanding is how an SMS stands in the database.
func (w *textWorld) textStanding(key string) (s struct {
	State, Reason, Body string
	Tries               int64
}) {
	w.t.Helper()
	if err := w.d.Get(w.t.Context(), &s, `SELECT state, reason, body, tries FROM texts WHERE key = $1`, key); err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *textWorld) textsDue() {
	w.t.Helper()
	if err := w.d.InTx(w.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(w.t.Context(), `UPDATE texts SET due_at = $1 WHERE due_at IS NOT NULL`, db.At(w.d.Clock().Wall()))
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	w.sendDue()
}

// report brings a report to the address that the gateway was given.
func (w *textWorld) report(address, query string) error {
	w.t.Helper()
	u, err := url.Parse(address + query)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.messages.TakeSMSHook(w.t.Context(), w.business.ID, sms.ByMessageBird, sms.Hook{URL: u.String(), Query: u.Query(), Header: http.Header{}})
}

func TestAnSMSIsSentOnceAndItsReportBelieved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustTextWorld(t, d)
		w.text("a")
		w.text("a")
		if s := w.textStanding("a"); s.State != "queued" || strings.Contains(s.Body, "Pay") {
			t.Errorf("queued as %+v", s)
		}
		w.sendDue()
		w.textsDue()
		taken := w.gateway.Taken()
		if len(taken) != 1 || taken[0].From != "Businessacm" || !strings.HasSuffix(taken[0].Text, "/r/a") {
			t.Fatalf("taken: %+v", taken)
		}
		if s := w.textStanding("a"); s.State != "sent" || s.Body != "" {
			t.Errorf("sent as %+v", s)
		}
		for range 2 {
			if err := w.report(taken[0].ReportURL, "&id=x&status=delivered"); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.report(taken[0].ReportURL, "&id=x&status=delivery_failed"); err != nil {
			t.Fatal(err)
		}
		if s := w.textStanding("a"); s.State != "delivered" {
			t.Errorf("delivered as %+v", s)
		}
		if len(w.changes) != 2 || w.changes[0].State != message.Sent || w.changes[1].State != message.Delivered {
			t.Errorf("told: %+v", w.changes)
		}
		guessed := strings.Split(taken[0].ReportURL, "?")[0]
		if err := w.report(guessed, "?originator=31612345678&body=STOP"); !fault.Is(err, fault.Forbidden) || len(w.answers) > 0 {
			t.Errorf("an unsigned answer: %v, %+v", err, w.answers)
		}
	})
}

// Whatever the line does, the gateway has the message once in the end.
func TestABrokenLineDoublesNoSMS(t *testing.T) {
	for _, fault := range linetest.Faults() {
		if fault == linetest.Silent || fault == linetest.Huge {
			continue // these take seconds; the client's own tests have them
		}
		t.Run(string(fault), func(t *testing.T) {
			w := mustTextWorld(t, dbtest.SQLite(t))
			w.gateway.Break(fault, fault)
			w.text("a")
			w.sendDue()
			if s := w.textStanding("a"); s.State != "queued" || s.Reason == "" {
				t.Fatalf("after the fault: %+v", s)
			}
			for range 3 {
				w.textsDue()
			}
			if s := w.textStanding("a"); s.State != "sent" || len(w.gateway.Taken()) != 1 {
				t.Errorf("%+v, taken %d times", s, len(w.gateway.Taken()))
			}
		})
	}
}

// A process that dies after the gateway took the message, before it could write
// that down, leaves a doubt, and whoever takes over asks first.
func TestADeadProcessDoublesNoSMS(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustTextWorld(t, d)
		w.text("a")
		w.sendDue()
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			sealed, err := businesstest.Sealer(t).Seal([]byte("Pay here: https://pay.example/r/a"), "text/"+w.gateway.Taken()[0].Reference+"/body")
			if err != nil {
				return err
			}
			_, err = tx.Exec(t.Context(), `UPDATE texts SET state = 'sending', body = $1, due_at = $2`, sealed, db.At(d.Clock().Wall()))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		w.sendDue()
		if s := w.textStanding("a"); s.State != "sent" || s.Tries != 2 || len(w.gateway.Taken()) != 1 {
			t.Errorf("%+v, taken %d times", s, len(w.gateway.Taken()))
		}
	})
}

func TestTwoProcessesSendEachSMSOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustTextWorld(t, d)
		const texts = 30
		for i := range texts {
			w.text("k" + string(rune('A'+i)))
		}
		var both sync.WaitGroup
		for _, m := range []*message.Messages{w.messages, w.anotherText()} {
			both.Go(func() {
				if err := m.SendDue(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		if n := len(w.gateway.Taken()); n != texts {
			t.Errorf("%d taken of %d", n, texts)
		}
	})
}

func TestAFinalRefusalFailsAndAGatewayThatIsAwayWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustTextWorld(t, d)
		w.gateway.Refuse(422, `{"errors":[{"code":10,"description":"recipient is invalid","parameter":"recipients"}]}`)
		w.text("a")
		w.sendDue()
		if s := w.textStanding("a"); s.State != "failed" || !w.changes[0].BadAddress {
			t.Errorf("%+v, told %+v", s, w.changes)
		}
		w.gateway.Refuse(402, `{"errors":[{"code":25,"description":"Not enough balance"}]}`)
		w.text("b")
		w.sendDue()
		if s := w.textStanding("b"); s.State != "queued" || !strings.Contains(s.Reason, "Top it up") {
			t.Errorf("%+v", s)
		}
		w.gateway.Refuse(0, "")
		w.textsDue()
		if s := w.textStanding("b"); s.State != "sent" || s.Reason != "" {
			t.Errorf("%+v", s)
		}
	})
}

// A refused key uses up no tries, however long it takes to mend it, and each try
// after a refusal is a new one for the gateway. What became of the key is told.
func TestARefusedAccountHoldsMessagesBackForAsLongAsItTakes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustTextWorld(t, d)
		if err := w.messages.ChangeSMSSettings(t.Context(), w.business.ID, 0, texting.Settings{Account: sms.Account{Kind: sms.ByBird, Key: smstest.BirdKey}, DayCap: 10}); err != nil {
			t.Fatal(err)
		}
		w.text("a")
		w.text("b")
		w.gateway.Refuse(401, `{"type":"auth_error","message":"Revoked"}`)
		w.sendDue()
		for range 20 {
			w.textsDue()
		}
		for _, key := range []string{"a", "b"} {
			if s := w.textStanding(key); s.State != "queued" || s.Body == "" || !strings.Contains(s.Reason, "does not take the key") {
				t.Errorf("%s after 21 refusals: %+v", key, s)
			}
		}
		problem, err := w.messages.SMSProblem(t.Context(), d, w.business.ID)
		if err != nil || problem.Gateway != "Bird" || !problem.Own || !strings.Contains(problem.Reason, "Revoked") || problem.Since.IsZero() {
			t.Errorf("the problem is %+v, %v", problem, err)
		}
		if list, err := w.messages.UnsentSMS(t.Context(), w.business.ID); err != nil || len(list) != 2 || list[0].Failed {
			t.Errorf("listed: %+v, %v", list, err)
		}
		w.gateway.Refuse(0, "")
		w.sendDue()
		if n := len(w.gateway.Taken()); n != 0 {
			t.Errorf("%d went out before they were due", n)
		}
		if err := w.messages.SendTestSMS(t.Context(), w.business, "+31612345678"); err != nil {
			t.Fatal(err)
		}
		w.sendDue()
		taken := w.gateway.Taken()
		if len(taken) != 3 || !strings.HasSuffix(taken[1].Key, "-21") {
			t.Fatalf("taken %+v", taken)
		}
		if problem, err := w.messages.SMSProblem(t.Context(), d, w.business.ID); err != nil || problem.Reason != "" {
			t.Errorf("the problem stays: %+v, %v", problem, err)
		}
	})
}

// Only what the business's own account signs, or the installation's about this
// business, moves its messages.
func TestBirdsEventsMoveTheirOwnMessagesAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustTextWorld(t, d)
		other := businesstest.Make(t, d, "other")
		account := sms.Account{Kind: sms.ByBird, Key: smstest.BirdKey, SigningKey: smstest.BirdSecret}
		for _, b := range []business.ID{w.business.ID, other.ID} {
			if err := w.messages.ChangeSMSSettings(t.Context(), b, 0, texting.Settings{Account: account, DayCap: 10}); err != nil {
				t.Fatal(err)
			}
		}
		w.text("a")
		w.sendDue()
		tell := func(b business.ID, kind, failure string) error {
			header, body := smstest.BirdEvent(t, smstest.BirdSecret, d.Clock().Wall(), w.gateway.Taken()[0], kind, failure)
			return w.messages.TakeSMSHook(t.Context(), b, sms.ByBird, sms.Hook{Header: header, Body: body})
		}
		if err := tell(other.ID, "sms.delivered", ""); err != nil || w.textStanding("a").State != "sent" {
			t.Errorf("another business's account moved it: %+v, %v", w.textStanding("a"), err)
		}
		if err := tell("", "sms.delivered", ""); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an installation without Bird believes it: %v", err)
		}
		if err := tell(w.business.ID, "sms.undelivered", "invalid_destination"); err != nil {
			t.Fatal(err)
		}
		if s := w.textStanding("a"); s.State != "failed" || s.Reason != "The network knows no such number." || !w.changes[len(w.changes)-1].BadAddress {
			t.Errorf("%+v, told %+v", s, w.changes)
		}
	})
}

// withdraw takes a message back.
func (w *textWorld) withdraw(key string) {
	w.t.Helper()
	if err := w.d.InTx(w.t.Context(), func(tx *db.Tx) error {
		return w.messages.Withdraw(w.t.Context(), tx, w.business.ID, message.BySMS, key, "It was paid.")
	}); err != nil {
		w.t.Fatal(err)
	}
}

// What is taken back never leaves, whether it waited, waited in doubt, or had
// failed; what is at the gateway stays what it is.
func TestAnSMSThatIsTakenBackNeverLeaves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustTextWorld(t, d)
		w.text("gone")
		w.sendDue()
		w.withdraw("gone")
		if s := w.textStanding("gone"); s.State != "sent" {
			t.Errorf("what was sent is %+v", s)
		}
		w.text("waiting")
		w.withdraw("waiting")
		w.gateway.Refuse(422, `{"errors":[{"code":9,"description":"no","parameter":"body"}]}`)
		w.text("failed")
		w.sendDue()
		w.gateway.Refuse(500, `{}`)
		w.text("in doubt")
		w.sendDue()
		if failed, doubt := w.textStanding("failed"), w.textStanding("in doubt"); failed.State != "failed" || failed.Body == "" || doubt.State != "queued" {
			t.Fatalf("before: %+v, %+v", failed, doubt)
		}
		w.gateway.Refuse(0, "")
		w.withdraw("failed")
		w.withdraw("in doubt")
		if n, err := w.messages.RetrySMS(t.Context(), w.business.ID); n != 0 || err != nil {
			t.Errorf("%d began anew, %v", n, err)
		}
		w.textsDue()
		if n := len(w.gateway.Taken()); n != 1 {
			t.Errorf("%d were taken, want the first alone", n)
		}
		if s := w.textStanding("waiting"); s.State != "failed" || s.Reason != "It was paid." || s.Body != "" {
			t.Errorf("taken back as %+v", s)
		}
		if list, err := w.messages.UnsentSMS(t.Context(), w.business.ID); len(list) != 0 || err != nil {
			t.Errorf("what nobody misses is told: %+v, %v", list, err)
		}
	})
}

// A second beginning asks the gateway first where an answer was lost.
func TestTryingAgainDoublesNoSMS(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustTextWorld(t, d)
		w.gateway.Break(linetest.Lost)
		w.text("a")
		w.sendDue()
		if s := w.textStanding("a"); s.State != "queued" || len(w.gateway.Taken()) != 1 {
			t.Fatalf("after the cut: %+v, taken %d times", s, len(w.gateway.Taken()))
		}
		if n, err := w.messages.RetrySMS(t.Context(), w.business.ID); n != 1 || err != nil {
			t.Fatalf("%d began anew, %v", n, err)
		}
		w.sendDue()
		if s := w.textStanding("a"); s.State != "sent" || len(w.gateway.Taken()) != 1 {
			t.Errorf("%+v, taken %d times", s, len(w.gateway.Taken()))
		}
	})
}
