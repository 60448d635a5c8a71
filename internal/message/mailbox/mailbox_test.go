package mailbox_test

import (
	"fmt"
	netmail "net/mail"
	"slices"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/mailbox"
)

func letter(n int) email.Mail {
	return email.Mail{
		ID: fmt.Sprintf("mal_%03d", n), From: netmail.Address{Name: "Noord, Studio", Address: "no-reply@pay.example"},
		To: netmail.Address{Name: "Amara <3", Address: fmt.Sprintf("amara%d@example.com", n)}, Date: dbtest.Start.Add(time.Duration(n/2) * time.Minute),
		Subject: fmt.Sprintf("Letter %d", n), Text: "Open https://pay.example/a?b=c.\nOr http://pay.example/d", HTML: "<p>Hi</p>",
	}
}

func TestLettersAreKeptOnceAndReadNewestFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		box := mailbox.New(d, false)
		for n := range 7 {
			for range 2 {
				if err := box.Send(t.Context(), letter(n)); err != nil {
					t.Fatal(err)
				}
			}
		}
		var read []string
		f := mailbox.Filter{Limit: 3}
		for {
			page, err := box.List(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range page {
				read = append(read, m.Subject)
			}
			if len(page) < f.Limit {
				break
			}
			f.Before = page[len(page)-1].ID
		}
		if want := []string{"Letter 6", "Letter 5", "Letter 4", "Letter 3", "Letter 2", "Letter 1", "Letter 0"}; !slices.Equal(read, want) {
			t.Errorf("read %q", read)
		}
		found, err := box.List(t.Context(), mailbox.Filter{Query: "AMARA4@", Limit: 9})
		if err != nil || len(found) != 1 || found[0].To != "amara4@example.com" || found[0].ToName != "Amara <3" {
			t.Errorf("found %+v, %v", found, err)
		}
		m, err := box.Get(t.Context(), "mal_004")
		if err != nil || m.HTML != "<p>Hi</p>" || m.Source == "" || !slices.Equal(m.Links(), []string{"https://pay.example/a?b=c", "http://pay.example/d"}) {
			t.Errorf("read %+v, %v", m, err)
		}
		if _, err := box.Get(t.Context(), "mal_none"); !fault.Is(err, fault.NotFound) {
			t.Errorf("error %v", err)
		}
	})
}
