package money_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"smartlinks/internal/money"
)

func TestInputThatIsClearIsRead(t *testing.T) {
	for _, c := range []struct {
		typed    string
		currency money.Currency
		minor    int64
	}{
		{"12.50", "EUR", 1250}, {"12,50", "EUR", 1250}, {"25", "EUR", 2500}, {" 25 ", "EUR", 2500}, {"0,5", "EUR", 50},
		{"007", "EUR", 700}, {"1500", "JPY", 1500}, {"1.250", "KWD", 1250}, {"0.001", "KWD", 1}, {"999999999.99", "EUR", 99999999999},
		{"1500.5", "EUR", 150050}, {"0,50", "EUR", 50},
		// Digits of other scripts, with the separators of theirs.
		{"٢٥", "EUR", 2500}, {"٢٥٫٥٠", "EUR", 2550}, {"２５", "EUR", 2500}, {"２５．５０", "EUR", 2550}, {"१२,५०", "EUR", 1250}, {"۱۲٫۵", "EUR", 1250},
		{"١٬٥٠٠", "EUR", 150000}, {"١٬٢٣٤٫٥٦", "EUR", 123456}, {"𝟙𝟚", "EUR", 1200}, {"١٫٢٥٠", "KWD", 1250}, {"٢٥،٥٠", "EUR", 2550},
		// What comes along unseen.
		{"\u202a25.50\u202c", "EUR", 2550}, {"\u200e25\u200b", "EUR", 2500}, {"\ufeff25", "EUR", 2500}, {"\u200f25\u00a0€", "EUR", 2500}, {"\t25\n", "EUR", 2500},
		// What pages print.
		{"1.234,56", "EUR", 123456}, {"1,234.56", "EUR", 123456}, {"1 234,50", "EUR", 123450}, {"1\u00a0234,50", "EUR", 123450},
		{"1\u202f234,50 €", "EUR", 123450}, {"1\u2009234.50", "EUR", 123450}, {"1 500", "EUR", 150000}, {"1’234.50", "EUR", 123450}, {"1.234.567,89", "EUR", 123456789},
		{"€25", "EUR", 2500}, {"25 €", "EUR", 2500}, {"25€", "EUR", 2500}, {"€ 25,50 EUR", "EUR", 2550}, {"25 EUR", "EUR", 2500}, {"eur 25", "EUR", 2500},
		{"CA$25", "CAD", 2500}, {"ca$ 25", "CAD", 2500}, {"￥1500", "JPY", 1500}, {"25,-", "EUR", 2500}, {"25.-", "EUR", 2500}, {"€ 25,–", "EUR", 2500}, {"25,--", "EUR", 2500},
		{"1.500,-", "EUR", 150000}, {"1.234,567", "KWD", 1234567}, {"1 234", "JPY", 1234}, {"123 456", "EUR", 12345600},
	} {
		a, err := money.ParseTyped(c.typed, c.currency)
		if err != nil || a.Minor != c.minor {
			t.Errorf("%q %s: %v, %v", c.typed, c.currency, a, err)
		}
	}
}

func TestInputThatIsNotClearIsRefused(t *testing.T) {
	for _, c := range []struct {
		typed    string
		currency money.Currency
		reason   money.Reason
	}{
		{"", "EUR", money.Missing}, {"1,500", "EUR", money.Ambiguous}, {"15.000", "EUR", money.Ambiguous},
		{"1.500", "EUR", money.Ambiguous}, {"€1,500", "EUR", money.Ambiguous}, {"١,٥٠٠", "EUR", money.Ambiguous}, {"1,234,567", "EUR", money.Ambiguous},
		{"1,500,-", "EUR", money.Unreadable}, {"1.5.0,00", "EUR", money.Ambiguous}, {"12.34,50", "EUR", money.Ambiguous}, {"0.500,00", "EUR", money.Ambiguous},
		{"1,234.567", "EUR", money.TooManyDecimals}, {"1 50", "EUR", money.Ambiguous}, {"1 2 3", "EUR", money.Ambiguous}, {"1٫500", "EUR", money.TooManyDecimals},
		{"1٫5٫0", "EUR", money.Ambiguous}, {"150.000", "EUR", money.Ambiguous}, {"1.500", "JPY", money.Ambiguous}, {"1,250 KWD", "KWD", money.Ambiguous},
		{"$25", "EUR", money.OtherCurrency}, {"25 USD", "EUR", money.OtherCurrency}, {"£5", "EUR", money.OtherCurrency}, {"25²", "EUR", money.Unreadable}, {"½", "EUR", money.Unreadable},
		{"−5", "EUR", money.NotPositive}, {"€ -5", "EUR", money.NotPositive}, {"-€5", "EUR", money.NotPositive}, {"٠", "EUR", money.NotPositive},
		{"€", "EUR", money.Unreadable}, {",-", "EUR", money.Ambiguous}, {"\u200b", "EUR", money.Missing}, {"٩٩٩٩٩٩٩٩٩٩", "EUR", money.TooLarge},
		{"1,500", "JPY", money.Ambiguous}, {"1,500", "KWD", money.Ambiguous}, {"12.345678", "EUR", money.TooManyDecimals},
		{"0.001", "EUR", money.TooManyDecimals}, {"1500.5", "JPY", money.TooManyDecimals}, {"-5", "EUR", money.NotPositive},
		{"0", "EUR", money.NotPositive}, {"0.00", "EUR", money.NotPositive}, {"1e3", "EUR", money.Unreadable},
		{".5", "EUR", money.Ambiguous}, {"5.", "EUR", money.Ambiguous},
		{"1000000000", "EUR", money.TooLarge}, {strings.Repeat("9", 400), "EUR", money.TooLarge},
		{"NaN", "EUR", money.Unreadable}, {"0x10", "EUR", money.Unreadable}, {"+5", "EUR", money.Unreadable},
	} {
		_, err := money.ParseTyped(c.typed, c.currency)
		var refusal *money.ParseError
		if !errors.As(err, &refusal) || refusal.Reason != c.reason || refusal.Message == "" {
			t.Errorf("%q %s: %v", c.typed, c.currency, err)
		}
	}
}

// Who is refused is shown an amount that would be taken.
func TestExamplesAreAmountsOfTheCurrency(t *testing.T) {
	for currency, want := range map[money.Currency]string{"EUR": "12.50", "JPY": "1250", "KWD": "12.500"} {
		if got := money.Example(currency); got != want {
			t.Errorf("%s: %q, not %q", currency, got, want)
		}
	}
	for currency, want := range map[money.Currency]string{
		"EUR": "EUR has 2 decimals. Enter an amount like 12.50.",
		"JPY": "JPY has no decimals. Enter a whole amount, like 1250.",
	} {
		if _, err := money.Parse("1.2345", currency); err == nil || err.Error() != want {
			t.Errorf("%s: %v, not %q", currency, err, want)
		}
	}
	if got := money.ExampleAmount("KWD").String(); got != "KWD 12.500" {
		t.Errorf("in the log: %q", got)
	}
}

func TestTheAPIReadsOnlyDecimalStrings(t *testing.T) {
	if a, err := money.Parse("49.5", "EUR"); err != nil || a.Minor != 4950 {
		t.Errorf("49.5: %v, %v", a, err)
	}
	for _, s := range []string{"", "12,50", " 12", "1e3", "1_000", "+1", "-1", "0", "0.00", ".5", "5.", "1.234", "1.2.3", "12.5a", "1000000000.00"} {
		if a, err := money.Parse(s, "EUR"); err == nil {
			t.Errorf("%q is read as %v", s, a)
		}
	}
}

func TestFormsAreThoseOfTheLanguage(t *testing.T) {
	eur := money.Amount{Minor: 123450, Currency: "EUR"}
	for language, want := range map[string]string{
		"en": "€1,234.50", "nl": "€\u00a01.234,50", "de": "1.234,50\u00a0€", "fr": "1\u202f234,50\u00a0€",
		"es": "1234,50\u00a0€", "ar": "\u200f1,234.50\u00a0€", "xx": "€1,234.50",
	} {
		if got := eur.Format(language); got != want {
			t.Errorf("%s: %q, not %q", language, got, want)
		}
		want = strings.NewReplacer(".50", "", ",50", "").Replace(want)
		if got := eur.FormatWhole(language); got != want {
			t.Errorf("%s, whole: %q, not %q", language, got, want)
		}
	}
	for _, c := range []struct {
		amount money.Amount
		want   string
	}{
		{money.Amount{Minor: 4900, Currency: "EUR"}, "€49.00"}, {money.Amount{Minor: 1500, Currency: "JPY"}, "¥1,500"},
		{money.Amount{Minor: 1250, Currency: "KWD"}, "KWD\u00a01.250"}, {money.Amount{Minor: 5, Currency: "USD"}, "$0.05"},
		{money.Amount{Minor: -4900, Currency: "EUR"}, "-€49.00"}, {money.Amount{Minor: 100000000, Currency: "EUR"}, "€1,000,000.00"},
		{money.Amount{Minor: 12345600, Currency: "EUR"}, "€123,456.00"}, {money.Amount{Currency: "EUR"}, "€0.00"},
	} {
		if got := c.amount.Format("en"); got != c.want {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
}

// The forms are those of CLDR 48, as ICU writes them.
func TestNegativeFormsAreThoseOfTheLanguage(t *testing.T) {
	refund := money.Amount{Minor: -123456750, Currency: "EUR"}
	for language, want := range map[string]string{
		"en": "-€1,234,567.50", "nl": "€\u00a0-1.234.567,50", "de": "-1.234.567,50\u00a0€", "fr": "-1\u202f234\u202f567,50\u00a0€",
		"es": "-1.234.567,50\u00a0€", "ar": "\u200f\u200e-1,234,567.50\u00a0€", "nl-BE": "€\u00a0-1.234.567,50",
	} {
		if got := refund.Format(language); got != want {
			t.Errorf("%s: %q, not %q", language, got, want)
		}
	}
	least := money.Amount{Minor: math.MinInt64, Currency: "EUR"}
	if got := least.Format("en"); got != "-€92,233,720,368,547,758.08" {
		t.Errorf("the least amount: %q", got)
	}
}

func TestJSONIsADecimalString(t *testing.T) {
	text, err := json.Marshal(money.Amount{Minor: 4900, Currency: "EUR"})
	if err != nil || string(text) != `{"value":"49.00","currency":"EUR"}` {
		t.Fatalf("%s, %v", text, err)
	}
	var a money.Amount
	if err := json.Unmarshal(text, &a); err != nil || a.Minor != 4900 || a.Currency != "EUR" {
		t.Errorf("%v, %v", a, err)
	}
	for _, none := range []string{`{"value":"0.00","currency":"EUR"}`, `{"value":"0","currency":"JPY"}`} {
		if err := json.Unmarshal([]byte(none), &a); err != nil || a.Minor != 0 {
			t.Errorf("%s is read as %v, %v", none, a, err)
		}
	}
	for _, bad := range []string{`{"value":49,"currency":"EUR"}`, `{"value":"49","currency":"XXX"}`, `"49"`, `{"value":"1,500","currency":"EUR"}`} {
		if err := json.Unmarshal([]byte(bad), &a); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}

func TestSumsDoNotWrapAround(t *testing.T) {
	big := money.Amount{Minor: math.MaxInt64, Currency: "EUR"}
	one := money.Amount{Minor: 1, Currency: "EUR"}
	if _, err := big.Add(one); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("add: %v", err)
	}
	if _, err := (money.Amount{Minor: math.MinInt64, Currency: "EUR"}).Sub(one); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("sub: %v", err)
	}
	dollar := money.Amount{Minor: 1, Currency: "USD"}
	if _, err := big.Add(dollar); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("mixed: %v", err)
	}
	if _, err := big.Sub(dollar); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("mixed: %v", err)
	}
	if sum, err := one.Add(one); err != nil || sum.Minor != 2 {
		t.Errorf("1 + 1: %v, %v", sum, err)
	}
	if rest, err := one.Sub(big); err != nil || rest.Minor != 1-math.MaxInt64 {
		t.Errorf("1 - max: %v, %v", rest, err)
	}
	none := money.Amount{Currency: "EUR"}
	for _, a := range []money.Amount{big, one, none} {
		if sum, err := a.Add(none); err != nil || sum != a {
			t.Errorf("%v + 0: %v, %v", a, sum, err)
		}
		if rest, err := a.Sub(none); err != nil || rest != a {
			t.Errorf("%v - 0: %v, %v", a, rest, err)
		}
	}
	if !none.IsZero() || one.IsZero() || one.Cmp(big) != -1 || big.Cmp(one) != 1 || one.Cmp(one) != 0 {
		t.Error("amounts are compared wrongly")
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(money.Currencies()).Draw(t, "currency")
		a := money.Amount{Minor: rapid.Int64Range(1, money.Max(c).Minor).Draw(t, "minor"), Currency: c}
		if got, err := money.Parse(a.Decimal(), c); err != nil || got != a {
			t.Fatalf("%s: %v, %v", a, got, err)
		}
	})
}

// Whoever copies an amount from a page of ours and types it into that page's
// form gets the amount.
func TestWhatAPagePrintsIsReadWhenTyped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(money.Currencies()).Draw(t, "currency")
		a := money.Amount{Minor: rapid.OneOf(rapid.Int64Range(1, 9_999_999), rapid.Int64Range(1, money.Max(c).Minor)).Draw(t, "minor"), Currency: c}
		language := rapid.SampledFrom([]string{"en", "nl", "de", "fr", "es", "ar"}).Draw(t, "language")
		for _, blank := range []string{"\u00a0", "\u202f", "\u2009", " "} {
			typed := strings.NewReplacer("\u00a0", blank, "\u202f", blank).Replace(a.Format(language))
			if got, err := money.ParseTypedIn(typed, c, language); err != nil || got != a {
				t.Fatalf("%s: %q is read as %v, %v", language, typed, got, err)
			}
			// On no other page is it another amount.
			for _, other := range []string{"", "en", "nl", "de", "fr", "es", "ar"} {
				if got, err := money.ParseTypedIn(typed, c, other); err == nil && got != a {
					t.Fatalf("%q of %s is read as %v in %q", typed, language, got, other)
				}
			}
		}
	})
}

func TestDigitsOfEveryScriptAreRead(t *testing.T) {
	n := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.Is(unicode.Nd, r) {
			continue
		}
		if n++; n%10 != 1 {
			continue // ten stand in a row, nought first
		}
		typed := string([]rune{r + 1, r + 2, r + 9, '.', r + 4, r})
		if a, err := money.ParseTyped(typed, "EUR"); err != nil || a.Minor != 12940 {
			t.Errorf("%q (%U) is read as %v, %v", typed, r, a, err)
		}
	}
	if n < 600 {
		t.Errorf("only %d digits", n)
	}
}

func TestCurrenciesAreThoseThatCanBeAsked(t *testing.T) {
	for code, want := range map[string]money.Reason{
		"EUR": "", " aoa ": "", "AFN": "", "SLE": "", "XCG": "", "BGN": money.NotCharged, "ANG": money.NotCharged, "SLL": money.NotCharged, "HRK": money.NotCharged,
		"IRR": money.NotCharged, "GHS": money.NotCharged, "XXX": money.BadCurrency, "XAU": money.BadCurrency, "XTS": money.BadCurrency, "EU": money.BadCurrency, "": money.BadCurrency, "€": money.BadCurrency,
	} {
		_, err := money.ParseCurrency(code)
		var refusal *money.ParseError
		if errors.As(err, &refusal) != (want != "") || refusal != nil && refusal.Reason != want {
			t.Errorf("%q: %v, not %q", code, err, want)
		}
	}
	if _, err := money.ParseCurrency("BGN"); err == nil || !strings.Contains(err.Error(), "EUR") || strings.Contains(err.Error(), "three letters") {
		t.Errorf("a retired currency: %v", err)
	}
	for code, letters := range map[string]bool{"XAU": false, "TRL": false, "vef": false, "ABC": false, "EU": true, "EURO": true, "12E": true, "€": true, "": true} {
		if _, err := money.ParseCurrency(code); err == nil || strings.Contains(err.Error(), "three letters") != letters {
			t.Errorf("%q is told as %v", code, err)
		}
	}
	if c, err := money.ReadCurrency("bgn"); err != nil || c != "BGN" || !c.Known() {
		t.Errorf("an old payment's: %v, %v", c, err)
	}
	for _, c := range money.Currencies() {
		if c.Name() == "" || c.Name() == string(c) || c.Check() != nil || !c.Known() {
			t.Errorf("%s is offered as %q: %v", c, c.Name(), c.Check())
		}
	}
}

func TestThousandsAreNeverTakenForCents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[1-9]\d{0,2}([.,]\d{3}){1,2}`).Draw(t, "typed")
		if a, err := money.ParseTyped(text, "EUR"); err == nil {
			t.Fatalf("%q is read as %v", text, a)
		}
	})
}

func FuzzParseTyped(f *testing.F) {
	for _, seed := range []string{"12.50", "1,500", "1e3", "", "-", "٣", "0.0000"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if a, err := money.ParseTyped(s, "EUR"); err == nil && (a.Minor <= 0 || a.Minor > money.Max("EUR").Minor) {
			t.Errorf("%q is %v", s, a)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"49.00", "49", "49.5", "1e3", "", "-1", " 1", "00.10", "999999999.99"} {
		f.Add(seed, "EUR")
	}
	f.Add("1.250", "KWD")
	f.Add("500", "JPY")
	f.Fuzz(func(t *testing.T, s, code string) {
		c, err := money.ParseCurrency(code)
		if err != nil {
			return
		}
		a, err := money.Parse(s, c)
		if err != nil {
			return
		}
		if a.Minor <= 0 || a.Minor > money.Max(c).Minor {
			t.Errorf("%q is %v", s, a)
		}
		if again, err := money.Parse(a.Decimal(), c); err != nil || again != a {
			t.Errorf("%q is %v, and %v when read again: %v", s, a, again, err)
		}
		if typed, err := money.ParseTyped(s, c); err == nil && typed != a {
			t.Errorf("%q is %v in the API and %v when typed", s, a, typed)
		}
	})
}

func BenchmarkFormat(b *testing.B) {
	a := money.Amount{Minor: 123450, Currency: "EUR"}
	b.ReportAllocs()
	for b.Loop() {
		_ = a.Format("en")
	}
}
