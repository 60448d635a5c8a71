package sample

import (
	"smartlinks/internal/link"
	"smartlinks/internal/tag"
)

// sampleLink is a link of the sample business and what came of it.
type sampleLink struct {
	name, description string
	price             int64 // cents
	product           bool  // sold from the catalogue
	tags              []string
	gives             string // the tag of whoever pays
	limit             link.Limit
	views, payments   int
	days              int // how long ago it was made
	paused            bool
	sentTo            []string           // customers who got it by e-mail and SMS, two days later
	with              func(*link.Fields) // what else is set, nil for nothing
}

// sampleTag is a tag in a colour that goes with the others.
type sampleTag struct {
	kind        tag.Kind
	name, color string
}

var sampleTags = []sampleTag{
	{tag.OfLinks, "Workshop", "blue"}, {tag.OfLinks, "Spring", "green"}, {tag.OfLinks, "Event", "pink"}, {tag.OfLinks, "Early bird", "orange"},
	{tag.OfLinks, "Donor", "purple"}, {tag.OfLinks, "Shop", "teal"}, {tag.OfLinks, "Gift", "red"}, {tag.OfLinks, "Rental", "slate"}, {tag.OfLinks, "Deposit", "indigo"}, {tag.OfLinks, "Portrait", "pink"},
	{tag.OfCustomers, "Regular", "teal"}, {tag.OfCustomers, "Press", "slate"}, {tag.OfCustomers, "Donor", "purple"}, {tag.OfCustomers, "Masterclass", "green"}, {tag.OfCustomers, "Workshop guest", "blue"},
}

func upTo(n int64) link.Limit { return link.Limit{Kind: link.Multiple, Max: n} }

// sampleLinks show limits in each colour, both types, and links that are off.
var sampleLinks = []sampleLink{
	{name: "Summer Sale Print Set", description: "Five prints of the summer series, signed.", price: 3500, product: true,
		tags: []string{"Shop"}, views: 61, payments: 2, days: 89, paused: true},
	{name: "Winter Light Exhibition", description: "One evening ticket, drinks included.", price: 1500,
		tags: []string{"Event"}, limit: upTo(80), views: 1105, payments: 80, days: 88, paused: true},
	{name: "Premium Bundle", description: "Three large prints of your choice, framed in oak.", price: 14900, product: true,
		tags: []string{"Shop"}, views: 512, payments: 37, days: 86},
	{name: "Monthly Donor Program", description: "Ten euros keep the darkroom open to everyone.", price: 1000,
		tags: []string{"Donor"}, gives: "Donor", views: 864, payments: 231, days: 84},
	{name: "Studio Rental Half Day", description: "Four hours with lights, backdrops and coffee.", price: 16000,
		tags: []string{"Rental"}, views: 173, payments: 12, days: 80},
	{name: "Portrait Session Gift Card", description: "One hour of portraits, valid for a year.", price: 12000, product: true,
		tags: []string{"Shop", "Gift"}, limit: upTo(50), views: 296, payments: 21, days: 66},
	{name: "Early Bird Conference 2026", description: "Two days of talks about light, at the early price.", price: 4900,
		tags: []string{"Event", "Early bird"}, limit: upTo(150), views: 1942, payments: 138, days: 52},
	{name: "Masterclass Deposit Autumn", description: "Keeps your place in the autumn masterclass.", price: 7500,
		tags: []string{"Workshop", "Deposit"}, gives: "Masterclass", limit: upTo(10), views: 38, payments: 9, days: 33},
	{name: "Photography Workshop March", description: "A full day of portrait and natural-light photography in our Amsterdam studio. Saturday 28 March, 10:00–17:00, lunch included.",
		price: 8900, tags: []string{"Workshop", "Spring"}, gives: "Workshop guest", limit: upTo(20), views: 128, payments: 5, days: 22, sentTo: []string{"Amara Okafor"}},
	{name: "Web Design Deposit", description: "First half of the design of your site.", price: 50000,
		tags: []string{"Deposit"}, limit: link.Limit{Kind: link.Once}, views: 4, payments: 1, days: 6, sentTo: []string{"Tomasz Wójcik"}},
}

// samplePayers pay, the first the most often.
var samplePayers = []string{
	"Jonas Lindqvist", "Chiara Bianchi", "Mateo Fernández", "Nguyễn Minh Anh", "Priya Raman", "Zeynep Aydın", "Omar Haddad",
	"Sanne de Vries", "Amara Okafor", "Tomasz Wójcik", "Léa Moreau", "Yuki Tanaka", "Daan Visser", "Ingrid Solberg", "Ana Souza",
	"Kwame Mensah", "Elif Kaya", "Lukas Weber", "Noor Bakker", "Giulia Conti",
}
