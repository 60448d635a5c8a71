package mcp

import (
	"context"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// common are the jobs that people have again and again. Words in braces are arguments.
var common = []struct {
	name, title, about string
	arguments          []*sdk.PromptArgument
	text               string
}{
	{
		"ask_for_money", "Ask somebody for money", "Makes a one-time link for a customer and sends it by e-mail.",
		[]*sdk.PromptArgument{{Name: "who", Description: "Name or e-mail address", Required: true}, {Name: "amount", Description: "Such as 120 EUR", Required: true}, {Name: "what_for", Description: "What is paid for", Required: true}},
		"Ask {who} for {amount} for {what_for}. Find the customer; if there is none, ask me for what is missing and add them. Make a link that takes one payment, for this customer. Show me its name, amount and address and the message that you would send, and send it by e-mail only once I agree.",
	},
	{
		"how_is_business", "How is business?", "Sums the last days up.",
		[]*sdk.PromptArgument{{Name: "days", Description: "How many days; 7 when left out"}},
		"How was business in the last {days} days? Read the figures of the whole business, and of the days before for comparison. Tell me what came in, what was refunded, what earned most, and one thing that I should look at. Use the exact sums; do not add up payments yourself.",
	},
	{
		"who_has_not_paid", "Who has not paid yet?", "Finds links that were sent and not paid.", nil,
		"Which active links that are meant for one customer are not paid yet? List customer, amount, address and how many reminders went out. Propose whom to remind and how often, and change reminders only once I agree.",
	},
	{
		"refund", "Give money back", "Finds a payment and refunds it after you confirm.",
		[]*sdk.PromptArgument{{Name: "payment", Description: "Receipt number, code, e-mail address or name of the payer", Required: true}},
		"Find the payment “{payment}”. Show me who paid, when, how much and for what, and what was refunded before. Ask me how much to give back, and refund only once I have named the amount.",
	},
}

// prompts are offered to people as commands of their assistant.
func prompts(t *sdkServer) {
	for _, p := range common {
		t.AddPrompt(&sdk.Prompt{Name: p.name, Title: p.title, Description: p.about, Arguments: p.arguments},
			func(_ context.Context, q *sdk.GetPromptRequest) (*sdk.GetPromptResult, error) {
				text := p.text
				for _, a := range p.arguments {
					value := q.Params.Arguments[a.Name]
					if value == "" && a.Name == "days" {
						value = "7"
					}
					text = strings.ReplaceAll(text, "{"+a.Name+"}", value)
				}
				return &sdk.GetPromptResult{Description: p.about, Messages: []*sdk.PromptMessage{{Role: "user", Content: &sdk.TextContent{Text: text}}}}, nil
			})
	}
}
