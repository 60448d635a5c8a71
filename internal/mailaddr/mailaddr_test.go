package mailaddr_test

import (
	"errors"
	"strings"
	"testing"

	"smartlinks/internal/mailaddr"
)

func TestAddressesPeopleHaveAreAccepted(t *testing.T) {
	for in, folded := range map[string]string{
		"jonas@example.com":                      "jonas@example.com",
		"  Jonas.Meyer@Example.COM ":             "jonas.meyer@example.com",
		"o'neill+tag@mail.example.co.uk":         "o'neill+tag@mail.example.co.uk",
		"1@1-2.example":                          "1@1-2.example",
		"\u202ajan@example.com\u202c":            "jan@example.com", // as contact books copy it
		"\ufeffjan@example.com\u200b ":           "jan@example.com",
		"info@müller.de":                         "info@xn--mller-kva.de",
		"INFO@MÜLLER.de":                         "info@xn--mller-kva.de",
		"info@xn--mller-kva.de":                  "info@xn--mller-kva.de",
		strings.Repeat("a", 64) + "@example.com": strings.Repeat("a", 64) + "@example.com",
	} {
		got, err := mailaddr.Parse(in)
		if err != nil || got.Folded != folded || got.Typed != strings.Trim(in, " \u202a\u202c\u200b\ufeff\u200e\u2800") {
			t.Errorf("%q: got %+v, %v", in, got, err)
		}
	}
}

// Servers that know nothing of SMTPUTF8 take these.
func TestAddressesTravelInASCII(t *testing.T) {
	for in, want := range map[string]string{
		"jan@münchen.de":         "jan@xn--mnchen-3ya.de",
		"Jan.Smit@MÜNCHEN.de":    "Jan.Smit@xn--mnchen-3ya.de",
		"payer@例え.jp":            "payer@xn--r8jz45g.jp",
		"payer@例え。jp":            "payer@xn--r8jz45g.jp",
		"payer@نامه\u200cای.com": "payer@xn--mgba3gch31f060k.com",
		"amara@موقع.وزارة-الاتصالات.مصر": "amara@xn--4gbrim.xn----ymcbaaajlc6dj7bxne2c.xn--wgbh1c",
		"jonas@Example.com":       "jonas@example.com",
		"jonas@xn--mnchen-3ya.de": "jonas@xn--mnchen-3ya.de",
	} {
		if got, err := mailaddr.Parse(in); err != nil || got.ASCII != want {
			t.Errorf("%s travels as %s, %v", in, got.ASCII, err)
		}
	}
	for in, want := range map[string]string{"pay.münchen.de": "pay.xn--mnchen-3ya.de", "localhost": "localhost", "192.0.2.1": "192.0.2.1", "::1": "::1", "": ""} {
		if got := mailaddr.Host(in); got != want {
			t.Errorf("the host %s is %s", in, got)
		}
	}
}

func TestRefusalsTellWhatIsWrong(t *testing.T) {
	for in, code := range map[string]string{
		"":                                       mailaddr.Missing,
		"  ":                                     mailaddr.Missing,
		"jonas":                                  mailaddr.Incomplete,
		"jonas@":                                 mailaddr.Incomplete,
		"@example.com":                           mailaddr.Incomplete,
		"jonas@example":                          mailaddr.Incomplete,
		"jonas@example.":                         mailaddr.Incomplete,
		"jonas@example.c":                        mailaddr.Incomplete,
		"jonas@@example.com":                     mailaddr.Invalid,
		"a@b.com, c@d.com":                       mailaddr.Invalid,
		"a@b.com;c@d.com":                        mailaddr.Invalid,
		"jonas meyer@example.com":                mailaddr.Invalid,
		"jonas@exa mple.com":                     mailaddr.Invalid,
		"jonas\x00@example.com":                  mailaddr.Invalid,
		"jonas@example.com\r\nBcc:x":             mailaddr.Invalid,
		"jonas@example.com\u0085":                "", // a space around it, dropped
		"jonas\u200b@example.com":                mailaddr.Unseen,
		"jonas@exa\u200bmple.com":                mailaddr.Unseen,
		"jonas@exa\u200cmple.com":                mailaddr.Unseen,
		"jo\u200dnas@example.com":                mailaddr.Unseen,
		"jonas@exa\u00admple.com":                mailaddr.Unseen,
		"jo\u202enas@example.com":                mailaddr.Unseen,
		"jonas@\u200eexample.com":                mailaddr.Unseen,
		"jonas@ex\ufe0fample.com":                mailaddr.Unseen,
		"\u200b\u200e":                           mailaddr.Missing,
		"jonas＠example.com":                      mailaddr.WideAt,
		"jonas﹫example.com":                      mailaddr.WideAt,
		"jonas\xff@example.com":                  mailaddr.Invalid,
		".jonas@example.com":                     mailaddr.Invalid,
		"jonas.@example.com":                     mailaddr.Invalid,
		"jo..nas@example.com":                    mailaddr.Invalid,
		"jörg@example.com":                       mailaddr.Invalid,
		`"jonas"@example.com`:                    mailaddr.Invalid,
		"Jonas <jonas@example.com>":              mailaddr.Invalid,
		"jonas@exam_ple.com":                     mailaddr.Invalid,
		"jonas@-example.com":                     mailaddr.Invalid,
		"jonas@example-.com":                     mailaddr.Invalid,
		"jonas@example..com":                     mailaddr.Invalid,
		"jonas@127.0.0.1":                        mailaddr.Incomplete,
		"jonas@10.20.30.40":                      mailaddr.Invalid,
		"jonas@[127.0.0.1]":                      mailaddr.Invalid,
		strings.Repeat("a", 65) + "@example.com": mailaddr.Long,
		"a@" + strings.Repeat("abcdefgh.", 28) + "com": mailaddr.Long,
		"a@" + strings.Repeat("a", 64) + ".com":        mailaddr.Invalid,
	} {
		_, err := mailaddr.Parse(in)
		var refusal *mailaddr.Refusal
		got := ""
		if errors.As(err, &refusal) {
			got = refusal.Code
		}
		if got != code {
			t.Errorf("%q: got %q (%v), want %q", in, got, err, code)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"jonas@example.com", "info@müller.de", "a@b", "@", "a@。com", "a@ＥＸＡＭＰＬＥ．com", "a@xn--.com"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := mailaddr.Parse(s)
		if err != nil {
			var refusal *mailaddr.Refusal
			if !errors.As(err, &refusal) || refusal.Code == "" || refusal.Message == "" {
				t.Errorf("%q: the error is %#v", s, err)
			}
			return
		}
		if strings.ContainsAny(a.Folded, "\r\n\x00 <>,;\"") || len(a.Folded) > 254 || strings.Count(a.Folded, "@") != 1 {
			t.Errorf("%q was accepted as %q", s, a.Folded)
		}
		if again, err := mailaddr.Parse(a.Folded); err != nil || again.Folded != a.Folded {
			t.Errorf("%q folds to %q, which folds to %q, %v", s, a.Folded, again.Folded, err)
		}
	})
}
