package bounce_test

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/bounce"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
)

// tell hands over what a service says, and returns how it is answered.
func (w *world) tell(kind bounce.SourceKind, secret string, body []byte) error {
	w.t.Helper()
	return w.all.Bounces.TakeHook(w.t.Context(), w.business.ID, kind, secret, body)
}

func (w *world) mustTell(kind bounce.SourceKind, secret string, body []byte) {
	w.t.Helper()
	if err := w.tell(kind, secret, body); err != nil {
		w.t.Fatal(err)
	}
}

func postmark(kind, to, mail string) []byte {
	return fmt.Appendf(nil, `{"RecordType":"Bounce","MessageStream":"outbound","ID":42,"Type":%q,"TypeCode":1,"Name":"Bounce","MessageID":"883953f4-6105-42a2-a16a-77a8eac79483",
		"Metadata":{"mail":%q},"ServerID":23,"Description":"The server was unable to deliver your message","Details":"smtp;550 5.1.1 The mailbox does not exist","Email":%q,
		"From":"no-reply@pay.example","BouncedAt":"2026-11-30T07:00:00Z","Inactive":true,"CanActivate":true,"Subject":"Hello"}`, kind, mail, to)
}

// brevo is an event with the fields of developers.brevo.com/docs/transactional-webhooks.
func brevo(event, to, mail string) []byte {
	return fmt.Appendf(nil, `{"event":%q,"email":%q,"id":26224,"date":"2026-11-30 08:00:00","ts":1796022000,"message-id":"<202611300800.1@smtp-relay.mailin.fr>","ts_event":1796022000,
		"subject":"Hello","X-Mailin-custom":%q,"sending_ip":"192.0.2.7","ts_epoch":1796022000000,"template_id":22,"tags":["mail"],"contact_id":0,"reason":"550 5.1.1 unknown user"}`, event, to, mail)
}

// A service that is told about mails tells what became of them: hard ones and complaints
// write the address off with the reason, soft ones are counted, and what arrived has.
func TestMailServicesTellWhatBecameOfMails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		services := map[bounce.SourceKind]func(what, to, id string) []byte{
			bounce.ByPostmark: func(what, to, id string) []byte {
				mail, _, _ := strings.Cut(id, "@")
				switch what {
				case "complaint":
					return []byte(strings.Replace(string(postmark("SpamComplaint", to, mail)), `"RecordType":"Bounce"`, `"RecordType":"SpamComplaint"`, 1))
				case "delivered":
					return fmt.Appendf(nil, `{"RecordType":"Delivery","MessageID":"883953f4","Recipient":%q,"DeliveredAt":"2026-11-30T07:00:00Z","Details":"250 ok","Metadata":{"mail":%q}}`, to, mail)
				}
				return postmark(map[string]string{"hard": "HardBounce", "soft": "SoftBounce"}[what], to, mail)
			},
			bounce.ByBrevo: func(what, to, id string) []byte {
				mail, _, _ := strings.Cut(id, "@")
				return brevo(map[string]string{"hard": "hard_bounce", "soft": "soft_bounce", "complaint": "spam", "delivered": "delivered"}[what], to, mail)
			},
			bounce.BySES: func(what, to, id string) []byte {
				text := map[string]string{
					"hard":      bounceOf("Permanent", to, "5.1.1", "smtp; 550 5.1.1 unknown user", id),
					"soft":      bounceOf("Transient", to, "4.4.7", "smtp; 554 expired", id),
					"complaint": told("Complaint", "complaint", map[string]any{"complainedRecipients": []map[string]string{{"emailAddress": to}}, "complaintFeedbackType": "abuse"}, id),
					"delivered": told("Delivery", "delivery", map[string]any{"recipients": []string{to}, "smtpResponse": "250 ok"}, id),
				}[what]
				return w.amazon.sign(t, "2", map[string]string{"Type": "Notification", "Message": text})
			},
		}
		for kind, event := range services {
			secret := w.source(kind)
			if kind == bounce.BySES {
				w.mustTell(kind, secret, w.amazon.sign(t, "1", map[string]string{"Type": "SubscriptionConfirmation", "Message": "You have chosen to subscribe", "SubscribeURL": confirm, "Token": "2336412f"}))
				if !slices.Contains(w.amazon.requests(), confirm) {
					t.Error("the subscription is not confirmed")
				}
			}
			for what, want := range map[string]struct {
				status   message.State
				obstacle delivery.Obstacle
				why      string
			}{
				"hard":      {message.Failed, delivery.Bounced, "5.1.1"},
				"soft":      {message.Failed, "", ""},
				"complaint": {message.Sent, delivery.Complained, "marked your email as unwanted"},
				"delivered": {message.Delivered, "", ""},
			} {
				to := what + "." + string(kind) + "@example.com"
				c, letter := w.written(to)
				for range 2 { // services say everything twice
					w.mustTell(kind, secret, event(what, strings.ToUpper(to[:1])+to[1:], messageID(letter)))
				}
				if got := w.last(c); got.Status != want.status || what == "hard" && !strings.Contains(got.Reason, "5.1.1") {
					t.Errorf("%s, %s: the mail is %s (%s)", kind, what, got.Status, got.Reason)
				}
				if got, why := w.obstacle(c); got != want.obstacle || !strings.Contains(why, want.why) {
					t.Errorf("%s, %s: the obstacle is %q: %s", kind, what, got, why)
				}
				if got, err := w.all.Bounces.Of(t.Context(), w.business.ID, to); err != nil || (what == "delivered") != (len(got) == 0) || len(got) > 1 {
					t.Errorf("%s, %s: noted is %+v, %v", kind, what, got, err)
				}
			}
		}
	})
}

// Nobody but the service, of nothing but our own mails of the last 30 days to this very
// address: a forged report silences nobody.
func TestForgedReportsSilenceNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		secret := w.source(bounce.ByPostmark)
		c, letter := w.written("amara@example.com")
		mail, _, _ := strings.Cut(messageID(letter), "@")
		other := businesstest.Make(t, d, "other")
		hard := postmark("HardBounce", "amara@example.com", mail)
		for name, try := range map[string]func() error{
			"another secret":  func() error { return w.tell(bounce.ByPostmark, secret[:len(secret)-1]+"_", hard) },
			"no secret":       func() error { return w.tell(bounce.ByPostmark, "", hard) },
			"another service": func() error { return w.tell(bounce.ByBrevo, secret, brevo("hard_bounce", "amara@example.com", mail)) },
			"no service":      func() error { return w.tell(bounce.ByMailbox, secret, hard) },
			"another business": func() error {
				return w.all.Bounces.TakeHook(t.Context(), other.ID, bounce.ByPostmark, secret, hard)
			},
			"no JSON": func() error { return w.tell(bounce.ByPostmark, secret, []byte("x")) },
		} {
			if err := try(); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for name, body := range map[string][]byte{
			"another address": postmark("HardBounce", "bob@example.com", mail),
			"another mail":    postmark("HardBounce", "amara@example.com", "mal_01J9ZQ4N7Y8W3V5T2S1R0PQXKM"),
			"no mail":         postmark("HardBounce", "amara@example.com", ""),
			"an answer":       postmark("AutoResponder", "amara@example.com", mail),
		} {
			w.mustTell(bounce.ByPostmark, secret, body)
			if got, _ := w.obstacle(c); got != "" {
				t.Fatalf("%s silenced the address: %s", name, got)
			}
		}
		d.Clock().SetOffset(31 * 24 * time.Hour)
		w.mustTell(bounce.ByPostmark, secret, hard)
		d.Clock().SetOffset(0)
		if got, _ := w.obstacle(c); got != "" {
			t.Error("a report of an old mail silenced the address")
		}
		w.mustTell(bounce.ByPostmark, secret, hard)
		if got, _ := w.obstacle(c); got != delivery.Bounced {
			t.Error("the true one did not")
		}
	})
}

// What is not signed by Amazon for the topic that was confirmed is refused, and no address
// but Amazon's own is asked.
func TestEventsOfAmazonAreSignedForOneTopic(t *testing.T) {
	w := mustWorld(t, dbtest.SQLite(t))
	secret := w.source(bounce.BySES)
	c, letter := w.written("amara@example.com")
	hard := func() map[string]string {
		return map[string]string{"Type": "Notification", "Subject": "Amazon SES", "Message": bounceOf("Permanent", "amara@example.com", "5.1.1", "smtp; 550 5.1.1 no", messageID(letter))}
	}
	subscribe := func(topic string) map[string]string {
		return map[string]string{"Type": "SubscriptionConfirmation", "Message": "x", "SubscribeURL": confirm, "Token": "2336412f", "TopicArn": topic}
	}
	refused := func(name string, body []byte) {
		t.Helper()
		if err := w.tell(bounce.BySES, secret, body); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused("before a topic is confirmed", w.amazon.sign(t, "1", hard()))
	refused("a confirmation elsewhere", w.amazon.sign(t, "1", func() map[string]string { m := subscribe(topic); m["SubscribeURL"] = "https://evil.example/"; return m }()))
	w.mustTell(bounce.BySES, secret, w.amazon.sign(t, "1", subscribe(topic)))
	refused("another topic's confirmation", w.amazon.sign(t, "1", subscribe("arn:aws:sns:eu-west-1:666:evil")))
	another := hard()
	another["TopicArn"] = "arn:aws:sns:eu-west-1:666:evil"
	refused("another topic's message", w.amazon.sign(t, "1", another))
	for name, change := range map[string]func(map[string]string){
		"a changed message":  func(m map[string]string) { m["Message"] += " " },
		"a changed subject":  func(m map[string]string) { m["Subject"] = "x" },
		"no signature":       func(m map[string]string) { delete(m, "Signature") },
		"another version":    func(m map[string]string) { m["SignatureVersion"] = "1" },
		"an unknown version": func(m map[string]string) { m["SignatureVersion"] = "3" },
		"another certificate": func(m map[string]string) {
			m["SigningCertURL"] = "https://sns.eu-west-1.amazonaws.com.evil.example/x.pem"
		},
		"a private certificate": func(m map[string]string) { m["SigningCertURL"] = "http://169.254.169.254/x.pem" },
		"a user in it": func(m map[string]string) {
			m["SigningCertURL"] = "https://sns.eu-west-1.amazonaws.com@evil.example/x.pem"
		},
		"a port in it":   func(m map[string]string) { m["SigningCertURL"] = "https://sns.eu-west-1.amazonaws.com:8443/x.pem" },
		"no certificate": func(m map[string]string) { m["SigningCertURL"] = "https://sns.us-east-1.amazonaws.com/other.pem" },
		"another type":   func(m map[string]string) { m["Type"] = "UnsubscribeConfirmation" },
	} {
		refused(name, w.amazon.sign(t, "2", hard(), change))
	}
	raw, _ := json.Marshal(hard()["Message"])
	refused("a raw message", raw)
	if got, _ := w.obstacle(c); got != "" {
		t.Fatal("a forged event silenced the address")
	}
	for _, asked := range w.amazon.requests() {
		if !strings.HasPrefix(asked, "https://sns.eu-west-1.amazonaws.com/") && !strings.HasPrefix(asked, "https://sns.us-east-1.amazonaws.com/") {
			t.Errorf("%s was asked", asked)
		}
	}
	w.mustTell(bounce.BySES, secret, w.amazon.sign(t, "2", hard()))
	if got, _ := w.obstacle(c); got != delivery.Bounced {
		t.Error("the true one did not")
	}
}

// An address that was written off gets nothing, not even a receipt, until a member lifts
// it; who complained or opted out is not forgotten by a bounce.
func TestAWrittenOffAddressGetsNothingUntilItIsLifted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		secret := w.source(bounce.ByBrevo)
		c, letter := w.written("amara@example.com")
		mail, _, _ := strings.Cut(messageID(letter), "@")
		w.mustTell(bounce.ByBrevo, secret, brevo("hard_bounce", "amara@example.com", mail))
		w.send(c)
		receipt := message.Mail{BusinessID: w.business.ID, To: "Amara@example.com", Key: "r1", Data: message.Receipt{Number: "2026-00001", Title: "Workshop", Amount: money.Amount{Minor: 8900, Currency: "EUR"}, URL: "https://pay.example/x"}}
		queue := func() {
			t.Helper()
			if err := d.InTx(t.Context(), func(tx *db.Tx) error { return w.all.Messages.Queue(t.Context(), tx, receipt) }); err != nil {
				t.Fatal(err)
			}
			if err := w.all.Messages.SendDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		queue()
		if got := len(w.server.Mails()); got != 1 {
			t.Errorf("%d mails were sent", got)
		}
		var failed struct{ State, Reason string }
		if err := d.Get(t.Context(), &failed, `SELECT state, reason FROM mails WHERE key = 'r1'`); err != nil || failed.State != "failed" || !strings.Contains(failed.Reason, "came back") {
			t.Errorf("the receipt is %+v, %v", failed, err)
		}
		var lifted bool
		if err := d.InTx(t.Context(), func(tx *db.Tx) (err error) {
			lifted, err = w.all.Deliveries.Lift(t.Context(), tx, w.business.ID, message.ByEmail, "AMARA@example.com")
			return err
		}); err != nil || !lifted {
			t.Fatalf("lifted %v, %v", lifted, err)
		}
		receipt.Key = "r2"
		queue()
		w.send(c)
		if got := len(w.server.Mails()); got != 3 {
			t.Errorf("%d mails were sent once it was lifted", got)
		}
		letters := w.server.Mails()
		mail, _, _ = strings.Cut(messageID(letters[2]), "@")
		w.mustTell(bounce.ByBrevo, secret, brevo("spam", "amara@example.com", mail))
		w.mustTell(bounce.ByBrevo, secret, brevo("hard_bounce", "amara@example.com", mail))
		if got, _ := w.obstacle(c); got != delivery.Complained {
			t.Errorf("the obstacle is %q", got)
		}
	})
}

// Who chose to hear of it is told of each address once, whatever comes later.
func TestMembersAreToldOfReturnedMailOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		owner, err := w.all.Accounts.PrepareOwner(t.Context(), account.OwnerDraft{Name: "Marit", Email: "marit@noord.example", Password: "paint-the-north"})
		if err != nil {
			t.Fatal(err)
		}
		err = d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := w.all.Accounts.CreateOwnerTx(t.Context(), tx, w.business.ID, owner)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var member account.UserID
		if err := d.Get(t.Context(), &member, `SELECT id FROM users`); err != nil {
			t.Fatal(err)
		}
		told := func() (subjects []string) {
			t.Helper()
			if err := w.all.Messages.SendDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, l := range w.server.Mails() {
				if l.To == "marit@noord.example" {
					subjects = append(subjects, decodedSubject(t, l.Source))
				}
			}
			return subjects
		}
		secret := w.source(bounce.ByBrevo)
		event := func(what, to string) {
			t.Helper()
			told() // so that the next letter is the customer's
			_, letter := w.written(to)
			id, _, _ := strings.Cut(messageID(letter), "@")
			w.mustTell(bounce.ByBrevo, secret, brevo(what, to, id))
			w.mustTell(bounce.ByBrevo, secret, brevo(what, to, id))
		}
		event("hard_bounce", "quiet@example.com")
		if got := told(); len(got) != 0 {
			t.Errorf("an owner who chose nothing is told %q", got)
		}
		if err := w.all.Messages.Choose(t.Context(), w.business, member, message.Choice{News: []message.News{message.NewsReturned}, Summary: message.Never}); err != nil {
			t.Fatal(err)
		}
		event("soft_bounce", "full@example.com")
		event("hard_bounce", "gone@example.com")
		event("spam", "cross@example.com")
		got := told()
		if len(got) != 2 || !strings.Contains(got[0], "Amara Okafor can’t be reached") || !strings.Contains(got[1], "Amara Okafor marked your email as unwanted") {
			t.Errorf("the owner is told %q, want one mail of the bounce and one of the complaint", got)
		}
	})
}

func decodedSubject(t *testing.T, source string) string {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	return subject
}
