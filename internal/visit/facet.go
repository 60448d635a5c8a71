package visit

import (
	"cmp"
	"strings"

	"smartlinks/internal/db"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/visit/source"
)

// Facet is a property of visits by which figures are split.
type Facet string

// The facets.
const (
	FacetChannel  Facet = "channel"
	FacetBrowser  Facet = "browser"
	FacetOS       Facet = "os"
	FacetDevice   Facet = "device"
	FacetCountry  Facet = "country"  // where the installation has a file of networks
	FacetLanguage Facet = "language" // of the browser, without its region
	FacetReferrer Facet = "referrer" // the site that led here
	FacetNetwork  Facet = "network"  // which social network
	FacetCampaign Facet = "campaign" // source / medium / name
	FacetDelivery Facet = "delivery" // by which message: email, sms, reminder email, reminder sms
)

// Facets are all facets, in the order in which they are shown. Those of whom
// Everybody is true split all figures: what is not known has the value "".
func Facets() []Facet {
	return []Facet{FacetChannel, FacetReferrer, FacetNetwork, FacetCampaign, FacetDelivery, FacetCountry, FacetDevice, FacetBrowser, FacetOS, FacetLanguage}
}

// Everybody reports whether each visit has the facet, if only with an empty
// value. The others hold those visits alone to which they apply.
func (f Facet) Everybody() bool {
	return f == FacetChannel || f == FacetBrowser || f == FacetOS || f == FacetLanguage || f == FacetReferrer
}

// traits are what facets are made of, of a view or of an attempt.
type traits struct {
	channel, detail, campaign, token    string
	referrer, browser, system, language string
	country, device                     string
}

func (v *View) traits() traits {
	return traits{v.Channel, v.ChannelDetail, v.Campaign, v.RecipientToken, v.Referrer, v.Browser, v.OS, v.Language, v.Country, v.Device}
}

// named has the site instead of a view's page, and a language without its
// region.
func (t traits) named() traits {
	t.referrer, t.language = source.SiteOf(t.referrer), source.BaseLanguage(t.language)
	return t
}

func traitsOf(a attempt.Attempt) traits {
	return traits{a.Channel, a.Detail, a.Campaign, a.RecipientToken, a.Referrer, a.Browser, a.OS, a.Language, a.Country, a.Device}
}

// facetValue is the value of one facet.
type facetValue struct {
	facet Facet
	value string
}

func (t traits) all() []facetValue {
	if t.channel == payment.ByHand { // no visit, so nothing to split by
		return []facetValue{{FacetChannel, t.channel}}
	}
	all := []facetValue{{FacetChannel, t.channel}, {FacetBrowser, t.browser}, {FacetOS, t.system}, {FacetLanguage, t.language}, {FacetReferrer, t.referrer}}
	if t.channel == string(source.Social) && t.detail != "" {
		all = append(all, facetValue{FacetNetwork, t.detail})
	}
	if t.campaign != "" {
		all = append(all, facetValue{FacetCampaign, t.campaign})
	}
	for _, known := range []facetValue{{FacetDevice, t.device}, {FacetCountry, t.country}} {
		if known.value != "" { // earlier visits have neither
			all = append(all, known)
		}
	}
	if way := t.delivery(); way != "" {
		all = append(all, facetValue{FacetDelivery, way})
	}
	return all
}

// delivery is the message that led here, "" for none.
func (t traits) delivery() string {
	switch {
	case t.token == "":
		return ""
	case t.channel == string(source.Reminder):
		return strings.TrimSpace("reminder " + t.detail)
	}
	return t.channel
}

// facetKey is one row of the facets: a target, a calendar day, a facet and its value.
type facetKey struct {
	target
	day int64
	facetValue
}

func compareFacetKeys(a, b facetKey) int {
	return cmp.Or(compareTargets(a.target, b.target), cmp.Compare(a.facet, b.facet), cmp.Compare(a.day, b.day), cmp.Compare(a.value, b.value))
}

const facetColumns = 13

// facetRows is how many rows one statement adds: a visit has about five.
const facetRows = 8

// addFacets adds to the facets, in the order of the keys.
func addFacets(keys []facetKey, counts map[facetKey]Counts) (all []*db.Statement) {
	for rest := keys; len(rest) > 0; {
		n := min(len(rest), facetRows)
		arguments := make([]any, 0, n*facetColumns)
		for _, s := range rest[:n] {
			c := counts[s]
			arguments = append(arguments, s.id, s.mode, string(s.facet), s.day, s.value, s.businessID,
				c.Views, c.Visitors, c.Attempts, c.Payments, c.Revenue, c.Refunded, c.Lost)
		}
		all = append(all, db.Exec(nil, addFacetStatements[n], arguments...))
		rest = rest[n:]
	}
	return all
}

// addFacetStatements are the statements by the number of their rows, each of them
// once, so that the database can keep how it runs them.
var addFacetStatements = func() (of [facetRows + 1]string) {
	for rows := 1; rows <= facetRows; rows++ {
		of[rows] = addFacetsStatement(rows)
	}
	return of
}()

func addFacetsStatement(rows int) string {
	return `INSERT INTO link_facets (link_id, mode, facet, day, value, business_id, views, visitors, attempts, payments, revenue_minor, refunded_minor, lost_minor)
		VALUES ` + rowsOf(rows, facetColumns) + `
		ON CONFLICT (link_id, mode, facet, day, value) DO UPDATE SET
			views = link_facets.views + excluded.views, visitors = link_facets.visitors + excluded.visitors,
			attempts = link_facets.attempts + excluded.attempts, payments = link_facets.payments + excluded.payments,
			revenue_minor = link_facets.revenue_minor + excluded.revenue_minor,
			refunded_minor = link_facets.refunded_minor + excluded.refunded_minor, lost_minor = link_facets.lost_minor + excluded.lost_minor`
}
