package frame

import (
	"strings"
	"testing"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/money"
)

func TestCountGroupsThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1942: "−1,942"} {
		if got := (Reader{}).Number(n); got != want {
			t.Errorf("count(%d) is %q, want %q", n, got, want)
		}
	}
}

func TestConversionMayExceedAHundred(t *testing.T) {
	for _, c := range []struct {
		payments, views int64
		want            string
	}{{1, 1, "100.0%"}, {3, 2, "150.0%"}, {5, 128, "3.9%"}, {1, 16, "6.3%"}, {3, 16, "18.8%"}, {0, 0, "–"}, {2, 0, "–"}} {
		if got := (Reader{}).Conversion(c.payments, c.views); got != c.want {
			t.Errorf("conversion(%d, %d) is %q, want %q", c.payments, c.views, got, c.want)
		}
	}
}

func TestAgoSpeaksOfDaysInThePlace(t *testing.T) {
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 29, 12, 0, 0, 0, amsterdam) // the clock was moved that night
	for _, c := range []struct {
		before time.Duration
		want   string
	}{
		{30 * time.Second, "just now"}, {time.Minute, "1 minute ago"}, {3 * time.Hour, "3 hours ago"},
		{23 * time.Hour, "yesterday"}, {72 * time.Hour, "3 days ago"}, {100 * 24 * time.Hour, "3 months ago"},
	} {
		if got := (Reader{}).Ago(now.Add(-c.before), now, amsterdam); got != c.want {
			t.Errorf("%v before is %q, want %q", c.before, got, c.want)
		}
	}
}

func TestOnlyLocalPathsAreFollowed(t *testing.T) {
	for next, want := range map[string]string{
		"/dashboard/acme/links?q=a": "/dashboard/acme/links?q=a",
		"https://evil.example/":     "",
		"//evil.example/":           "",
		"////evil.example/":         "",
		`/\evil.example`:            "",
		"/\t/evil.example":          "",
		"javascript:alert(1)":       "",
		"dashboard":                 "",
		"":                          "",
	} {
		if got := LocalPath(next); got != want {
			t.Errorf("localPath(%q) is %q, want %q", next, got, want)
		}
	}
}

// A name of Latin letters and a count of Arabic ones would run into each other.
func TestALineKeepsItsPartsApart(t *testing.T) {
	if got := (Reader{}).Line("MT940", "4 entries"); got != "MT940 · 4 entries" {
		t.Errorf("%q", got)
	}
	if got := (Reader{i18n.TranslatorFor("ar")}).Line("MT940", "4 إدخالات"); got != "\u2068MT940\u2069 · \u20684 إدخالات\u2069" {
		t.Errorf("%q", got)
	}
}

func TestSentencesOfFaultsWriteAmountsAsTheirReaderDoes(t *testing.T) {
	english := "Stripe charges at most €999,999.99 at once. Lower the amount."
	for code, amount := range map[string]string{"en": "€999,999.99", "nl": "€ 999.999,99", "de": "999.999,99 €", "fr": "999 999,99 €"} {
		got := ReaderOf(i18n.WithLanguage(t.Context(), code)).Sentence(english)
		if got = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(got); !strings.Contains(got, amount) || code != "en" && got == english {
			t.Errorf("%s: %s", code, got)
		}
	}
}

// Who is refused is shown an amount in the form in which they type it, and typed so it is taken.
func TestRefusalsOfAmountsShowOneAsTheirReaderTypesIt(t *testing.T) {
	for currency, examples := range map[money.Currency]map[string]string{
		"EUR": {"en": "12.50", "nl": "12,50", "de": "12,50", "fr": "12,50", "es": "12,50", "ar": "12.50"},
		"JPY": {"en": "1250", "nl": "1250", "de": "1250", "fr": "1250", "es": "1250", "ar": "1250"},
		"KWD": {"en": "12.500", "nl": "12.500", "de": "12.500", "fr": "12.500", "es": "12.500", "ar": "12.500"},
	} {
		for code, example := range examples {
			reader := ReaderOf(i18n.WithLanguage(t.Context(), code))
			for _, typed := range []string{"twelve", "1,50,0", "0.12345", "PLN 5"} {
				var unread fault.Fields
				AmountFrom(reader, typed, currency, "amount", &unread)
				if len(unread) == 0 {
					t.Fatalf("%s: %q is read", currency, typed)
				}
				said := reader.Sentence(unread[0].Message)
				if !strings.Contains(said, example) {
					t.Errorf("%s %s, %q: %s", code, currency, typed, said)
				}
			}
			if a, err := money.ParseTypedIn(example, currency, code); err != nil || a != money.ExampleAmount(currency) {
				t.Errorf("%s: the example %q is read as %v, %v", code, example, a, err)
			}
			var unread fault.Fields
			AmountFrom(reader, "99999999999", currency, "amount", &unread)
			if said := reader.Sentence(unread[0].Message); !strings.Contains(said, reader.Money(money.Max(currency))) {
				t.Errorf("%s %s: %s", code, currency, said)
			}
		}
	}
}
