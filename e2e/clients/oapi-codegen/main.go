// The program of a business, with the client that oapi-codegen generates. It prints the
// address of a link and waits until somebody has paid there, then gives the money back.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"clients/oapi-codegen/smartlinks"
	"clients/receiver"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx, os.Getenv("API"), os.Getenv("TOKEN")); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, api, token string) error {
	client, err := smartlinks.NewClientWithResponses(api, smartlinks.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}))
	if err != nil {
		return err
	}
	events, err := receiver.Listen()
	if err != nil {
		return err
	}
	endpoint, err := client.CreateWebhookEndpointWithResponse(ctx, nil, smartlinks.NewEndpointBody{Url: events.URL, Events: &[]string{"payment.succeeded", "payment.refunded"}})
	if err != nil || endpoint.JSON201 == nil {
		return refused("endpoint", endpoint, err)
	}
	go func() { log.Fatal(events.Serve(endpoint.JSON201.Secret)) }()

	made, err := client.CreateLinkWithResponse(ctx, &smartlinks.CreateLinkParams{IdempotencyKey: new("order-1")}, smartlinks.NewLinkBody{
		Name:   "Order 1",
		Amount: &smartlinks.Amount{Value: "12.50", Currency: "EUR"},
		Limit:  &smartlinks.LimitBody{Kind: new(smartlinks.LimitBodyKindOnce)},
	})
	if err != nil || made.JSON201 == nil {
		return refused("link", made, err)
	}
	link := made.JSON201
	links, err := client.ListLinksWithResponse(ctx, &smartlinks.ListLinksParams{Q: new("order 1")})
	if err != nil || links.JSON200 == nil {
		return refused("links", links, err)
	}
	if len(links.JSON200.Data) != 1 || links.JSON200.Data[0].Id != link.Id {
		return fmt.Errorf("the list does not hold the link: %s", links.Body)
	}
	fmt.Println(link.Url)

	paid, err := await(ctx, events, "payment.succeeded", smartlinks.Event.AsPaymentSucceededEvent)
	if err != nil {
		return err
	}
	if paid.Data.LinkId == nil || *paid.Data.LinkId != link.Id {
		return errors.New("the event is about another link")
	}
	payment, err := client.GetPaymentWithResponse(ctx, paid.Data.Id)
	if err != nil || payment.JSON200 == nil {
		return refused("payment", payment, err)
	}
	if p := payment.JSON200; p.Status != smartlinks.PaymentDetailStatusPaid || p.Amount.Value != "12.50" || p.Dispute != nil {
		return fmt.Errorf("it is not paid: %s", payment.Body)
	}
	payments, err := client.ListPaymentsWithResponse(ctx, &smartlinks.ListPaymentsParams{LinkId: &link.Id, Status: &[]smartlinks.ListPaymentsParamsStatus{smartlinks.ListPaymentsParamsStatusPaid}})
	if err != nil || payments.JSON200 == nil {
		return refused("payments", payments, err)
	}
	if len(payments.JSON200.Data) != 1 {
		return fmt.Errorf("the list does not hold the payment: %s", payments.Body)
	}
	activity, err := client.ListActivityWithResponse(ctx, link.Id, &smartlinks.ListActivityParams{Kind: new(smartlinks.ListActivityParamsKindPayment)})
	if err != nil || activity.JSON200 == nil {
		return refused("activity", activity, err)
	}
	if rows := activity.JSON200.Data; len(rows) != 1 || rows[0].Kind != smartlinks.ActivityRowKindPayment || rows[0].Id == nil || *rows[0].Id != paid.Data.Id {
		return fmt.Errorf("the activity does not hold the payment: %s", activity.Body)
	}

	refund, err := client.RefundPaymentWithResponse(ctx, paid.Data.Id, nil, smartlinks.RefundBody{Reason: new("sent back")})
	if err != nil || refund.JSON201 == nil {
		return refused("refund", refund, err)
	}
	back, err := await(ctx, events, "payment.refunded", smartlinks.Event.AsPaymentRefundedEvent)
	if err != nil {
		return err
	}
	if back.Data.Status != smartlinks.PaymentObjectStatusRefunded || back.Data.Refunds[0].Id != refund.JSON201.Id {
		return errors.New("the event does not hold the refund")
	}
	fmt.Println("refunded", back.Data.Id)
	return nil
}

// await reads the next event, which must be of the type.
func await[T any](ctx context.Context, events *receiver.Receiver, of string, as func(smartlinks.Event) (T, error)) (whole T, err error) {
	select {
	case <-ctx.Done():
		return whole, ctx.Err()
	case body := <-events.Verified:
		var event smartlinks.Event
		if err := json.Unmarshal(body, &event); err != nil {
			return whole, err
		}
		if kind, err := event.Discriminator(); err != nil || kind != of {
			return whole, fmt.Errorf("%q came, want %s (%v)", kind, of, err)
		}
		return as(event)
	}
}

// refused says why an answer is not the one that was hoped for. There is none when err
// says so.
func refused(what string, answer interface{ GetBody() []byte }, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s: %s", what, answer.GetBody())
}
