// The program of a business, with the client that ogen generates. It prints the address
// of a link and waits until somebody has paid there, then gives the money back.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"clients/ogen/smartlinks"
	"clients/receiver"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx, os.Getenv("API"), token(os.Getenv("TOKEN"))); err != nil {
		log.Fatal(err)
	}
}

// token signs every request.
type token string

func (t token) Token(context.Context, smartlinks.OperationName) (smartlinks.Token, error) {
	return smartlinks.Token{Token: string(t)}, nil
}

func run(ctx context.Context, api string, token token) error {
	client, err := smartlinks.NewClient(api, token)
	if err != nil {
		return err
	}
	events, err := receiver.Listen()
	if err != nil {
		return err
	}
	endpointAnswer, err := client.CreateWebhookEndpoint(ctx, &smartlinks.NewEndpointBody{
		URL:    events.URL,
		Events: smartlinks.NewOptNilStringArray([]string{"payment.succeeded", "payment.refunded"}),
	}, smartlinks.CreateWebhookEndpointParams{})
	endpoint, ok := endpointAnswer.(*smartlinks.SecretViewHeaders)
	if !ok {
		return refused("endpoint", endpointAnswer, err)
	}
	go func() { log.Fatal(events.Serve(endpoint.Response.Secret)) }()

	linkAnswer, err := client.CreateLink(ctx, &smartlinks.NewLinkBody{
		Name:   "Order 2",
		Amount: smartlinks.NewOptAmount(smartlinks.Amount{Value: "12.50", Currency: "EUR"}),
		Limit:  smartlinks.NewOptNilLimitBody(smartlinks.LimitBody{Kind: smartlinks.NewOptLimitBodyKind(smartlinks.LimitBodyKindOnce)}),
	}, smartlinks.CreateLinkParams{IdempotencyKey: smartlinks.NewOptString("order-2")})
	made, ok := linkAnswer.(*smartlinks.LinkViewHeaders)
	if !ok {
		return refused("link", linkAnswer, err)
	}
	link := made.Response
	linksAnswer, err := client.ListLinks(ctx, smartlinks.ListLinksParams{Q: smartlinks.NewOptString("order 2")})
	links, ok := linksAnswer.(*smartlinks.ListLinkView)
	if !ok {
		return refused("links", linksAnswer, err)
	}
	if len(links.Data) != 1 || links.Data[0].ID != link.ID {
		return fmt.Errorf("the list does not hold the link: %v", links)
	}
	fmt.Println(link.URL)

	paidEvent, err := await(ctx, events, smartlinks.PaymentSucceededEventEvent)
	if err != nil {
		return err
	}
	paid := paidEvent.PaymentSucceededEvent.Data
	if paid.LinkID.Or("") != link.ID {
		return errors.New("the event is about another link")
	}
	paymentAnswer, err := client.GetPayment(ctx, smartlinks.GetPaymentParams{ID: paid.ID})
	payment, ok := paymentAnswer.(*smartlinks.PaymentDetail)
	if !ok {
		return refused("payment", paymentAnswer, err)
	}
	if payment.Status != smartlinks.PaymentDetailStatusPaid || payment.Amount.Value != "12.50" || !payment.Dispute.IsNull() {
		return fmt.Errorf("it is not paid: %v", payment)
	}
	paymentsAnswer, err := client.ListPayments(ctx, smartlinks.ListPaymentsParams{
		LinkID: smartlinks.NewOptString(link.ID),
		Status: []smartlinks.ListPaymentsStatusItem{smartlinks.ListPaymentsStatusItemPaid},
	})
	payments, ok := paymentsAnswer.(*smartlinks.ListPaymentView)
	if !ok {
		return refused("payments", paymentsAnswer, err)
	}
	if len(payments.Data) != 1 {
		return fmt.Errorf("the list does not hold the payment: %v", payments)
	}
	activityAnswer, err := client.ListActivity(ctx, smartlinks.ListActivityParams{ID: link.ID, Kind: smartlinks.NewOptListActivityKind(smartlinks.ListActivityKindPayment)})
	activity, ok := activityAnswer.(*smartlinks.ListActivityRow)
	if !ok {
		return refused("activity", activityAnswer, err)
	}
	if rows := activity.Data; len(rows) != 1 || rows[0].Kind != smartlinks.ActivityRowKindPayment || rows[0].ID.Or("") != paid.ID {
		return fmt.Errorf("the activity does not hold the payment: %v", activity)
	}

	refundAnswer, err := client.RefundPayment(ctx, &smartlinks.RefundBody{Reason: smartlinks.NewOptString("sent back")}, smartlinks.RefundPaymentParams{ID: paid.ID})
	refund, ok := refundAnswer.(*smartlinks.RefundView)
	if !ok {
		return refused("refund", refundAnswer, err)
	}
	backEvent, err := await(ctx, events, smartlinks.PaymentRefundedEventEvent)
	if err != nil {
		return err
	}
	back := backEvent.PaymentRefundedEvent.Data
	if back.Status != smartlinks.PaymentObjectStatusRefunded || back.Refunds[0].ID != refund.ID {
		return errors.New("the event does not hold the refund")
	}
	fmt.Println("refunded", back.ID)
	return nil
}

// await reads the next event, which must be of the type.
func await(ctx context.Context, events *receiver.Receiver, of smartlinks.EventType) (event smartlinks.Event, err error) {
	select {
	case <-ctx.Done():
		return event, ctx.Err()
	case body := <-events.Verified:
		if err := event.UnmarshalJSON(body); err != nil {
			return event, err
		}
		if event.Type != of {
			return event, fmt.Errorf("%s came, want %s", event.Type, of)
		}
		return event, nil
	}
}

// refused says why an answer is not the one that was hoped for.
func refused(what string, answer any, err error) error {
	if problem, ok := answer.(*smartlinks.ProblemStatusCode); ok {
		err = fmt.Errorf("%s: %s", problem.Response.Code, problem.Response.Detail)
	}
	return fmt.Errorf("%s: %w", what, err)
}
