package api

import "github.com/danielgtaylor/huma/v2"

// The groups of operations.
const (
	groupLinks      = "Links"
	groupSending    = "Sending and reminders"
	groupPayments   = "Payments and refunds"
	groupStatements = "Bank statements"
	groupCustomers  = "Customers"
	groupProducts   = "Products"
	groupTags       = "Tags"
	groupCodes      = "Coupons and codes"
	groupWebhooks   = "Webhooks and events"
	groupDomains    = "Domains"
	groupBusiness   = "Business"
	groupPayRequest = "PayRequest"
	groupSandbox    = "Test clock"
)

// groups are in the order in which people read them.
var groups = []*huma.Tag{
	{Name: groupLinks, Description: "A link is a permanent address that asks a fixed amount or sells a product."},
	{Name: groupSending, Description: "Bring a link to customers by e-mail or SMS, and remind them until they pay."},
	{Name: groupPayments, Description: "What was paid, tried and given back."},
	{Name: groupStatements, Description: "Files of your bank, which say what transfers came: read, looked at, booked."},
	{Name: groupCustomers, Description: "People and firms that the business knows."},
	{Name: groupProducts, Description: "What product links sell, each with a page in the business's shop."},
	{Name: groupTags, Description: "Names with a colour, of links or of customers."},
	{Name: groupCodes, Description: "What is taken off a price, and the codes that give it."},
	{Name: groupWebhooks, Description: "Your systems hear of what happens; what they missed is sent again."},
	{Name: groupDomains, Description: "Host names of the business that lead to its pages."},
	{Name: groupBusiness, Description: "What is set for the whole business."},
	{Name: groupPayRequest, Description: "For programs that were written for PayRequest: its words and its envelope."},
	{Name: groupSandbox, Description: "Only in test mode: move the application's time, and what falls due is done."},
}
