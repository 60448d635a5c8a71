package links

import (
	"strings"
	"time"

	"smartlinks/internal/delivery"
	"smartlinks/internal/message"
	"smartlinks/internal/web/api/frame"
)

// DeliveryView is one message of a send as programs read it.
type DeliveryView struct {
	ID         string          `json:"id" example:"dlv_…"`
	Channel    message.Channel `json:"channel" enum:"email,sms"`
	Status     message.State   `json:"status" enum:"scheduled,queued,sent,delivered,failed" doc:"scheduled: its time has not come. sent: the server or gateway took it. delivered: the phone has it."`
	At         time.Time       `json:"at" doc:"When it was sent, is scheduled for, or was asked for."`
	Kind       delivery.Kind   `json:"kind" enum:"send,reminder"`
	CustomerID *string         `json:"customer_id" doc:"null when the customer was deleted."`
	Address    string          `json:"address" doc:"At the time; empty when there was none, and for a token without customers:read."`
	Reason     *string         `json:"reason" doc:"Why it waits or failed, and what to do."`
	URL        string          `json:"url" doc:"The recipient's own way to the link; empty for a token without customers:read, because its page says who they are."`
}

func DeliveryViewOf(sent delivery.Send, d delivery.Delivery) DeliveryView {
	v := DeliveryView{
		ID: d.ID, Channel: d.Channel, Status: d.Status, At: sent.At.UTC(), Kind: sent.Kind, CustomerID: frame.Pointer(string(sent.CustomerID)),
		Address: d.Address, Reason: frame.Pointer(d.Reason), URL: d.URL,
	}
	if d.SentAt != nil {
		v.At = d.SentAt.UTC()
	}
	return v
}

// DeliveryViewsOf are all messages of the sends.
func DeliveryViewsOf(sends []delivery.Send) []DeliveryView {
	views := []DeliveryView{}
	for _, sent := range sends {
		for _, d := range sent.Deliveries {
			views = append(views, DeliveryViewOf(sent, d))
		}
	}
	return views
}

// batchView is a send to many.
type batchView struct {
	ID         delivery.BatchID `json:"id" example:"bat_…"`
	Total      int64            `json:"total" doc:"Customers."`
	Done       int64            `json:"done" doc:"Of total."`
	Failed     int64            `json:"failed" doc:"Of done: nothing could be sent to them; their deliveries say why."`
	Stopped    *string          `json:"stopped" doc:"Why it ended before everybody had their turn."`
	CreatedAt  time.Time        `json:"created_at"`
	FinishedAt *time.Time       `json:"finished_at" doc:"null while it goes on."`
}

func batchViewOf(b delivery.Batch) batchView {
	return batchView{b.ID, b.Total, b.Done, b.Failed, frame.Pointer(b.Stopped), b.CreatedAt.UTC(), frame.UTCPointer(b.FinishedAt)}
}

// hideNames takes from the messages where they went, and the recipients' own ways to the
// link, whose pages fill in who they are.
func hideNames(views []DeliveryView) []DeliveryView {
	for i := range views {
		v := &views[i]
		if v.Reason != nil && v.Address != "" { // servers repeat whom they refuse
			v.Reason = frame.Pointer(strings.ReplaceAll(*v.Reason, v.Address, "…"))
		}
		v.Address, v.URL = "", ""
	}
	return views
}
