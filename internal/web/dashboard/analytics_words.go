package dashboard

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"smartlinks/internal/visit"
)

// facetWords are what a facet is called, what its values are, and what is said
// where a value is not known.
type facetWords struct{ title, column, unknown string }

func wordsOf(f visit.Facet) facetWords {
	return map[visit.Facet]facetWords{
		visit.FacetChannel:  {"Channels", "Channel", "Direct"},
		visit.FacetReferrer: {"Sites that led here", "Site", "No site: typed, scanned, or from an app"},
		visit.FacetNetwork:  {"Social networks", "Network", "Unknown"},
		visit.FacetCampaign: {"Campaigns", "Source / medium / campaign", "Unknown"},
		visit.FacetDelivery: {"Messages that you sent", "By", "Unknown"},
		visit.FacetBrowser:  {"Browsers", "Browser", "Unknown"},
		visit.FacetOS:       {"Systems", "System", "Unknown"},
		visit.FacetLanguage: {"Languages of browsers", "Language", "Unknown"},
	}[f]
}

// valueWords is a value as people read it.
func valueWords(f visit.Facet, value string) string {
	if value == "" {
		return wordsOf(f).unknown
	}
	switch f {
	case visit.FacetChannel:
		return channelOf(value).label
	case visit.FacetDelivery:
		return map[string]string{"email": "Email", "sms": "SMS", "reminder email": "Reminder by email", "reminder sms": "Reminder by SMS"}[value]
	case visit.FacetLanguage:
		if tag, err := language.Parse(value); err == nil {
			return display.English.Languages().Name(tag)
		}
	case visit.FacetNetwork:
		return networkName(value)
	}
	return value
}

// networkName writes networks as they do themselves.
func networkName(key string) string {
	if name, known := map[string]string{"x": "X", "tiktok": "TikTok", "youtube": "YouTube", "linkedin": "LinkedIn", "whatsapp": "WhatsApp", "vk": "VK", "xing": "XING", "linktree": "Linktree"}[key]; known {
		return name
	}
	return strings.ToUpper(key[:1]) + key[1:]
}
