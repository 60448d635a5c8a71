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
