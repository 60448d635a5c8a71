package delivery_test

import (
	"context"
	"io"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
)

func TestALinkGoesToTheCustomerAndItsStateComesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, c := w.link("Workshop"), w.customer("Amara Okafor", "amara@example.com")
		var steps []message.State
		w.deliveries.OnStatus(func(_ context.Context, _ *db.Tx, s delivery.Send) error {
			steps = append(steps, s.Status)
			return nil
		})
		sent := w.send(l, "", c.ID)
		if len(sent) != 1 || sent[0].Status != message.Queued || sent[0].CustomerID != c.ID {
			t.Fatalf("wrote %+v", sent)
		}
		got := w.only(l)
		if got.Status != message.Sent || got.SentAt == nil || got.GatewayID == "" || got.Address != "amara@example.com" || got.Reason != "" {
			t.Errorf("the delivery is %+v", got)
		}
		if after := w.sends(l)[0]; after.Status != message.Sent || len(steps) != 1 || steps[0] != message.Sent {
			t.Errorf("the send is %q after %v", after.Status, steps)
		}
		letter, err := mail.ReadMessage(strings.NewReader(w.server.Mails()[0].Source))
		if err != nil {
			t.Fatal(err)
		}
		if subject := letter.Header.Get("Subject"); subject != "Your payment link from Business acme" {
			t.Errorf("the subject is %q", subject)
		}
		stop := "<https://pay.example/s/" + sent[0].Deliveries[0].OptOutToken + ">"
		if sent[0].Deliveries[0].OptOutToken == got.Token || strings.Contains(w.server.Mails()[0].Source, "/s/"+got.Token) {
			t.Error("whoever holds the way to the link can opt out of its messages")
		}
		if letter.Header.Get("List-Unsubscribe") != stop || letter.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
			t.Errorf("the way out is %q, %q", letter.Header.Get("List-Unsubscribe"), letter.Header.Get("List-Unsubscribe-Post"))
		}
		body, _ := io.ReadAll(quotedprintable.NewReader(letter.Body))
		for _, words := range []string{"Hi Amara", "€89.00", "https://pay.example/r/" + got.Token} {
			if !strings.Contains(string(body), words) {
				t.Errorf("the mail lacks %q", words)
			}
		}
	})
}

// What can't be sent is written down with the reason, and the rest goes out.
func TestWhatCannotBeSentSaysWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, c := w.link("Workshop"), w.customer("Tomasz", "")
		started, err := w.deliveries.Start(t.Context(), w.business, l.ID, delivery.Request{
			Customers: []customer.ID{c.ID}, Channels: []message.Channel{message.BySMS, message.ByEmail},
		})
		if err != nil {
			t.Fatal(err)
		}
		sent := started.Sends[0]
		if sent.Status != message.Failed || len(sent.Deliveries) != 2 {
			t.Fatalf("wrote %+v", sent)
		}
		for i, why := range []string{"Tomasz has no email address.", "Tomasz has no phone number."} {
			if d := sent.Deliveries[i]; d.Status != message.Failed || !strings.Contains(d.Reason, why) {
				t.Errorf("delivery %d is %+v", i, d)
			}
		}
	})
}

func TestABouncedAddressIsNotWrittenToAgainUntilItIsChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, c := w.link("Workshop"), w.customer("Amara", "Amara@example.com")
		w.server.Bar("Amara@example.com", 550, "5.1.1 User unknown")
		w.send(l, "", c.ID)
		if got := w.only(l); got.Status != message.Failed || !strings.Contains(got.Reason, "User unknown") {
			t.Fatalf("the delivery is %+v", got)
		}
		reach, err := w.deliveries.Reach(t.Context(), d, w.business, c)
		if err != nil || reach.Email.Obstacle != delivery.Bounced || !strings.Contains(reach.Email.Why, "User unknown") {
			t.Errorf("reach is %+v, %v", reach, err)
		}
		w.server.Bar("Amara@example.com", 0, "")
		w.send(l, "", c.ID)
		if n, _ := w.received(); n != 0 {
			t.Error("a bounced address was written to again")
		}
		address := "amara.okafor@example.com"
		if _, err := w.customers.Edit(t.Context(), w.business, c.ID, 0, func(f *customer.Fields) { f.Email = address }); err != nil {
			t.Fatal(err)
		}
		w.send(l, "", c.ID)
		if _, to := w.received(); to != address {
			t.Errorf("mail went to %q", to)
		}
	})
}

// A server that doesn't want us says nothing about the address.
func TestRefusedMailDoesNotWriteAnAddressOff(t *testing.T) {
	d := dbtest.SQLite(t)
	w := mustWorld(t, d)
	l, c := w.link("Workshop"), w.customer("Amara", "amara@example.com")
	for _, refusal := range []struct {
		code int
		says string
	}{{550, "5.7.1 no"}, {554, "5.7.1 no"}, {552, "5.2.2 full"}, {451, "4.1.1 no"}} {
		w.server.Bar("amara@example.com", refusal.code, refusal.says)
		w.send(l, "", c.ID)
		reach, err := w.deliveries.Reach(t.Context(), d, w.business, c)
		if err != nil || !reach.Email.Possible() {
			t.Errorf("after %d %v: %+v, %v", refusal.code, refusal.says, reach.Email, err)
		}
	}
}

// Messages from before opting out had a token of its own go on opting out by the pay
// link's, and do nothing else by it.
func TestOldWaysOutOnlyLeadOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, c := w.link("Workshop"), w.customer("Amara", "amara@example.com")
		old := w.send(l, "", c.ID)[0].Deliveries[0]
		if err := w.deliveries.OptOutByToken(t.Context(), old.Token); !fault.Is(err, fault.NotFound) {
			t.Errorf("the pay link's token opts out: %v", err)
		}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE deliveries SET stop_token = token`) // as the migration leaves them
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := w.deliveries.OptOutByToken(t.Context(), old.Token); err != nil {
			t.Error(err)
		}
		if err := w.deliveries.OptInByToken(t.Context(), old.Token); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the pay link's token opts in: %v", err)
		}
		reach, err := w.deliveries.Reach(t.Context(), d, w.business, c)
		if err != nil || reach.Email.Obstacle != delivery.OptedOut {
			t.Errorf("reach is %+v, %v", reach.Email, err)
		}
	})
}

func TestWhoOptsOutGetsNoMoreUntilTheyWantTo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, c := w.link("Workshop"), w.customer("Amara", "amara@example.com")
		first := w.send(l, "", c.ID)[0]
		var heard []delivery.OptOut
		w.deliveries.OnOptOut(func(_ context.Context, _ *db.Tx, o delivery.OptOut) error {
			heard = append(heard, o)
			return nil
		})
		for range 2 {
			if err := w.deliveries.OptOutByToken(t.Context(), first.Deliveries[0].OptOutToken); err != nil {
				t.Fatal(err)
			}
			if len(heard) != 1 || len(heard[0].Recipients) != 1 || heard[0].Recipients[0] != first.RecipientID {
				t.Errorf("told %+v", heard)
			}
		}
		second := w.send(l, "", c.ID)[0]
		if n, _ := w.received(); n != 1 {
			t.Errorf("%d mails went out", n)
		}
		if last := second.Deliveries[0]; last.Status != message.Failed || !strings.Contains(last.Reason, "asked for no more email") {
			t.Errorf("the delivery is %+v", last)
		}
		if err := w.deliveries.OptInByToken(t.Context(), first.Deliveries[0].OptOutToken); err != nil {
			t.Fatal(err)
		}
		w.send(l, "", c.ID)
		if n, _ := w.received(); n != 2 {
			t.Errorf("%d mails went out", n)
		}
	})
}

// The link in a mail is for good, the address that the mail went to is not.
func TestWhoFindsAnOldMailCanStillOptOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, c := w.link("Workshop"), w.customer("Amara", "amara@example.com")
		first := w.send(l, "", c.ID)[0]
		for _, then := range []struct {
			days int
			want string
		}{{89, "amara@example.com"}, {91, ""}} {
			d.Clock().SetOffset(time.Duration(then.days) * 24 * time.Hour)
			if err := w.deliveries.DeleteOld(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := w.sends(l)[0].Deliveries[0].Address; got != then.want {
				t.Errorf("after %d days it says that it went to %q", then.days, got)
			}
		}
		if err := w.deliveries.OptOutByToken(t.Context(), first.Deliveries[0].OptOutToken); err != nil {
			t.Fatal(err)
		}
		if reach, err := w.deliveries.Reach(t.Context(), d, w.business, c); err != nil || reach.Email.Possible() {
			t.Errorf("they are still written to: %+v, %v", reach, err)
		}
	})
}

func TestOptingOutOfOneBusinessLeavesAnother(t *testing.T) {
	d := dbtest.SQLite(t)
	w := mustWorld(t, d)
	c := w.customer("Amara", "amara@example.com")
	if err := d.InTx(t.Context(), func(tx *db.Tx) error {
		return w.deliveries.OptOut(t.Context(), tx, business.ID("biz_other"), message.ByEmail, "amara@example.com")
	}); err == nil {
		t.Error("a business that isn't there was opted out of")
	}
	if reach, err := w.deliveries.Reach(t.Context(), d, w.business, c); err != nil || !reach.Email.Possible() {
		t.Errorf("reach is %+v, %v", reach, err)
	}
}

// However often and by however many processes a send of one key is ordered,
// one message goes out.
func TestAKeyedSendIsMadeOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, c := w.link("Workshop"), w.customer("Amara", "amara@example.com")
		var crowd sync.WaitGroup
		for range 8 {
			crowd.Go(func() {
				_, err := w.deliveries.Start(t.Context(), w.business, l.ID, delivery.Request{
					Customers: []customer.ID{c.ID}, Channels: []message.Channel{message.ByEmail}, Key: "form/1",
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		crowd.Wait()
		w.sendDue()
		if n, _ := w.received(); n != 1 || len(w.sends(l)) != 1 {
			t.Errorf("%d mails, %d sends", n, len(w.sends(l)))
		}
	})
}

func TestWrongRequestsNameTheField(t *testing.T) {
	d := dbtest.SQLite(t)
	w := mustWorld(t, d)
	l, c := w.link("Workshop"), w.customer("Amara", "amara@example.com")
	byMail := []message.Channel{message.ByEmail}
	last := w.customer("Ben", "ben@example.com", "Left")
	if err := w.customers.Delete(t.Context(), w.business.ID, last.ID); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		request delivery.Request
		field   string
	}{
		{delivery.Request{Customers: []customer.ID{c.ID}}, "channels"},
		{delivery.Request{Customers: []customer.ID{c.ID}, Channels: []message.Channel{"pigeon"}}, "channels"},
		{delivery.Request{Channels: byMail}, "customer_id"},
		{delivery.Request{Customers: []customer.ID{"cus_nobody"}, Channels: byMail}, "customer_id"},
		{delivery.Request{Tag: "nothing", Channels: byMail}, "tag"},
		{delivery.Request{Tag: "Left", Channels: byMail}, "tag"},
		{delivery.Request{Customers: []customer.ID{c.ID}, Channels: byMail, Message: "Hi {naam}"}, "message"},
	} {
		_, err := w.deliveries.Start(t.Context(), w.business, l.ID, tc.request)
		if !fault.Is(err, fault.Invalid) || fault.Of(err).Fields[0].Name != tc.field {
			t.Errorf("%+v: %v", tc.request, err)
		}
	}
	_, err := w.deliveries.Start(t.Context(), w.business, l.ID, delivery.Request{Customers: []customer.ID{c.ID}, Message: "Hi {naam}"})
	if of := fault.Of(err); len(of.Fields) != 2 || of.Fields[1].Name != "message" {
		t.Errorf("two mistakes at once: %v", err)
	}
	if len(w.sends(l)) != 0 {
		t.Error("something was sent")
	}
}

func TestAClosedLinkIsNotSent(t *testing.T) {
	d := dbtest.SQLite(t)
	w := mustWorld(t, d)
	l, c := w.link("Workshop"), w.customer("Amara", "amara@example.com")
	if _, err := w.links.SetActive(t.Context(), w.business, l.ID, false); err != nil {
		t.Fatal(err)
	}
	_, err := w.deliveries.Start(t.Context(), w.business, l.ID, delivery.Request{Customers: []customer.ID{c.ID}, Channels: []message.Channel{message.ByEmail}})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v", err)
	}
}

func TestMergedCustomersAreOneRecipient(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.link("Workshop")
		keep, gone := w.customer("Amara", "amara@example.com"), w.customer("A. Okafor", "okafor@example.com")
		w.send(l, "", keep.ID, gone.ID)
		alone := w.link("Course")
		w.send(alone, "", gone.ID)
		w.later(alone, delivery.Request{Customers: []customer.ID{gone.ID}})
		joined := 0
		w.deliveries.OnJoin(func(context.Context, *db.Tx, business.ID, delivery.RecipientID, delivery.RecipientID) error {
			joined++
			return nil
		})
		if _, err := w.customers.Merge(t.Context(), w.business, keep.ID, gone.ID); err != nil {
			t.Fatal(err)
		}
		all, err := w.deliveries.RecipientsOf(t.Context(), d, w.business.ID, l.ID, w.business.Mode)
		if err != nil || len(all) != 1 || all[0].CustomerID != keep.ID || joined != 1 {
			t.Errorf("recipients are %+v, %v; joined %d", all, err, joined)
		}
		for _, s := range w.sends(l) {
			if s.RecipientID != all[0].ID || s.CustomerID != keep.ID {
				t.Errorf("a send is of %q", s.RecipientID)
			}
		}
		d.Clock().SetOffset(2 * time.Hour)
		w.laterDue()
		if sends := w.sends(alone); len(sends) != 2 || sends[0].CustomerID != keep.ID || sends[1].CustomerID != keep.ID || sends[0].RecipientID != sends[1].RecipientID {
			t.Errorf("what the other got alone, and was to get, is %+v", sends)
		}
	})
}

func TestADeletedCustomerLeavesNoAddressBehind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, c := w.link("Workshop"), w.customer("Amara", "amara@example.com")
		w.send(l, "", c.ID)
		if err := w.customers.Delete(t.Context(), w.business.ID, c.ID); err != nil {
			t.Fatal(err)
		}
		if sends := w.sends(l); len(sends) != 1 || sends[0].CustomerID != "" || sends[0].Deliveries[0].Address != "" {
			t.Errorf("left %+v", sends)
		}
	})
}

func TestADeletedLinkIsNotSentAnyMore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.links.OnDelete(w.deliveries.DropLink)
		l, c, other := w.link("Workshop"), w.customer("Amara", "amara@example.com"), w.customer("Ben", "ben@example.com")
		if _, err := w.deliveries.Start(t.Context(), w.business, l.ID, delivery.Request{Customers: []customer.ID{c.ID, other.ID}, Channels: []message.Channel{message.ByEmail}}); err != nil {
			t.Fatal(err)
		}
		if err := w.links.Delete(t.Context(), w.business, l.ID); err != nil {
			t.Fatal(err)
		}
		w.sendDue()
		if n, _ := w.received(); n != 0 {
			t.Errorf("%d mails went out", n)
		}
		for _, s := range w.sends(l) {
			if got := s.Deliveries[0]; got.Status != message.Failed || !strings.Contains(got.Reason, "deleted") {
				t.Errorf("the delivery is %+v", got)
			}
		}
	})
}
