package sms

import (
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"smartlinks/internal/clock"
)

func TestSegmentsAreCountedAsGatewaysDo(t *testing.T) {
	for _, c := range []struct {
		text            string
		encoding        Encoding
		units, segments int
	}{
		{"", GSM7, 0, 1},
		{strings.Repeat("a", 160), GSM7, 160, 1},
		{strings.Repeat("a", 161), GSM7, 161, 2},
		{strings.Repeat("a", 306), GSM7, 306, 2},
		{strings.Repeat("a", 307), GSM7, 307, 3},
		{strings.Repeat("€", 80), GSM7, 160, 1},
		{strings.Repeat("a", 152) + strings.Repeat("€", 5), GSM7, 162, 2}, // no escape is cut from its character
		{"Pay €89.00 {now} ~ [here]", GSM7, 25 + 6, 1},
		{"à Ä ñ ß Ω", GSM7, 9, 1},
		{"ê", UCS2, 1, 1},
		{strings.Repeat("я", 70), UCS2, 70, 1},
		{strings.Repeat("я", 71), UCS2, 71, 2},
		{strings.Repeat("я", 135), UCS2, 135, 3},
		{"🎉", UCS2, 2, 1},
		{"a‘b’", UCS2, 4, 1},
	} {
		if got := Count(c.text); got != (Size{c.encoding, c.units, c.segments}) {
			t.Errorf("%.20q…: %+v, want %s %d in %d", c.text, got, c.encoding, c.units, c.segments)
		}
	}
}

func TestSegmentsHoldTheirTextAndNoMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune(basic+extended+"яê漢🎉"))).Draw(t, "text")
		got := Count(text)
		alone, joined, waste := aloneGSM7, joinedGSM7, 1
		if got.Encoding == UCS2 {
			alone, joined = aloneUCS2, joinedUCS2
			if got.Units != len(utf16.Encode([]rune(text))) {
				t.Fatalf("%d units", got.Units)
			}
		}
		switch {
		case got.Units <= alone && got.Segments != 1, got.Units > alone && got.Segments < 2:
			t.Fatalf("%+v", got)
		case got.Segments > 1 && (got.Units > got.Segments*joined || got.Units <= (got.Segments-1)*(joined-waste)):
			t.Fatalf("%d segments for %d units", got.Segments, got.Units)
		}
		if more := Count(text + "a"); more.Segments < got.Segments {
			t.Fatalf("a longer text has %d segments instead of %d", more.Segments, got.Segments)
		}
	})
}

func TestSendersAreMadeOfNames(t *testing.T) {
	for name, want := range map[string]string{
		"Studio Noord": "StudioNoord", "Acme": "Acme", "Café Zoë & Co.": "Cafe Zoe Co", "Städtische Werke": "StadtischeW",
		"24": fallbackName, "": fallbackName, "🎉🎉": fallbackName,
		// No riddles: a name in another script is not spelt out in Latin letters.
		"Ателье": fallbackName, "مقهى الشمال": fallbackName, "例え 24": fallbackName, "Ño": fallbackName, "Cafe 例え": "Cafe", "ØKO": "OKO", "No1": "No1",
	} {
		if got := Originator(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		if made := Originator(rapid.String().Draw(t, "name")); !ValidSender(made) || !IsName(made) {
			t.Fatalf("made %q", made)
		}
	})
}

func TestCountriesWithoutSenderNamesAreKnown(t *testing.T) {
	for number, want := range map[string]string{"+12025550123": "the United States", "+14165550123": "Canada", "+31612345678": "", "+447700900123": "", "nonsense": ""} {
		if got := NamelessCountry(number); got != want {
			t.Errorf("%s: %q, want %q", number, got, want)
		}
	}
}

func TestAccountsAreReadFromURLs(t *testing.T) {
	for text, want := range map[string]Account{
		"bird://bk_eu1_aB-c_9":                                 {Kind: ByBird, Key: "bk_eu1_aB-c_9"},
		"bird://bird_live_1?signing_key=whsec_YWJj&from=12345": {Kind: ByBird, Key: "bird_live_1", SigningKey: "whsec_YWJj", From: "12345"},
		"messagebird://bk_eu1_x":                               {Kind: ByBird, Key: "bk_eu1_x"}, // a new key in an old address
		"messagebird://live_KeY":                               {Kind: ByMessageBird, Key: "live_KeY"},
		"messagebird://k@":                                     {Kind: ByMessageBird, Key: "k"},
		"messagebird://k?signing_key=s%2Bx&from=%2B3197010":    {Kind: ByMessageBird, Key: "k", SigningKey: "s+x", From: "+3197010"},
		"twilio://AC1:to%2Fken@":                               {Kind: ByTwilio, User: "AC1", Key: "to/ken"},
		"twilio://AC1:token@?from=Acme":                        {Kind: ByTwilio, User: "AC1", Key: "token", From: "Acme"},
	} {
		got, err := ParseURL(text)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
		if again, err := ParseURL(got.URL()); err != nil || again != got {
			t.Errorf("%s: written as %s", text, got.URL())
		}
	}
	for _, text := range []string{"", "messagebird://", "twilio://AC1@", "smtp://x", "twilio://:token@", "messagebird://k?from=%2B", "messagebird://k?from=LongerThanEleven", "messagebird://a b",
		"bird://", "bird://live_classic", "bird://bk_", "bird://bk_eu_x", "bird://bk_e1.evil.example_x", "bird://bk_eu1_", "bird://bk_eu1_x/../y", "bird://bk_eu1_x?signing_key=secret", "bird://bk_eu1_x?from=MG00000000000000000000000000000001",
	} {
		if a, err := ParseURL(text); err == nil {
			t.Errorf("%q is taken as %+v", text, a)
		} else if strings.Contains(err.Error(), "token") {
			t.Errorf("%q: the error repeats the secret: %v", text, err)
		}
	}
}

func TestStopIsUnderstood(t *testing.T) {
	for text, want := range map[string]bool{"STOP": true, " stop. ": true, "Stoppen": true, "baja": true, "stop it, please": false, "": false, "Thanks": false} {
		if IsOptOut(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

func TestBirdsKeysLeadToTheirRegion(t *testing.T) {
	for key, want := range map[string]string{"bk_eu1_x": "https://eu1.platform.bird.com", "bk_us12_a_b": "https://us12.platform.bird.com", "bird_live_x": "https://api.bird.com", "bird_test_x": "https://api.bird.com"} {
		if got := NewOpener(Bases{}, clock.System()).Open(Account{Kind: ByBird, Key: key}).(*Bird).base; got != want {
			t.Errorf("%s: %s", key, got)
		}
	}
}

func TestAMessageIsBoundedBySegments(t *testing.T) {
	for text, want := range map[string]string{
		strings.Repeat("a", 9*153):   "",
		strings.Repeat("a", 9*153+1): "would have 10 segments, and at most 9 are sent. Leave out at least 1 of",
		strings.Repeat("я", 9*67):    "",
		strings.Repeat("я", 1000):    "would have 15 segments, and at most 9 are sent. Leave out at least 397 of",
	} {
		if got := TooLong(text); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%.10q…: %q", text, got)
		}
	}
}
