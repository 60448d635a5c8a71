package links

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"smartlinks/internal/visit"
	"smartlinks/internal/visit/source"
	"smartlinks/internal/web/dashboard/charts"
	"smartlinks/internal/web/dashboard/frame"
)

// facetWords are what a facet is called, what its values are, and what is said
// where a value is not known.
type facetWords struct{ title, column, unknown string }

func wordsOf(reader frame.Reader, f visit.Facet) facetWords {
	return map[visit.Facet]facetWords{
		visit.FacetChannel:  {reader.T("Channels"), reader.T("Channel"), reader.T("Direct")},
		visit.FacetReferrer: {reader.T("Sites that people came from"), reader.T("Site"), reader.T("No site: typed, scanned or from an app")},
		visit.FacetNetwork:  {reader.T("Social networks"), reader.T("Network"), reader.T("Unknown")},
		visit.FacetCampaign: {reader.T("Campaigns"), reader.T("Source / medium / campaign"), reader.T("Unknown")},
		visit.FacetDelivery: {reader.T("Messages you sent"), reader.T("By"), reader.T("Unknown")},
		visit.FacetBrowser:  {reader.T("Browsers"), reader.T("Browser"), reader.T("Unknown")},
		visit.FacetOS:       {reader.T("Systems"), reader.T("System"), reader.T("Unknown")},
		visit.FacetCountry:  {reader.T("Countries"), reader.T("Country"), reader.T("Unknown")},
		visit.FacetDevice:   {reader.T("Devices"), reader.T("Device"), reader.T("Unknown")},
		visit.FacetLanguage: {reader.T("Languages of browsers"), reader.T("Language"), reader.T("Unknown")},
	}[f]
}

// valueWords is a value as people read it.
func valueWords(reader frame.Reader, f visit.Facet, value string) string {
	if value == "" {
		return wordsOf(reader, f).unknown
	}
	switch f {
	case visit.FacetChannel:
		return charts.ChannelOf(reader, value).Label
	case visit.FacetDelivery:
		return map[string]string{"email": reader.T("Email"), "sms": "SMS", "reminder email": reader.T("Reminder by email"), "reminder sms": reader.T("Reminder by SMS")}[value]
	case visit.FacetLanguage:
		if tag, err := language.Parse(value); err == nil {
			return languageName(reader, tag)
		}
	case visit.FacetCountry:
		return countryName(reader, value)
	case visit.FacetDevice:
		return map[string]string{source.Phone: reader.T("Phone|a device"), source.Tablet: reader.T("Tablet"), source.Desktop: reader.T("Computer")}[value]
	case visit.FacetNetwork:
		return networkName(reader, value)
	}
	return value
}

// networkName writes networks as they do themselves.
func networkName(reader frame.Reader, key string) string {
	if name, known := map[string]string{"x": "X", "tiktok": "TikTok", "youtube": "YouTube", "linkedin": "LinkedIn", "whatsapp": "WhatsApp", "vk": "VK", "xing": "XING", "linktree": "Linktree"}[key]; known {
		return name
	}
	return strings.ToUpper(key[:1]) + key[1:]
}

// languageOf is the reader's language as golang.org/x/text knows it.
func languageOf(reader frame.Reader) language.Tag {
	if tag, err := language.Parse(reader.Lang()); err == nil {
		return tag
	}
	return language.English
}

// languageName is a browser's language in the reader's own.
func languageName(reader frame.Reader, tag language.Tag) string {
	if name := display.Languages(languageOf(reader)).Name(tag); name != "" {
		return name
	}
	return tag.String()
}

// countryName is the country in the reader's language.
func countryName(reader frame.Reader, code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.Regions(languageOf(reader)).Name(region); name != "" {
		return name
	}
	return code
}
