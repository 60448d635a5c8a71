package frame

import "github.com/danielgtaylor/huma/v2"

// The groups of operations.
const (
	GroupLinks      = "Links"
	GroupSending    = "Sending and reminders"
	GroupPayments   = "Payments and refunds"
	GroupStatements = "Bank statements"
	GroupCustomers  = "Customers"
	GroupProducts   = "Products"
	GroupTags       = "Tags"
	GroupCodes      = "Coupons and codes"
	GroupWebhooks   = "Webhooks and events"
	GroupDomains    = "Domains"
	GroupBusiness   = "Business"
	GroupPayRequest = "PayRequest"
	GroupSandbox    = "Test clock"
)

// Groups are in the order in which people read them.
var Groups = []*huma.Tag{
	{Name: GroupLinks, Description: "A link is a permanent address that asks a fixed amount or sells a product."},
	{Name: GroupSending, Description: "Bring a link to customers by e-mail or SMS, and remind them until they pay."},
	{Name: GroupPayments, Description: "What was paid, tried and given back."},
	{Name: GroupStatements, Description: "Files of your bank, which say what transfers came: read, looked at, booked."},
	{Name: GroupCustomers, Description: "People and firms that the business knows."},
	{Name: GroupProducts, Description: "What product links sell, each with a page in the business's shop."},
	{Name: GroupTags, Description: "Names with a colour, of links or of customers."},
	{Name: GroupCodes, Description: "What is taken off a price, and the codes that give it."},
	{Name: GroupWebhooks, Description: "Your systems hear of what happens; what they missed is sent again."},
	{Name: GroupDomains, Description: "Host names of the business that lead to its pages."},
	{Name: GroupBusiness, Description: "What is set for the whole business."},
	{Name: GroupPayRequest, Description: "For programs that were written for PayRequest: its words and its envelope."},
	{Name: GroupSandbox, Description: "Only in test mode: move the application's time, and what falls due is done."},
}
