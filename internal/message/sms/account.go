package sms

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"smartlinks/internal/fault"
)

// Kind names a gateway's API, as in addresses and URLs.
type Kind string

// The gateways.
const (
	ByBird        Kind = "bird"        // by its keys of today
	ByMessageBird Kind = "messagebird" // Bird by MessageBird's classic keys
	ByTwilio      Kind = "twilio"
)

// Account is an account at a gateway.
type Account struct {
	Kind Kind
	User string // Twilio's account SID
	Key  string // Bird's or MessageBird's access key, Twilio's auth token
	// SigningKey proves what comes in: Bird's whsec_… secret, without which
	// nothing of it is believed, or MessageBird's, without which only the address
	// of a report, which nobody else knows, proves it.
	SigningKey string
	// From is a sender number, Twilio's messaging service, or a name; "" makes
	// a name from the business's.
	From string
}

// Name is the gateway as people know it.
func (k Kind) Name() string {
	switch k {
	case ByBird:
		return "Bird"
	case ByTwilio:
		return "Twilio"
	}
	return "MessageBird"
}

// ClassicUntil is the day until which Bird takes MessageBird's classic keys.
const ClassicUntil = "31 December 2026"

// The keys of Bird: those of a region, and those of the common host.
var (
	birdRegionKey = regexp.MustCompile(`^bk_([a-z]{2}[0-9]+)_[A-Za-z0-9_-]+$`)
	birdKey       = regexp.MustCompile(`^(bk|bird)_`)
)

// ParseURL reads bird://KEY?signing_key=…&from=…, messagebird://KEY?… or
// twilio://SID:TOKEN@?from=…. A key of Bird's uses Bird's API however it is
// written. What is wrong is an Invalid fault with a sentence
// that never repeats the secrets.
func ParseURL(text string) (Account, error) {
	scheme, rest, found := strings.Cut(strings.TrimSpace(text), "://")
	if !found {
		return Account{}, refused("Write the SMS gateway as bird://KEY or twilio://SID:TOKEN@.")
	}
	before, queryText, _ := strings.Cut(rest, "?")
	query, err := url.ParseQuery(queryText)
	if err != nil {
		return Account{}, refused("What stands behind the ? of the SMS gateway can't be read. Write + as %2B.")
	}
	a := Account{Kind: Kind(scheme), SigningKey: query.Get("signing_key"), From: query.Get("from")}
	switch before = strings.TrimSuffix(before, "/"); a.Kind {
	case ByBird, ByMessageBird:
		a.Key, err = url.PathUnescape(strings.TrimSuffix(before, "@"))
		if birdKey.MatchString(a.Key) {
			a.Kind = ByBird
		}
	case ByTwilio:
		user, token, _ := strings.Cut(strings.TrimSuffix(before, "@"), ":")
		a.User = user
		a.Key, err = url.PathUnescape(token)
	default:
		return Account{}, refused("The SMS gateway starts with bird://, messagebird:// or twilio://.")
	}
	if err != nil {
		return Account{}, refused("The key of the SMS gateway can't be read. Write % as %25.")
	}
	return a, a.Check()
}

// URL is what ParseURL reads.
func (a Account) URL() string {
	query := url.Values{}
	if a.SigningKey != "" {
		query.Set("signing_key", a.SigningKey)
	}
	if a.From != "" {
		query.Set("from", a.From)
	}
	text := string(a.Kind) + "://" + url.PathEscape(a.Key)
	if a.Kind == ByTwilio {
		text = string(a.Kind) + "://" + a.User + ":" + url.PathEscape(a.Key) + "@"
	}
	if len(query) > 0 {
		text += "?" + query.Encode()
	}
	return text
}

// Check finds what is wrong with an account, as an Invalid fault with the
// fields "kind", "user", "key", "signing_key" and "from".
func (a Account) Check() error {
	var wrong fault.Fields
	switch a.Kind {
	case ByBird, ByMessageBird:
	case ByTwilio:
		if !isSecret(a.User) || strings.ContainsAny(a.User, ":/@?%") {
			wrong.Add("user", "", "Fill in the account SID. It begins with AC.")
		}
	default:
		wrong.Add("kind", "", "Choose Bird, Twilio or MessageBird.")
	}
	if !isSecret(a.Key) {
		wrong.Add("key", "", "Fill in the key, without spaces.")
	} else if why := a.wrongKey(); why != "" {
		wrong.Add("key", "", why)
	}
	if _, valid := webhookKey(a.SigningKey); a.Kind == ByBird && a.SigningKey != "" && !valid {
		wrong.Add("signing_key", "", "Copy the whole secret of the webhook. It begins with whsec_.")
	} else if a.SigningKey != "" && !isSecret(a.SigningKey) {
		wrong.Add("signing_key", "", "A signing key has no spaces.")
	}
	if a.From != "" && (!ValidSender(a.From) || a.Kind != ByTwilio && validService.MatchString(a.From)) {
		wrong.Add("from", "", SenderRule)
	}
	return wrong.Err()
}

// wrongKey says that a key is of another kind than the account; "" when it is
// not. Twilio's tokens have no form of their own.
func (a Account) wrongKey() string {
	switch {
	case a.Kind == ByMessageBird && birdKey.MatchString(a.Key):
		return "This is a key of Bird’s new API. Choose Bird for it."
	case a.Kind == ByTwilio && birdKey.MatchString(a.Key):
		return "This is a key of Bird’s. Choose Bird for it, or enter the auth token of Twilio’s console."
	case a.Kind != ByBird:
		return ""
	case !birdKey.MatchString(a.Key):
		return "Bird’s keys begin with bk_ or bird_. For a classic key of MessageBird’s choose MessageBird; it works until " + ClassicUntil + "."
	case strings.HasPrefix(a.Key, "bk_") && !birdRegionKey.MatchString(a.Key):
		return "This is not a whole key of Bird’s: bk_, its region, like eu1, and the rest. Copy it again."
	}
	return ""
}

// isSecret reports whether a text can be a key: some characters, none of them
// blank or outside ASCII, because it goes into a header.
func isSecret(s string) bool {
	return s != "" && len(s) <= 200 && !strings.ContainsFunc(s, func(c rune) bool {
		return c > unicode.MaxASCII || !unicode.IsGraphic(c) || unicode.IsSpace(c)
	})
}

func refused(message string) error { return fault.New(fault.Invalid, message) }
