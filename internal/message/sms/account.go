package sms

import (
	"net/url"
	"strings"
	"unicode"

	"smartlinks/internal/fault"
)

// Kind names a gateway's API, as in addresses and URLs.
type Kind string

// The gateways.
const (
	ByMessageBird Kind = "messagebird"
	ByTwilio      Kind = "twilio"
)

// Account is an account at a gateway.
type Account struct {
	Kind Kind
	User string // Twilio's account SID
	Key  string // MessageBird's access key, Twilio's auth token
	// SigningKey is MessageBird's for what it sends to us; may be empty, then
	// only the address of a report, which nobody else knows, proves it.
	SigningKey string
	// From is a sender number, Twilio's messaging service, or a name; "" makes
	// a name from the business's.
	From string
}

// Name is the gateway as people know it.
func (k Kind) Name() string {
	if k == ByTwilio {
		return "Twilio"
	}
	return "MessageBird"
}

// ParseURL reads messagebird://KEY?signing_key=…&from=… or
// twilio://SID:TOKEN@?from=…. What is wrong is an Invalid fault with a sentence
// that never repeats the secrets.
func ParseURL(text string) (Account, error) {
	scheme, rest, found := strings.Cut(strings.TrimSpace(text), "://")
	if !found {
		return Account{}, refused("Write the SMS gateway as messagebird://KEY or twilio://SID:TOKEN@.")
	}
	before, queryText, _ := strings.Cut(rest, "?")
	query, err := url.ParseQuery(queryText)
	if err != nil {
		return Account{}, refused("What stands behind the ? of the SMS gateway can't be read. Write + as %2B.")
	}
	a := Account{Kind: Kind(scheme), SigningKey: query.Get("signing_key"), From: query.Get("from")}
	switch before = strings.TrimSuffix(before, "/"); a.Kind {
	case ByMessageBird:
		a.Key, err = url.PathUnescape(strings.TrimSuffix(before, "@"))
	case ByTwilio:
		user, token, _ := strings.Cut(strings.TrimSuffix(before, "@"), ":")
		a.User = user
		a.Key, err = url.PathUnescape(token)
	default:
		return Account{}, refused("The SMS gateway starts with messagebird:// or twilio://.")
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
	case ByMessageBird:
	case ByTwilio:
		if !isSecret(a.User) || strings.ContainsAny(a.User, ":/@?%") {
			wrong.Add("user", "", "Fill in the account SID. It begins with AC.")
		}
	default:
		wrong.Add("kind", "", "Choose MessageBird or Twilio.")
	}
	if !isSecret(a.Key) {
		wrong.Add("key", "", "Fill in the key, without spaces.")
	}
	if a.SigningKey != "" && !isSecret(a.SigningKey) {
		wrong.Add("signing_key", "", "A signing key has no spaces.")
	}
	if a.From != "" && !ValidSender(a.From) {
		wrong.Add("from", "", SenderRule)
	}
	return wrong.Err()
}

// isSecret reports whether a text can be a key: some characters, none of them
// blank or outside ASCII, because it goes into a header.
func isSecret(s string) bool {
	return s != "" && len(s) <= 200 && !strings.ContainsFunc(s, func(c rune) bool {
		return c > unicode.MaxASCII || !unicode.IsGraphic(c) || unicode.IsSpace(c)
	})
}

func refused(message string) error { return fault.New(fault.Invalid, message) }
