package source

import (
	"net/url"
	"slices"
	"strings"
)

// Channel is the way by which a view came.
type Channel string

// The channels.
const (
	Direct       Channel = "direct"
	Email        Channel = "email"
	SMS          Channel = "sms"
	Reminder     Channel = "reminder"
	Recovery     Channel = "recovery" // the mail about a payment that was not finished
	QR           Channel = "qr"
	Social       Channel = "social"
	Referral     Channel = "referral"
	CampaignLink Channel = "campaign"
)

// Source is where a view came from. Texts are bounded, valid UTF-8 and without
// control characters.
type Source struct {
	Channel Channel
	// Detail is the network (instagram), the mail service (gmail), the site of
	// a referral (example.org) or the source of a campaign (newsletter).
	Detail       string
	ReferrerHost string // in lower case, without port and "www."
	Referrer     string // the page that linked, without query and fragment
	Campaign     Campaign
}

// Campaign is what utm_source, utm_medium and utm_campaign say.
type Campaign struct{ Source, Medium, Name string }

// IsZero reports whether the address told no campaign.
func (c Campaign) IsZero() bool { return c == Campaign{} }

// String joins the parts that are there: "newsletter / email / spring".
func (c Campaign) String() string {
	var parts []string
	for _, part := range []string{c.Source, c.Medium, c.Name} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " / ")
}

// markers are the values of ?via= that our own links carry.
var markers = map[string]Channel{"email": Email, "sms": SMS, "reminder": Reminder, "recovery": Recovery, "qr": QR, "social": Social}

// Networks are the values of ?via= by which links that were shared tell on which network.
func Networks() []string {
	return []string{"whatsapp", "telegram", "facebook", "x", "bluesky", "mastodon", "threads", "reddit", "linkedin", "instagram"}
}

// ChannelOf derives the channel from the address's query and the Referer
// header. Our own marker counts most, then a campaign, then the referrer; a
// referrer on ownHost (the request's Host) is none. Campaign and referrer are
// kept also when they don't decide.
func ChannelOf(query url.Values, referrer, ownHost string) Source {
	s := Source{Channel: Direct, Campaign: campaignOf(query)}
	from := parseReferrer(referrer)
	if from.host != "" && from.host != hostname(ownHost) {
		s.ReferrerHost, s.Referrer = from.shortHost(), from.page
		s.Channel, s.Detail = Referral, s.ReferrerHost
		if known, found := from.site(); found {
			s.Channel, s.Detail = known.channel, known.name
		}
	}
	via := strings.ToLower(query.Get("via"))
	if slices.Contains(Networks(), via) {
		s.Channel, s.Detail = Social, via
	} else if marked, ok := markers[via]; ok {
		if s.Channel != marked { // via=social from t.co keeps "x"
			s.Channel, s.Detail = marked, ""
		}
	} else if !s.Campaign.IsZero() {
		s.Channel, s.Detail = CampaignLink, s.Campaign.Source
	}
	return s
}

// maxCampaign bounds each part of a campaign, in characters.
const maxCampaign = 100

func campaignOf(query url.Values) Campaign {
	if len(query) == 0 {
		return Campaign{}
	}
	part := func(name string) string { return bounded(query.Get(name), maxCampaign) }
	c := Campaign{Source: part("utm_source"), Medium: part("utm_medium"), Name: part("utm_campaign")}
	if c.Name == "" {
		c.Name = part("utm_id")
	}
	return c
}
