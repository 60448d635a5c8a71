package links

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/api/frame"
)

// ReadSendAt reads when something is to be sent; nil is now.
func ReadSendAt(b business.Business, text string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	at, err := calendar.ParseLocal(text, b.Location())
	if err != nil || !calendar.Sane(at) {
		var wrong fault.Fields
		wrong.Add("send_at", "send_at.form", "Write an instant like 2026-12-01T09:00:00+01:00, or a local time like 2026-12-01T09:00.")
		return nil, wrong.Err()
	}
	return &at, nil
}

// laterViewsOf are all messages of sends whose time has not come.
func laterViewsOf(later []delivery.Later) []DeliveryView {
	views := []DeliveryView{}
	for _, l := range later {
		for _, d := range l.Deliveries {
			views = append(views, DeliveryView{
				ID: d.ID, Channel: d.Channel, Status: delivery.Scheduled, At: l.At.UTC(), Kind: delivery.KindSend, CustomerID: frame.Pointer(string(l.CustomerID)),
			})
		}
	}
	return views
}

func (a Handlers) hasDelivery(ctx context.Context, b business.Business, id string) error {
	return a.Deliveries.HasDelivery(ctx, b.ID, id)
}

type oneDelivery struct{ Body DeliveryView }

func (a Handlers) getDelivery(ctx context.Context, b business.Business, in *frame.ByID) (*oneDelivery, error) {
	sent, later, err := a.Deliveries.Delivery(ctx, a.DB, b.ID, in.ID)
	if err != nil {
		return nil, err
	}
	var views []DeliveryView
	if later != nil {
		views = laterViewsOf([]delivery.Later{*later})
	} else if views = DeliveryViewsOf([]delivery.Send{*sent}); !frame.SeesCustomers(ctx) {
		hideNames(views)
	}
	if len(views) == 0 {
		return nil, fault.New(fault.NotFound, "There is no such delivery.")
	}
	return &oneDelivery{views[0]}, nil
}

func (a Handlers) takeBack(ctx context.Context, b business.Business, in *frame.ByID) (*frame.Nothing, error) {
	return nil, a.Deliveries.TakeBack(ctx, b, in.ID)
}
