package delivery_test

import (
	"strings"
	"testing"

	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
)

func TestWordsAreFilledIn(t *testing.T) {
	values := map[string]string{"link": "https://pay.example/r/x", "customer_name": "Amara {link}", "amount": "€89.00"}
	for _, c := range []struct{ typed, want string }{
		{"🎉 Early bird! {link}", "🎉 Early bird! https://pay.example/r/x"},
		{"Hi { customer_name },\r\npay {amount}", "Hi Amara {link},\npay €89.00"},
		{"{} and {1} and { Link }", "{} and {1} and { Link }"},
		{"  ", ""},
	} {
		words, err := delivery.ParseWords(c.typed)
		if err != nil || words.Fill(values) != c.want {
			t.Errorf("%q became %q, %v", c.typed, words.Fill(values), err)
		}
	}
}

func TestUnknownVariablesAreRefusedWithTheKnownOnes(t *testing.T) {
	for _, typed := range []string{"Hi {naam}", "Hi {customer_name}, {naam}"} {
		_, err := delivery.ParseWords(typed)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Of(err).Fields[0].Message, "{customer_name}") {
			t.Errorf("%s: got %v", typed, err)
		}
	}
	if _, err := delivery.ParseWords(strings.Repeat("a", delivery.MaxMessage+1)); !fault.Is(err, fault.Invalid) {
		t.Errorf("a long message: %v", err)
	}
}

func FuzzWords(f *testing.F) {
	f.Add("Hi {customer_name} {link}")
	f.Fuzz(func(t *testing.T, typed string) {
		words, err := delivery.ParseWords(typed)
		if err == nil {
			words.Fill(map[string]string{"link": "x"})
		}
	})
}
