package texting_test

import (
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/message/sms/smstest"
	"smartlinks/internal/message/texting"
)

func TestSMSSettingsKeepSecretsForTheSameAccountOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustTextWorld(t, d)
		set := func(a sms.Account) error {
			return w.messages.ChangeSMSSettings(t.Context(), w.business.ID, 0, texting.Settings{Account: a, DayCap: 10})
		}
		if err := set(sms.Account{Kind: sms.ByTwilio, User: smstest.SID, Key: smstest.Token, From: "+3197010"}); err != nil {
			t.Fatal(err)
		}
		if err := set(sms.Account{Kind: sms.ByTwilio, User: smstest.SID, From: "+31970102030"}); err != nil {
			t.Errorf("keeping the token: %v", err)
		}
		if err := set(sms.Account{Kind: sms.ByTwilio, User: "AC2"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("the token went to another account: %v", err)
		}
		got, err := w.messages.SMSSettings(t.Context(), w.business.ID)
		if err != nil || got.Account.Key != "" || got.Account.From != "+31970102030" || got.DayCap != 10 {
			t.Errorf("settings %+v, %v", got, err)
		}
		w.text("a")
		w.sendDue()
		if taken := w.gateway.Taken(); len(taken) != 1 || taken[0].From != "+31970102030" {
			t.Errorf("taken %+v", taken)
		}
	})
}

func TestTheDaysCapHolds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustTextWorld(t, d)
		if err := w.messages.ChangeSMSSettings(t.Context(), w.business.ID, 0, texting.Settings{DayCap: 3}); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"a", "b", "c", "d", "e"} {
			w.text(key)
		}
		w.sendDue()
		if n := len(w.gateway.Taken()); n != 3 {
			t.Errorf("%d were sent", n)
		}
		if s := w.textStanding("e"); s.State != "failed" || !strings.Contains(s.Reason, "3 SMS segments") {
			t.Errorf("the fifth is %+v", s)
		}
		d.Clock().SetOffset(24 * 3600e9)
		w.text("f")
		w.sendDue()
		if n := len(w.gateway.Taken()); n != 4 {
			t.Errorf("%d were sent by the next day", n)
		}
	})
}

// An account that is damaged as it is stored is a problem of the account: messages wait for
// as long as it takes, and go out when it is entered again.
func TestSMSWaitForAnAccountThatCantBeReadAndGoWhenItIsEnteredAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustTextWorld(t, d)
		own := texting.Settings{Account: sms.Account{Kind: sms.ByBird, Key: smstest.BirdKey}, DayCap: 10}
		if err := w.messages.ChangeSMSSettings(t.Context(), w.business.ID, 0, own); err != nil {
			t.Fatal(err)
		}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE sms_settings SET gateway = 'v1.AAAA'`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		w.text("a")
		w.sendDue()
		for range 20 {
			w.textsDue()
		}
		const told = "The SMS account that is stored can’t be read any more. Enter it again in Settings, SMS."
		if s := w.textStanding("a"); s.State != "queued" || s.Reason != told {
			t.Errorf("it is %+v", s)
		}
		if p, err := w.messages.SMSProblem(t.Context(), d, w.business.ID); err != nil || p.Reason != told || !p.Own || p.Since.IsZero() {
			t.Errorf("the problem is %+v, %v", p, err)
		}
		if n := len(w.gateway.Taken()); n != 0 {
			t.Errorf("%d went by another account", n)
		}
		if err := w.messages.ChangeSMSSettings(t.Context(), w.business.ID, 0, own); err != nil {
			t.Fatal(err)
		}
		w.sendDue()
		if s := w.textStanding("a"); s.State != "sent" || len(w.gateway.Taken()) != 1 {
			t.Errorf("entered again, it is %+v", s)
		}
		if p, err := w.messages.SMSProblem(t.Context(), d, w.business.ID); err != nil || p.Reason != "" {
			t.Errorf("the problem stays: %+v, %v", p, err)
		}
	})
}
