package source_test

import (
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"smartlinks/internal/visit/source"
)

func TestChannels(t *testing.T) {
	const own = "pay.example"
	for _, c := range []struct {
		name, query, referrer string
		channel               source.Channel
		detail                string
	}{
		{"nothing", "", "", source.Direct, ""},
		{"our own page", "", "https://pay.example/acme/shop", source.Direct, ""},
		{"our own page on a port", "", "https://Pay.Example:8443/acme", source.Direct, ""},
		{"not a web page", "", "about:blank", source.Direct, ""},
		{"not an address", "", "https://%zz", source.Direct, ""},
		{"a QR scan", "via=qr", "", source.QR, ""},
		{"an e-mail", "via=email", "", source.Email, ""},
		{"an SMS", "via=sms", "", source.SMS, ""},
		{"a reminder", "via=reminder", "", source.Reminder, ""},
		{"shared", "via=social", "", source.Social, ""},
		{"shared on X", "via=social", "https://t.co/abc", source.Social, "x"},
		{"shared in WhatsApp", "via=whatsapp", "", source.Social, "whatsapp"},
		{"shared on Reddit, opened from elsewhere", "via=reddit", "https://t.co/abc", source.Social, "reddit"},
		{"capitals", "via=QR", "", source.QR, ""},
		{"a marker before a campaign", "via=qr&utm_source=flyer", "https://t.co/abc", source.QR, ""},
		{"an unknown marker", "via=pigeon", "https://t.co/abc", source.Social, "x"},
		{"a campaign before the referrer", "utm_source=newsletter&utm_medium=email", "https://mail.google.com/", source.CampaignLink, "newsletter"},
		{"an empty campaign", "utm_source=&utm_medium=", "https://t.co/abc", source.Social, "x"},
		{"X", "", "https://t.co/abc", source.Social, "x"},
		{"X itself", "", "https://x.com/", source.Social, "x"},
		{"Instagram's exit", "", "https://l.instagram.com/?u=https%3A%2F%2Fpay.example", source.Social, "instagram"},
		{"Facebook's exit", "", "https://lm.facebook.com/l.php?u=x", source.Social, "facebook"},
		{"Facebook on phones", "", "http://m.facebook.com", source.Social, "facebook"},
		{"LinkedIn", "", "https://www.linkedin.com/feed/", source.Social, "linkedin"},
		{"WhatsApp Web", "", "https://web.whatsapp.com/", source.Social, "whatsapp"},
		{"TikTok", "", "https://www.tiktok.com/", source.Social, "tiktok"},
		{"YouTube", "", "https://www.youtube.com/redirect?q=x", source.Social, "youtube"},
		{"Reddit", "", "https://out.reddit.com/t3_x", source.Social, "reddit"},
		{"Pinterest", "", "https://www.pinterest.co.uk/pin/1", source.Social, "pinterest"},
		{"Telegram", "", "https://web.telegram.org/", source.Social, "telegram"},
		{"Threads", "", "https://l.threads.net/?u=x", source.Social, "threads"},
		{"Bluesky", "", "https://go.bsky.app/redirect?u=x", source.Social, "bluesky"},
		{"Mastodon", "", "https://mastodon.social/@a/1", source.Social, "mastodon"},
		{"another Mastodon", "", "https://mastodon.nl/@a/1", source.Social, "mastodon"},
		{"X on Android", "", "android-app://com.twitter.android/", source.Social, "x"},
		{"Gmail", "", "https://mail.google.com/mail/u/0/", source.Email, "gmail"},
		{"Gmail on Android", "", "android-app://com.google.android.gm/", source.Email, "gmail"},
		{"Outlook", "", "https://outlook.live.com/", source.Email, "outlook"},
		{"Outlook's safe links", "", "https://eur01.safelinks.protection.outlook.com/?url=x", source.Email, "outlook"},
		{"a company's webmail", "", "https://webmail.example.org/", source.Email, "webmail"},
		{"messages on Android", "", "android-app://com.google.android.apps.messaging/", source.SMS, ""},
		{"a search", "", "https://www.google.com/", source.Referral, "google.com"},
		{"a site", "", "https://blog.example.org/post?x=1#top", source.Referral, "blog.example.org"},
		{"a name that only ends alike", "", "https://notx.com/", source.Referral, "notx.com"},
		{"a name that only begins alike", "", "https://facebook.com.example.org/", source.Referral, "facebook.com.example.org"},
		{"an app's name as a site", "", "https://com.twitter.android/", source.Referral, "com.twitter.android"},
		{"a subdomain of ours", "", "https://shop.pay.example/", source.Referral, "shop.pay.example"},
	} {
		query, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		if s := source.ChannelOf(query, c.referrer, own); s.Channel != c.channel || s.Detail != c.detail {
			t.Errorf("%s: got %s %q", c.name, s.Channel, s.Detail)
		}
	}
}

func TestReferrersAreKeptWithoutWhatIsPrivate(t *testing.T) {
	for _, c := range []struct{ referrer, host, page string }{
		{"https://t.co/abc?x=1#y", "t.co", "https://t.co/abc"},
		{"https://user:secret@WWW.Example.org:8080/a%20b?token=1", "example.org", "https://www.example.org:8080/a%20b"},
		{"https://example.org./", "example.org", "https://example.org./"},
		{"http://[2001:db8::1]:80/x", "2001:db8::1", "http://[2001:db8::1]:80/x"},
		{"https://example.org/" + strings.Repeat("a", 1000), "example.org", "https://example.org/" + strings.Repeat("a", 280)},
		{"https://" + strings.Repeat("a", 300) + ".example/", "", ""},
		{"https://example.org/" + strings.Repeat("a", 9000), "", ""},
		{"javascript:alert(1)", "", ""},
		{"https://", "", ""},
		{"/relative", "", ""},
		{"https://exa\u202emple.org/", "", ""},
	} {
		s := source.ChannelOf(nil, c.referrer, "pay.example")
		if s.ReferrerHost != c.host || s.Referrer != c.page {
			t.Errorf("%.80s: got %q, %q", c.referrer, s.ReferrerHost, s.Referrer)
		}
	}
	if s := source.ChannelOf(nil, "https://pay.example/acme", "pay.example:8080"); s.Referrer != "" || s.ReferrerHost != "" {
		t.Errorf("our own page is kept as referrer: %+v", s)
	}
}

func TestCampaignsAreKeptBesideTheMarker(t *testing.T) {
	query := url.Values{"via": {"qr"}, "utm_source": {" flyer\x00\n"}, "utm_medium": {"print"}, "utm_campaign": {strings.Repeat("é", 200)}}
	c := source.ChannelOf(query, "", "pay.example").Campaign
	if c.Source != "flyer" || c.Medium != "print" || c.Name != strings.Repeat("é", 100) {
		t.Errorf("got %+v", c)
	}
	if got := (source.Campaign{Source: "flyer", Name: "spring"}).String(); got != "flyer / spring" {
		t.Errorf("written as %q", got)
	}
	if c := source.ChannelOf(url.Values{"utm_id": {"42"}}, "", "").Campaign; c.Name != "42" {
		t.Errorf("a numbered campaign: %+v", c)
	}
}

func TestTheBestLanguageIsTaken(t *testing.T) {
	for accept, want := range map[string]string{
		"":                                      "",
		"*":                                     "",
		"nl-NL,nl;q=0.9,en-US;q=0.8,en;q=0.7":   "nl-NL",
		"en;q=0.5, DE-de;q=0.9":                 "de-DE",
		"fr;q=0.5,es;q=0.5":                     "fr",
		"zh-hant-tw":                            "zh-Hant-TW",
		"es-419,es;q=0.9":                       "es-419",
		"en;q=0":                                "",
		"en;q=7, ar":                            "ar",
		"en;q=NaN, ar;q=0.1":                    "ar",
		"<script>, de":                          "de",
		"en_US, de;q=0.3":                       "de",
		"a, 12, de":                             "de",
		strings.Repeat("x;q=0.1,", 5000) + "de": "",
	} {
		if got := source.FirstLanguage(accept); got != want {
			t.Errorf("%.60q: got %q, not %q", accept, got, want)
		}
	}
}

func FuzzChannelOf(f *testing.F) {
	f.Add("via=qr&utm_source=a", "https://t.co/abc?x=1", "pay.example")
	f.Add("utm_campaign=%00%e2%80%ae", "android-app://com.twitter.android/%0a", "[::1]:80")
	f.Add("&&==;", "https://a:b@c/\xff#", "")
	f.Fuzz(func(t *testing.T, query, referrer, own string) {
		values, _ := url.ParseQuery(query)
		s := source.ChannelOf(values, referrer, own)
		if s.Channel == "" {
			t.Errorf("no channel: %+v", s)
		}
		if strings.ContainsAny(s.Referrer, "?#") {
			t.Errorf("query or fragment is kept: %q", s.Referrer)
		}
		for _, kept := range []string{s.Detail, s.ReferrerHost, s.Referrer, s.Campaign.String()} {
			if !utf8.ValidString(kept) || strings.ContainsFunc(kept, unicode.IsControl) || utf8.RuneCountInString(kept) > 306 {
				t.Errorf("kept %q", kept)
			}
		}
	})
}

func FuzzFirstLanguage(f *testing.F) {
	f.Add("nl-NL,nl;q=0.9")
	f.Add(";;q=,,-")
	f.Fuzz(func(t *testing.T, accept string) {
		got := source.FirstLanguage(accept)
		if len(got) > 35 || got != "" && source.FirstLanguage(got) != got {
			t.Errorf("%q: %q", accept, got)
		}
	})
}

func BenchmarkChannelOf(b *testing.B) {
	for name, c := range map[string][2]string{"direct": {"", ""}, "referral": {"", "https://blog.example.org/a/b?c=d"}, "campaign": {"utm_source=a&utm_medium=b&utm_campaign=c", "https://t.co/abc"}} {
		query, _ := url.ParseQuery(c[0])
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = source.ChannelOf(query, c[1], "pay.example")
			}
		})
	}
}

func BenchmarkFirstLanguage(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = source.FirstLanguage("nl-NL,nl;q=0.9,en-US;q=0.8,en;q=0.7")
	}
}
