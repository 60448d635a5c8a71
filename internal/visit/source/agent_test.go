package source_test

import (
	"net/http"
	"strings"
	"testing"

	"smartlinks/internal/visit/source"
)

const (
	chromeMac    = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
	safariIPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
	iMessage     = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0"
)

func TestPeopleAreNamedByBrowserAndSystem(t *testing.T) {
	for _, c := range []struct{ want, ua string }{
		{"Chrome / Mac", chromeMac},
		{"Chrome / Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"},
		{"Chrome / Linux", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"},
		{"Chrome / ChromeOS", "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"},
		{"Chrome / Android", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"},
		{"Chrome / Android", "Mozilla/5.0 (Linux; Android 13; SM-X900) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36"},
		{"Chrome / iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1"},
		{"Chrome / Android", "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A.240205.004; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/121.0.6167.178 Mobile Safari/537.36"},
		{"Chrome / Linux", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Ubuntu Chromium/80.0.3987.87 Chrome/80.0.3987.87 Safari/537.36"},
		{"Chrome / Android", "Mozilla/5.0 (Linux; Android 9; CUBOT) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/96.0.4664.45 Mobile Safari/537.36"},
		{"Chrome / Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Surprise/9.9 Chrome/131.0.0.0 Safari/537.36"},
		{"Safari / iOS", safariIPhone},
		{"Safari / iOS", "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1"},
		{"Safari / iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"},
		{"Safari / Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Safari/605.1.15"},
		{"Firefox / Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"},
		{"Firefox / Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0"},
		{"Firefox / Linux", "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"},
		{"Firefox / Android", "Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0"},
		{"Firefox / iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 14_7_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/133.0 Mobile/15E148 Safari/605.1.15"},
		{"Firefox / KaiOS", "Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5"},
		{"Edge / Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.51"},
		{"Edge / Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.51"},
		{"Edge / Android", "Mozilla/5.0 (Linux; Android 10; Pixel 3 XL) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.6778.81 Mobile Safari/537.36 EdgA/131.0.2903.48"},
		{"Edge / iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 EdgiOS/131.2903.68 Mobile/15E148 Safari/605.1.15"},
		{"Edge / Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763"},
		{"Internet Explorer / Windows", "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko"},
		{"Internet Explorer / Windows", "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)"},
		{"Samsung Internet / Android", "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36"},
		{"Opera / Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0"},
		{"Opera / Android", "Mozilla/5.0 (Linux; Android 10; VOG-L29) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.6723.102 Mobile Safari/537.36 OPR/76.2.4027.73374"},
		{"Opera Mini / Android", "Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16"},
		{"Vivaldi / Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Vivaldi/7.0.3495.15"},
		{"Yandex / Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 YaBrowser/24.10.0.0 Safari/537.36"},
		{"DuckDuckGo / iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15"},
		{"DuckDuckGo / Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Safari/605.1.15 Ddg/17.4.1"},
		{"Huawei Browser / Android", "Mozilla/5.0 (Linux; Android 10; ELS-NX9; HMSCore 6.13.0.322) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.5735.196 HuaweiBrowser/14.0.5.302 Mobile Safari/537.36"},
		{"Mi Browser / Android", "Mozilla/5.0 (Linux; U; Android 13; en-us; 2201117TG Build/TKQ1.221114.001) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/112.0.5615.136 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.9.1-gn"},
		{"UC Browser / Android", "Mozilla/5.0 (Linux; U; Android 11; en-US; RMX2185 Build/RP1A.200720.011) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.4.0.1306 Mobile Safari/537.36"},
		{"Silk / Android", "Mozilla/5.0 (Linux; Android 9; KFMAWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/108.4.6 like Chrome/108.0.5359.160 Safari/537.36"},
		{"GNOME Web / Linux", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 Safari/605.1.15 Epiphany/605.1.15"},
		{"Instagram / iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21F90 Instagram 335.1.8.26.85 (iPhone14,5; iOS 17_5_1; nl_NL; nl; scale=3.00; 1170x2532; 611063461)"},
		{"Instagram / Android", "Mozilla/5.0 (Linux; Android 14; SM-S911B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/125.0.6422.165 Mobile Safari/537.36 Instagram 334.0.0.42.95 Android (34/14; 480dpi; 1080x2115; samsung; SM-S911B; dm1q; qcom; de_DE; 609500240)"},
		{"Threads / iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21F90 Barcelona 335.0.0.26.109 (iPhone15,3; iOS 17_5_1; en_US; en; scale=3.00; 1290x2796; 612345678)"},
		{"Facebook / iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21F90 [FBAN/FBIOS;FBAV/467.0.0.39.108;FBBV/607104850;FBDV/iPhone14,2;FBMD/iPhone;FBSN/iOS;FBSV/17.5.1;FBSS/3;FBID/phone;FBLC/en_GB;FBOP/5]"},
		{"Facebook / Android", "Mozilla/5.0 (Linux; Android 13; SM-A536B Build/TP1A.220624.014; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/125.0.6422.165 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/467.1.0.52.83;IABMV/1;]"},
		{"Messenger / iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/20G75 [FBAN/MessengerForiOS;FBAV/421.0.0.32.113;FBBV/507650345;FBDV/iPhone12,1]"},
		{"TikTok / iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 musical_ly_34.2.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/en Region/NL BytedanceWebview/d8a21c6"},
		{"LinkedIn / iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.29.7637"},
		{"Snapchat / iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Snapchat/12.92.0.48 (like Safari/8618.2.12.11.6, panda)"},
		{"Pinterest / iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [Pinterest/iOS]"},
		{"X / iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Twitter for iPhone/10.44"},
		{"WeChat / Android", "Mozilla/5.0 (Linux; Android 13; V2183A Build/TP1A.220624.014; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160065 MMWEBSDK/20231202 MicroMessenger/8.0.47.2560"},
		{"Google app / iOS", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/320.0.639712561 Mobile/15E148 Safari/604.1"},
		{"Samsung Internet / Tizen", "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/2.2 Chrome/63.0.3239.84 TV Safari/537.36"},
		{"Firefox / FreeBSD", "Mozilla/5.0 (X11; FreeBSD amd64; rv:130.0) Gecko/20100101 Firefox/130.0"},
	} {
		a := source.ParseAgent(c.ua)
		if got := a.Browser + " / " + a.OS; got != c.want || a.Class != source.Human || a.Reason != "" {
			t.Errorf("%s: got %s, %s %q", c.ua, got, a.Class, a.Reason)
		}
	}
}

func TestProgramsAreToldFromPeople(t *testing.T) {
	for _, c := range []struct {
		class      source.Class
		reason, ua string
	}{
		{source.Bot, "no user agent", ""},
		{source.Bot, "no user agent", "   "},
		{source.Bot, "crawler: Googlebot", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
		{source.Bot, "crawler: Googlebot", "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.6778.69 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
		{source.Bot, "crawler: Bingbot", "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36"},
		{source.Bot, "crawler: YandexBot", "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)"},
		{source.Bot, "crawler: Baiduspider", "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"},
		{source.Bot, "crawler: DuckDuckBot", "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)"},
		{source.Bot, "crawler: Applebot", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)"},
		{source.Bot, "crawler: AhrefsBot", "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)"},
		{source.Bot, "crawler: GPTBot", "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.2; +https://openai.com/gptbot"},
		{source.Bot, "AI assistant: ChatGPT", "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot"},
		{source.Bot, "monitor: UptimeRobot", "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)"},
		{source.Bot, "headless browser: Chrome", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.0.0 Safari/537.36"},
		{source.Bot, "program: curl", "curl/8.5.0"},
		{source.Bot, "program: Wget", "Wget/1.21.3"},
		{source.Bot, "program: Python", "python-requests/2.32.3"},
		{source.Bot, "program: Go", "Go-http-client/2.0"},
		{source.Bot, "program: OkHttp", "okhttp/4.12.0"},
		{source.Bot, "program: Node.js", "node"},
		{source.Bot, "calls itself a bot", "Mozilla/5.0 (compatible; NeverHeardOfBot/1.0)"},
		{source.Bot, "calls itself a crawler", "Mozilla/5.0 (compatible; acme-crawler 3)"},
		{source.Bot, "names a page about itself", "Mozilla/5.0 (compatible; Inspector; +https://example.org/about)"},
		{source.Bot, "not a browser", "AcmeSync 2.1"},
		{source.Preview, "link preview: WhatsApp", "WhatsApp/2.23.20.0 A"},
		{source.Preview, "link preview: Slack", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
		{source.Preview, "link preview: X", "Twitterbot/1.0"},
		{source.Preview, "link preview: Facebook", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"},
		{source.Preview, "link preview: LINE", "facebookexternalhit/1.1;line-poker/1.0"},
		{source.Preview, "link preview: LinkedIn", "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)"},
		{source.Preview, "link preview: Telegram", "TelegramBot (like TwitterBot)"},
		{source.Preview, "link preview: Discord", "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"},
		{source.Preview, "link preview: Skype and Teams", "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com"},
		{source.Preview, "link preview: iMessage", iMessage},
		{source.Preview, "link preview: Google Read Aloud", "Mozilla/5.0 (Linux; Android 7.0; SM-G930V Build/NRD90M) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/59.0.3071.125 Mobile Safari/537.36 (compatible; Google-Read-Aloud; +https://support.google.com/webmasters/answer/1061943)"},
		{source.Preview, "link preview: Mastodon", "Mastodon/4.3.1 (http.rb/5.2.0; +https://mastodon.social/)"},
		{source.Preview, "link preview: Bluesky", "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)"},
		{source.Preview, "link preview: Pinterest", "Pinterest/0.2 (+http://www.pinterest.com/bot.html)"},
		{source.Preview, "link preview: Microsoft Office", "Mozilla/4.0 (compatible; ms-office; MSOffice rmj)"},
		{source.Preview, "link preview: Microsoft Office", "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; .NET4.0C; .NET4.0E; ms-office)"},
		{source.Preview, "link preview: Microsoft Office", "Microsoft Office Word 2014 (16.0.12026) Windows NT 10.0"},
		{source.Preview, "link preview: Microsoft Office", "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.12026; Pro)"},
		{source.Preview, "link preview: Discourse", "Mozilla/5.0 (compatible; Discourse Forum Onebox v3.2)"},
		{source.Preview, "link preview: Discourse", "Discourse Forum Onebox v2.8.0.beta10"},
		{source.Preview, "link preview: Zulip", "Mozilla/5.0 (compatible; ZulipURLPreview/5.0; +https://chat.example.com)"},
		{source.Preview, "link preview: Mattermost", "Mattermost-Bot/1.1"},
		{source.Preview, "link preview: Rocket.Chat", "Rocket.Chat Node-Fetch"},
		{source.Preview, "link preview: WordPress", "WordPress/6.4.2; https://example.com"},
		{source.Preview, "link preview: XenForo", "XenForo/2.x (https://forum.example.com)"},
		{source.Preview, "link preview: Nextcloud", "Mozilla/5.0 (compatible; Nextcloud Server Crawler)"},
		{source.Preview, "link preview: Steam", "Mozilla/5.0 (Windows; U; Windows NT 10.0; en-US; Valve Steam Client/default/1596241936; ) AppleWebKit/537.36 (KHTML, like Gecko) Steam Chat URL Lookup Chrome/84 Safari/537.36"},
		{source.Preview, "mail scanner: Gmail", "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"},
		{source.Preview, "mail scanner: Barracuda", "Mozilla/5.0 (compatible; BarracudaCentral/1.0)"},
	} {
		a := source.ParseAgent(c.ua)
		if a.Class != c.class || a.Reason != c.reason || a.OS != "" && a.Browser == "" {
			t.Errorf("%s: got %s %q", c.ua, a.Class, a.Reason)
		}
	}
}

func TestOnlyWhatSpeaksForAProgramMakesOne(t *testing.T) {
	for _, c := range []struct {
		name, method, ua string
		header           http.Header
		class            source.Class
		reason           string
	}{
		{"a person", "GET", chromeMac, http.Header{"Accept-Language": {"nl"}, "Sec-Fetch-Mode": {"navigate"}}, source.Human, ""},
		{"no language, no Sec-Fetch", "GET", safariIPhone, http.Header{}, source.Human, ""},
		{"HEAD", "HEAD", chromeMac, http.Header{}, source.Bot, "HEAD request"},
		{"Chrome's prefetch", "GET", chromeMac, http.Header{"Sec-Purpose": {"prefetch;prerender"}}, source.Preview, "prefetch"},
		{"older prefetch", "GET", chromeMac, http.Header{"Purpose": {"Prefetch"}}, source.Preview, "prefetch"},
		{"Firefox's prefetch", "GET", chromeMac, http.Header{"X-Moz": {"prefetch"}}, source.Preview, "prefetch"},
		{"Safari's preview", "GET", safariIPhone, http.Header{"X-Purpose": {"preview"}}, source.Preview, "prefetch"},
		{"another purpose", "GET", chromeMac, http.Header{"Purpose": {"payment"}}, source.Human, ""},
		{"a previewer that asks for the head", "HEAD", "WhatsApp/2.23.20.0", http.Header{}, source.Preview, "link preview: WhatsApp"},
		{"no user agent", "GET", "", http.Header{"Accept-Language": {"nl"}}, source.Bot, "no user agent"},
	} {
		class, reason := source.Classify(c.method, c.header, source.ParseAgent(c.ua))
		if class != c.class || reason != c.reason {
			t.Errorf("%s: got %s %q", c.name, class, reason)
		}
	}
}

func TestRememberedAgentsAreTheSame(t *testing.T) {
	agents := source.NewAgents(2)
	for range 3 {
		for _, ua := range []string{chromeMac, safariIPhone, iMessage, "", strings.Repeat("long ", 5000) + "Chrome/1"} {
			if got, want := agents.Parse(ua), source.ParseAgent(ua); got != want {
				t.Errorf("%.80q: got %+v, not %+v", ua, got, want)
			}
		}
	}
}

func FuzzParseAgent(f *testing.F) {
	for _, ua := range []string{chromeMac, safariIPhone, iMessage, "", "(", ")(;", "Mozilla/5.0 (", "Instagram ", "\xff\x00", "Android;"} {
		f.Add(ua)
	}
	f.Fuzz(func(t *testing.T, ua string) {
		a := source.ParseAgent(ua)
		if (a.Class == source.Human) != (a.Reason == "") {
			t.Errorf("%q: %+v", ua, a)
		}
		if len(a.Browser) > 25 || len(a.OS) > 25 || len(a.Reason) > 60 {
			t.Errorf("%q: more than the list has: %+v", ua, a)
		}
	})
}

func BenchmarkParseAgent(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = source.ParseAgent(chromeMac)
	}
}

func BenchmarkAgentsParse(b *testing.B) {
	agents := source.NewAgents(4096)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_ = agents.Parse(chromeMac)
		}
	})
}
