package source

import (
	"strings"

	"github.com/mileusna/useragent"
)

// maxAgent bounds what is read of a user agent, in bytes. In-app browsers
// write up to about 700.
const maxAgent = 1024

// Agent is what a User-Agent header tells. Browser and OS are from a closed
// list of short names (Chrome, Mac), so nothing that a stranger writes is
// stored; they are empty when not recognised. Programs have their name as
// Browser and no OS.
type Agent struct {
	Browser, OS string
	Device      string // Phone, Tablet or Desktop; empty when it is not known, and for programs
	Class       Class
	Reason      string // why it is not human, empty for people
}

// ParseAgent reads a User-Agent header. It takes some microseconds: hot paths
// ask Agents.
func ParseAgent(ua string) Agent {
	ua = strings.TrimSpace(ua[:min(len(ua), maxAgent)])
	if ua == "" {
		return Agent{Class: Bot, Reason: reasonNoAgent}
	}
	lower := strings.ToLower(ua)
	if p, found := knownProgram(lower); found {
		return Agent{Browser: p.name, Class: p.kind.class(), Reason: string(p.kind) + ": " + p.name}
	}
	parsed := useragent.Parse(ua)
	a := Agent{Browser: browserOf(ua, parsed), OS: osOf(ua, parsed), Device: deviceOf(parsed), Class: Human}
	if reason := looksLikeProgram(lower); reason != "" {
		a.Class, a.Reason = Bot, reason
	}
	return a
}

// The kinds of devices.
const (
	Phone   = "phone"
	Tablet  = "tablet"
	Desktop = "desktop"
)

// deviceOf is the kind of device. A tablet that calls itself a desktop, as iPads do, counts
// as one.
func deviceOf(parsed useragent.UserAgent) string {
	switch {
	case parsed.Tablet:
		return Tablet
	case parsed.Mobile:
		return Phone
	case parsed.Desktop:
		return Desktop
	}
	return ""
}

// naming gives the short name to what carries the token.
type naming struct{ token, name string }

// byToken finds what the library overlooks or names after something else:
// in-app browsers first, since they also carry the name of their engine.
var byToken = []naming{
	{"Barcelona ", "Threads"}, {"Instagram ", "Instagram"},
	{"FBAN/Messenger", "Messenger"}, {"FB_IAB/MESSENGER", "Messenger"}, {"FB_IAB/Orca", "Messenger"},
	{"FBAN/", "Facebook"}, {"FBAV/", "Facebook"}, {"FB_IAB/", "Facebook"},
	{"musical_ly", "TikTok"}, {"BytedanceWebview", "TikTok"}, {"TikTok", "TikTok"},
	{"LinkedInApp", "LinkedIn"}, {"Snapchat", "Snapchat"}, {"[Pinterest/", "Pinterest"},
	{"Twitter for ", "X"}, {"TwitterAndroid", "X"}, {"Telegram-Android", "Telegram"}, {"Reddit/", "Reddit"},
	{"MicroMessenger", "WeChat"}, {" Line/", "LINE"}, {"KAKAOTALK", "KakaoTalk"}, {"GSA/", "Google app"},
	{"Ddg/", "DuckDuckGo"}, {"DuckDuckGo/", "DuckDuckGo"}, {"YaBrowser/", "Yandex"}, {"SamsungBrowser/", "Samsung Internet"},
	{"UCBrowser/", "UC Browser"}, {"MiuiBrowser/", "Mi Browser"}, {"HuaweiBrowser/", "Huawei Browser"}, {"Vivaldi/", "Vivaldi"},
	{"Silk/", "Silk"}, {"QQBrowser/", "QQ Browser"}, {"Whale/", "Whale"}, {"PaleMoon/", "Pale Moon"}, {"Epiphany/", "GNOME Web"},
	{"Opera Mini/", "Opera Mini"}, {"OPR/", "Opera"}, {"OPX/", "Opera"}, {"OPT/", "Opera"}, {"OPiOS/", "Opera"}, {"Opera/", "Opera"},
	{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"Edge/", "Edge"},
	{"FxiOS/", "Firefox"}, {"Focus/", "Firefox"}, {"Klar/", "Firefox"}, {"CriOS/", "Chrome"}, {"Trident/", "Internet Explorer"},
}

// byLibrary shortens the library's names. Others are not taken over: the
// library makes names of any word.
var byLibrary = map[string]string{
	useragent.Chrome: "Chrome", useragent.HeadlessChrome: "Chrome", useragent.Firefox: "Firefox", useragent.Safari: "Safari",
	useragent.Edge: "Edge", useragent.Opera: "Opera", useragent.InternetExplorer: "Internet Explorer", "Android browser": "Android Browser",
}

// byEngine is the last resort.
var byEngine = []naming{
	{"Chrome/", "Chrome"}, {"Chromium/", "Chrome"}, {"Firefox/", "Firefox"}, {"Safari/", "Safari"}, {"Mobile/", "Safari"},
}

func browserOf(ua string, parsed useragent.UserAgent) string {
	if name := named(ua, byToken); name != "" {
		return name
	}
	if name := byLibrary[parsed.Name]; name != "" {
		return name
	}
	return named(ua, byEngine)
}

// systems that the library does not know, or takes for the Linux below them.
var systems = []naming{
	{"Windows Phone", "Windows Phone"}, {"KAIOS/", "KaiOS"}, {"Tizen", "Tizen"}, {"Web0S", "webOS"}, {"FreeBSD", "FreeBSD"}, {"OpenBSD", "OpenBSD"},
	{"HarmonyOS", "HarmonyOS"},
}

var systemNames = map[string]string{
	useragent.MacOS: "Mac", useragent.IOS: "iOS", useragent.Windows: "Windows", useragent.Android: "Android",
	useragent.Linux: "Linux", useragent.ChromeOS: "ChromeOS", useragent.BlackBerry: "BlackBerry",
	useragent.Harmony: "HarmonyOS",
}

func osOf(ua string, parsed useragent.UserAgent) string {
	if name := named(ua, systems); name != "" {
		return name
	}
	return systemNames[parsed.OS]
}

func named(ua string, names []naming) string {
	for _, n := range names {
		if strings.Contains(ua, n.token) {
			return n.name
		}
	}
	return ""
}
