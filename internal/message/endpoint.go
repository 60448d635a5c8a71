package message

import (
	"context"
	"strconv"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// EndpointStopped is what the owners are told of a webhook endpoint that was
// switched off because it took nothing any more.
type EndpointStopped struct {
	Endpoint string    // its address
	Gone     bool      // it said so itself, with the status 410
	Since    time.Time // nothing was taken since
	Kept     int64     // days in which what was missed can be sent again
	URL      string    // where the dashboard shows it
}

func (EndpointStopped) kind() Kind { return KindEndpointStopped }

func (f EndpointStopped) values(s renderContext) map[string]string {
	why := s.T("mail.endpoint_stopped.failing", "Since", s.at(f.Since))
	if f.Gone {
		why = s.T("mail.endpoint_stopped.gone")
	}
	return map[string]string{
		"endpoint": f.Endpoint, "why": why, "days": strconv.FormatInt(f.Kept, 10), "business_name": s.name(), "dashboard_url": f.URL,
	}
}

func (EndpointStopped) card(renderContext) *card { return nil }

// EndpointStopped queues the mail about an endpoint for every owner, once for
// each key.
func (m *Messages) EndpointStopped(ctx context.Context, tx *db.Tx, businessID business.ID, key string, data EndpointStopped) error {
	owners, err := ownersOf(ctx, tx, businessID)
	if err != nil {
		return err
	}
	for _, o := range owners {
		if err := m.Queue(ctx, tx, Mail{BusinessID: businessID, To: o.Email, ToName: o.Name, Language: o.Language, Key: key + "/" + o.ID, Data: data}); err != nil {
			return err
		}
	}
	return nil
}
