package share_test

import (
	"strings"
	"testing"

	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/share"
	"smartlinks/internal/system/systemtest"
)

func TestTextsAreKeptByLinkAndLanguage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := systemtest.New(t, d)
		acme, other := businesstest.Make(t, d, "acme"), businesstest.Make(t, d, "other")
		l, err := s.Links.Create(t.Context(), acme, link.Fields{Active: true, Name: "Lesson", Amount: &money.Amount{Minor: 2500, Currency: "EUR"}})
		if err != nil {
			t.Fatal(err)
		}
		set := func(language, text string) {
			t.Helper()
			if err := s.Share.Set(t.Context(), acme, l.ID, language, text); err != nil {
				t.Fatal(err)
			}
		}
		says := func(want map[string]string) {
			t.Helper()
			got, err := s.Share.Of(t.Context(), acme.ID, l.ID)
			if err != nil || len(got) != len(want) {
				t.Fatalf("says %v, want %v, %v", got, want, err)
			}
			for language, text := range want {
				if got[language] != text {
					t.Errorf("says %q in %s, want %q", got[language], language, text)
				}
			}
		}
		says(nil)
		set("en", "  Come and learn.\n")
		set("nl", "Kom en leer.")
		set("en", "Learn with us.")
		says(map[string]string{"en": "Learn with us.", "nl": "Kom en leer."})
		set("nl", " ")
		says(map[string]string{"en": "Learn with us."})
		if err := s.Share.Set(t.Context(), acme, l.ID, "tlh", strings.Repeat("a", share.MaxText+1)); !fault.Is(err, fault.Invalid) || len(fault.Of(err).Fields) != 2 {
			t.Errorf("an unknown language and too much: %v", err)
		}
		if err := s.Share.Set(t.Context(), other, l.ID, "en", "Mine"); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else's link: %v", err)
		}
		if got, err := s.Share.Of(t.Context(), other.ID, l.ID); err != nil || len(got) != 0 {
			t.Errorf("others read %v, %v", got, err)
		}
		if err := s.Links.Delete(t.Context(), acme, l.ID); err != nil {
			t.Fatal(err)
		}
		says(nil)
	})
}
